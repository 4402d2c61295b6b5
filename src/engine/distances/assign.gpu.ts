import type { JobContext, Matrix } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import {
  bindAll,
  budgetOf,
  type Chunk,
  chunksOf,
  type DeviceChunk,
  type DeviceRows,
  type GpuBudget,
  OwnedBuffers,
  openDeviceRows,
  Pacer,
  submitPass,
  unwritten,
} from '../device/index.ts';
import shader from './assign.wgsl?raw';
import { type SlabShape, slabShader, slabShape } from './slab.ts';
import type { Assignment } from './types.ts';

/** Never a label; the outputs are filled with it before each step, so that a slot that no invocation wrote shows. */
export const NO_LABEL = 0xffffffff;
const FIRST_PASS = 1;
const LAST_PASS = 2;
/** Centroids of one pass: their numbers pass through float32 in the kernel. */
const MOST_CENTROIDS = 2 ** 24;

/** What a dispatch of the kernel needs to be told, in its order. */
export interface AssignParams {
  readonly from: number;
  readonly to: number;
  /** Floats from row to row. */
  readonly stride: number;
  /** The centroids [pass.start, pass.end) of `all` are bound. */
  readonly pass: Chunk;
  readonly all: number;
}

export const assignParams = ({ from, to, stride, pass, all }: AssignParams): Uint32Array<ArrayBuffer> =>
  Uint32Array.of(
    from,
    to,
    stride / 4,
    pass.end - pass.start,
    pass.start,
    (pass.start === 0 ? FIRST_PASS : 0) | (pass.end === all ? LAST_PASS : 0),
  );

/** Bytes of the parameters. */
export const ASSIGN_PARAMS_BYTES = 24;

/**
 * The kernel for so many centroids at once. Bindings: parameters, rows, their |x|^2, centroids (with the rows' stride), their
 * |c|^2, labels, distances, and a word that stops it where it is not 0.
 */
export const assignPipeline = (gpu: GpuContext, { constants }: SlabShape): Promise<GPUComputePipeline> =>
  gpu.pipeline(slabShader + shader, 'assign', constants);

/** Rows that stay on the device while centroids come and go. Whoever opened it closes it. */
export interface GpuRows {
  assign(centroids: Matrix, ctx: JobContext): Promise<Assignment>;
  close(): void;
}

export async function openGpuRows(gpu: GpuContext, x: Matrix, ctx: JobContext, budget?: Partial<GpuBudget>): Promise<GpuRows> {
  const limits = budgetOf(gpu, budget);
  const rows = await openDeviceRows(gpu, x, limits, ctx);
  const run = new AssignRun(gpu, rows, limits);
  try {
    await run.allocate();
  } catch (error) {
    run.close();
    throw error;
  }
  return run;
}

interface ChunkOutput {
  readonly chunk: DeviceChunk;
  readonly labels: GPUBuffer;
  readonly distances: GPUBuffer;
}

/** Buffers beside the rows: 8 bytes a row, and 4 x (stride + 1) a centroid during a step. */
class AssignRun implements GpuRows {
  readonly #pacer: Pacer;
  readonly #buffers: OwnedBuffers;
  #out: readonly ChunkOutput[] = [];

  constructor(
    private readonly gpu: GpuContext,
    private readonly rows: DeviceRows,
    private readonly limits: GpuBudget,
  ) {
    this.#pacer = new Pacer(gpu, limits);
    this.#buffers = new OwnedBuffers(gpu);
  }

  async allocate(): Promise<void> {
    await this.gpu.guarded('allocate the assignment', () => {
      this.#out = this.rows.chunks.map((chunk) => {
        const bytes = (chunk.end - chunk.start) * 4;
        return { chunk, labels: this.#buffers.storage('labels', bytes), distances: this.#buffers.storage('distances', bytes) };
      });
    });
  }

  close(): void {
    this.#buffers.close();
    this.rows.close();
  }

  async assign(centroids: Matrix, ctx: JobContext): Promise<Assignment> {
    const out = { labels: new Int32Array(this.rows.rows), distances: new Float32Array(this.rows.rows) };
    await this.#prefill();
    const { stride } = this.rows;
    const bytes = Math.min(this.limits.bindingBytes, MOST_CENTROIDS * stride * 4);
    for (const pass of chunksOf(centroids.rows, stride, bytes)) await this.#pass(centroids, pass, ctx);
    for (const part of this.#out) await this.#collect(part, centroids.rows, out);
    return out;
  }

  #prefill(): Promise<void> {
    return this.gpu.guarded('clear the assignment', () => {
      for (const { chunk, labels } of this.#out) {
        this.gpu.device.queue.writeBuffer(labels, 0, new Uint32Array(chunk.end - chunk.start).fill(NO_LABEL));
      }
    });
  }

  /** All rows against the centroids [pass.start, pass.end). */
  async #pass(centroids: Matrix, pass: Chunk, ctx: JobContext): Promise<void> {
    const part = { ...centroids, data: centroids.data.subarray(pass.start * centroids.cols, pass.end * centroids.cols) };
    const shape = slabShape(pass.end - pass.start);
    const pipeline = await assignPipeline(this.gpu, shape);
    const { data, norms } = shifted({ ...part, rows: pass.end - pass.start }, this.rows.mean, this.rows.stride);
    const buffers = new OwnedBuffers(this.gpu);
    try {
      const own = await this.gpu.guarded('upload centroids', () => ({
        params: buffers.uniform('assign params', ASSIGN_PARAMS_BYTES),
        data: buffers.upload('centroids', data),
        norms: buffers.upload('centroid norms', norms),
        halt: buffers.storage('halt', 4),
      }));
      for (const { chunk, labels, distances } of this.#out) {
        const bind = bindAll(this.gpu, pipeline, [
          ...[own.params, chunk.data, chunk.norms, own.data, own.norms],
          ...[labels, distances, own.halt],
        ]);
        const fields = { stride: this.rows.stride, pass, all: centroids.rows };
        await this.#slices(chunk, shape.rows, fields.stride * (pass.end - pass.start), ctx, (from, to, groups) => {
          this.gpu.device.queue.writeBuffer(own.params, 0, assignParams({ from, to, ...fields }));
          submitPass(this.gpu, [{ pipeline, bind, groups: [groups] }]);
        });
      }
    } finally {
      buffers.close();
    }
  }

  #slices(
    chunk: Chunk,
    slab: number,
    work: number,
    ctx: JobContext,
    submit: (from: number, to: number, groups: number) => void,
  ): Promise<void> {
    const groups = (rows: number): number => Math.min(this.limits.dispatchGroups, Math.ceil(rows / slab));
    const guarded = (from: number, to: number) => this.gpu.guarded('assign', () => submit(from, to, groups(to - from)));
    return this.#pacer.run(`assign by ${slab}`, chunk.end - chunk.start, slab, () => work, ctx, guarded);
  }

  async #collect({ chunk, labels, distances }: ChunkOutput, centroids: number, out: Assignment): Promise<void> {
    const bytes = (chunk.end - chunk.start) * 4;
    const [found, squared] = await this.gpu.read([
      { buffer: labels, bytes },
      { buffer: distances, bytes },
    ]);
    const numbers = new Uint32Array(found as ArrayBuffer);
    if (numbers.some((label) => label >= centroids)) throw unwritten();
    out.labels.set(numbers, chunk.start);
    out.distances.set(new Float32Array(squared as ArrayBuffer), chunk.start);
  }
}

/** Rows less `mean`, `stride` floats apart, and |row|^2, summed in float64. */
export function shifted(x: Matrix, mean: Float64Array, stride: number) {
  const data = new Float32Array(x.rows * stride);
  const norms = new Float32Array(x.rows);
  for (let r = 0; r < x.rows; r++) {
    let sum = 0;
    for (let c = 0; c < x.cols; c++) {
      const value = Math.fround((x.data[r * x.cols + c] as number) - (mean[c] as number));
      data[r * stride + c] = value;
      sum += value * value;
    }
    norms[r] = sum;
  }
  return { data, norms };
}
