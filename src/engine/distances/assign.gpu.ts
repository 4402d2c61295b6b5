import { abilityError, type JobContext, type Matrix } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { budgetOf, type Chunk, chunksOf, type GpuBudget, slicesOf } from '../device/index.ts';
import shader from './assign.wgsl?raw';
import type { Assignment } from './types.ts';

/** Never a label; the outputs are filled with it before each step, so that a slot that no invocation wrote shows. */
const NO_LABEL = 0xffffffff;
const FIRST_PASS = 1;
const LAST_PASS = 2;
/** Rows a workgroup owns, as in the shader. */
const GROUP_ROWS = 64;

interface RowChunk extends Chunk {
  readonly x: GPUBuffer;
  readonly labels: GPUBuffer;
  readonly distances: GPUBuffer;
}

/** Rows that stay on the device while centroids come and go. Whoever opened it closes it. */
export interface GpuRows {
  assign(centroids: Matrix, ctx: JobContext): Promise<Assignment>;
  close(): void;
}

/**
 * Uploads the rows, in as many chunks as the binding limit asks for, shifted by their mean: distances stay the same, and
 * |x|^2 + |c|^2 - 2 x.c does not lose its digits where the rows lie far from the origin (times, prices).
 */
export async function openGpuRows(gpu: GpuContext, x: Matrix, ctx: JobContext, budget?: Partial<GpuBudget>): Promise<GpuRows> {
  const limits = budgetOf(gpu, budget);
  const pipeline = await gpu.pipeline(shader, 'assign');
  const mean = columnMeans(x);
  const chunks: RowChunk[] = [];
  const params = gpu.createUniform('assign params', 24);
  const close = (): void => {
    params.destroy();
    for (const chunk of chunks) destroyAll([chunk.x, chunk.labels, chunk.distances]);
  };
  try {
    for (const chunk of chunksOf(x.rows, x.cols, limits.bindingBytes)) {
      chunks.push(await uploadChunk(gpu, x, chunk, mean));
      await ctx.checkpoint();
    }
  } catch (error) {
    close();
    throw error;
  }
  const run = new AssignRun(gpu, pipeline, params, chunks, limits);
  return { assign: (centroids, runCtx) => run.assign(x, shifted(centroids, mean), runCtx), close };
}

class AssignRun {
  constructor(
    private readonly gpu: GpuContext,
    private readonly pipeline: GPUComputePipeline,
    private readonly params: GPUBuffer,
    private readonly chunks: readonly RowChunk[],
    private readonly limits: GpuBudget,
  ) {}

  async assign(x: Matrix, centroids: Matrix, ctx: JobContext): Promise<Assignment> {
    const out = { labels: new Int32Array(x.rows), distances: new Float32Array(x.rows) };
    await this.#prefill();
    const passes = chunksOf(centroids.rows, centroids.cols, this.limits.bindingBytes);
    for (const pass of passes) await this.#pass(centroids, pass, ctx);
    for (const chunk of this.chunks) await this.#collect(chunk, centroids.rows, out);
    return out;
  }

  #prefill(): Promise<void> {
    return this.gpu.guarded('clear the assignment', () => {
      for (const chunk of this.chunks) {
        this.gpu.device.queue.writeBuffer(chunk.labels, 0, new Uint32Array(chunk.end - chunk.start).fill(NO_LABEL));
      }
    });
  }

  /** All rows against the centroids [pass.start, pass.end). */
  async #pass(centroids: Matrix, pass: Chunk, ctx: JobContext): Promise<void> {
    const part = centroids.data.slice(pass.start * centroids.cols, pass.end * centroids.cols);
    const buffers = await this.gpu.guarded('upload centroids', () => [
      this.gpu.upload('centroids', part),
      this.gpu.upload('centroid norms', squaredNorms(part, centroids.cols)),
    ]);
    const flags = (pass.start === 0 ? FIRST_PASS : 0) | (pass.end === centroids.rows ? LAST_PASS : 0);
    const rowsAtOnce = Math.max(
      1,
      Math.floor(Math.min(this.limits.dispatchWork, 2 ** 30) / ((pass.end - pass.start) * Math.max(1, centroids.cols))),
    );
    try {
      for (const chunk of this.chunks) {
        const bind = this.#bind(chunk, buffers);
        const rows = chunk.end - chunk.start;
        for (const slice of slicesOf(rows, Math.min(rowsAtOnce, this.limits.dispatchGroups * GROUP_ROWS))) {
          const fields = [slice.start, slice.end, centroids.cols, pass.end - pass.start, pass.start, flags];
          await this.#dispatch(bind, fields, slice.end - slice.start);
          if (slice.end < rows) await this.gpu.finished();
          await ctx.checkpoint();
        }
      }
    } finally {
      destroyAll(buffers);
    }
  }

  #bind(chunk: RowChunk, centroidBuffers: readonly GPUBuffer[]): GPUBindGroup {
    const buffers = [this.params, chunk.x, ...centroidBuffers, chunk.labels, chunk.distances];
    return this.gpu.device.createBindGroup({
      layout: this.pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }

  #dispatch(bind: GPUBindGroup, fields: readonly number[], rows: number): Promise<void> {
    const { device } = this.gpu;
    return this.gpu.guarded('assign', () => {
      device.queue.writeBuffer(this.params, 0, Uint32Array.from(fields));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(this.pipeline);
      pass.setBindGroup(0, bind);
      pass.dispatchWorkgroups(Math.ceil(rows / GROUP_ROWS));
      pass.end();
      device.queue.submit([encoder.finish()]);
    });
  }

  async #collect(chunk: RowChunk, centroidCount: number, out: Assignment): Promise<void> {
    const bytes = (chunk.end - chunk.start) * 4;
    const [labels, distances] = await this.gpu.read([
      { buffer: chunk.labels, bytes },
      { buffer: chunk.distances, bytes },
    ]);
    const found = new Uint32Array(labels as ArrayBuffer);
    if (found.some((label) => label >= centroidCount)) throw unwritten();
    out.labels.set(found, chunk.start);
    out.distances.set(new Float32Array(distances as ArrayBuffer), chunk.start);
  }
}

async function uploadChunk(gpu: GpuContext, x: Matrix, chunk: Chunk, mean: Float64Array): Promise<RowChunk> {
  const rows = chunk.end - chunk.start;
  const part = { rows, cols: x.cols, data: x.data.subarray(chunk.start * x.cols, chunk.end * x.cols) };
  return await gpu.guarded('upload rows', () => ({
    ...chunk,
    x: gpu.upload('rows', shifted(part, mean).data),
    labels: gpu.createStorage('labels', rows * 4),
    distances: gpu.createStorage('distances', rows * 4),
  }));
}

function columnMeans(x: Matrix): Float64Array {
  const mean = new Float64Array(x.cols);
  for (let r = 0; r < x.rows; r++) {
    for (let c = 0; c < x.cols; c++) mean[c] = (mean[c] as number) + (x.data[r * x.cols + c] as number);
  }
  return mean.map((sum) => sum / Math.max(1, x.rows));
}

function shifted(x: Matrix, mean: Float64Array): Matrix & { readonly data: Float32Array<ArrayBuffer> } {
  const data = new Float32Array(x.data.length);
  for (let r = 0; r < x.rows; r++) {
    const at = r * x.cols;
    for (let c = 0; c < x.cols; c++) data[at + c] = (x.data[at + c] as number) - (mean[c] as number);
  }
  return { rows: x.rows, cols: x.cols, data };
}

function squaredNorms(data: Float32Array, cols: number): Float32Array<ArrayBuffer> {
  const norms = new Float32Array(cols === 0 ? 0 : data.length / cols);
  for (let r = 0; r < norms.length; r++) {
    let sum = 0;
    for (let c = 0; c < cols; c++) sum += (data[r * cols + c] as number) ** 2;
    norms[r] = sum;
  }
  return norms;
}

function destroyAll(buffers: readonly GPUBuffer[]): void {
  for (const buffer of buffers) buffer.destroy();
}

const unwritten = (): Error =>
  abilityError(
    'gpu-wrong',
    'The graphics device left results unwritten, or the numbers are beyond its range.',
    'The work goes on on the CPU.',
  );
