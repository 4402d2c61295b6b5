import { abilityError, type JobContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import type { GpuCompute } from '../compute.ts';
import { budgetOf, destroyAll, type GpuBudget, Pacer, unwritten } from '../device/index.ts';
import { type Curve, fitCurve } from './curve.ts';
import type { FuzzyGraph } from './fuzzy.ts';
import type { OptimiseOptions } from './optimise.ts';
import { NEGATIVE_RATE, RATE_MASK, ratesOf } from './walk.ts';
import shader from './walk.wgsl?raw';

/** A descent on the device. Whoever opened it closes it. */
export interface DeviceWalk {
  /** Epochs done wholly. */
  readonly epoch: number;
  /** Goes on to the end of `epoch`; `ctx` may stop it between dispatches, and it can go on after that. */
  advance(epoch: number, ctx: JobContext): Promise<void>;
  /** Positions (rows x 2) after the last whole epoch. */
  read(): Promise<Float32Array>;
  /** Frees the buffers; may be called twice. */
  close(): void;
}

/** Rows a workgroup owns, as in the shader. */
const GROUP_ROWS = 64;
/** Dispatches of one submission. Each has a slot of its own in the uniform buffer, at the alignment that every device has. */
const SLOTS = 64;
const SLOT_BYTES = 256;
const PARAM_BYTES = 32;
/** Work in multiply-adds, for the pace: a look whether a tie is due, and a pull or push with its power and random read. */
const LOOK_WORK = 4;
const MOVE_WORK = 40;

/** Some workgroups of an epoch (counted from 0). */
interface Slice {
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Puts the graph and the start on the device: 8 bytes a tie and 20 a row.
 * @throws AppError `ability` where one of the arrays is larger than a binding may be
 */
export async function openWalkGpu(
  { gpu, budget }: GpuCompute,
  graph: FuzzyGraph,
  start: Float32Array,
  options: OptimiseOptions,
): Promise<DeviceWalk> {
  const limits = budgetOf(gpu, budget);
  refuseTooLarge(graph, limits.bindingBytes);
  const pipeline = await gpu.pipeline(shader, 'walk');
  const rates = ratesOf(graph.weights);
  const buffers: GPUBuffer[] = [];
  const put = (label: string, data: Float32Array | Uint32Array | Int32Array): void => {
    const buffer = gpu.createStorage(label, data.byteLength);
    buffers.push(buffer);
    gpu.device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>);
  };
  try {
    await gpu.guarded('upload the graph', () => {
      buffers.push(gpu.createUniform('walk params', SLOTS * SLOT_BYTES));
      put('tie offsets', graph.offsets);
      put('tie tails', graph.tails);
      put('tie rates', rates);
      put('positions', start);
      // No position is NaN: a row that no invocation wrote shows, and so do those that read it. Held rows are written by none.
      put('positions', start.slice().fill(Number.NaN, 2 * (options.held ?? 0)));
    });
  } catch (error) {
    destroyAll(buffers);
    throw error;
  }
  return new GpuWalk(gpu, pipeline, buffers, graph.rows, workOf(graph.weights), options, limits);
}

function refuseTooLarge({ rows, tails }: FuzzyGraph, bindingBytes: number): void {
  const bytes = Math.max(8 * rows, 4 * (rows + 1), 4 * tails.length);
  if (bytes <= bindingBytes) return;
  const size = (count: number): string => `${(count / 2 ** 20).toFixed(1)} MiB`;
  throw abilityError(
    'gpu-memory',
    `The graph of ${rows.toLocaleString('en')} rows has an array of ${size(bytes)}, and this graphics device takes ${size(bindingBytes)} at once.`,
    'The layout is made on the CPU. Fewer rows or fewer neighbours fit.',
  );
}

/** Multiply-adds of one epoch, by the weights of the ties. */
export function workOf(weights: Float32Array): number {
  const rates = ratesOf(weights);
  const drawn = rates.reduce((sum, rate) => sum + rate, 0) / (RATE_MASK + 1);
  return LOOK_WORK * rates.length + MOVE_WORK * (1 + NEGATIVE_RATE) * drawn;
}

class GpuWalk implements DeviceWalk {
  /** Workgroups of one epoch, and how many were submitted since the start. */
  readonly #groups: number;
  #submitted = 0;
  readonly #params = new DataView(new ArrayBuffer(SLOTS * SLOT_BYTES));
  readonly #binds: GPUBindGroup[] = [];
  readonly #curve: Curve;
  readonly #pacer: Pacer;

  constructor(
    private readonly gpu: GpuContext,
    private readonly pipeline: GPUComputePipeline,
    private readonly buffers: readonly GPUBuffer[],
    private readonly rows: number,
    private readonly epochWork: number,
    private readonly options: OptimiseOptions,
    private readonly limits: GpuBudget,
  ) {
    this.#groups = Math.max(1, Math.ceil((rows - this.#held) / GROUP_ROWS));
    this.#curve = fitCurve(options.minDist, options.spread);
    this.#pacer = new Pacer(gpu, limits);
  }

  get #held(): number {
    return this.options.held ?? 0;
  }

  get epoch(): number {
    return Math.floor(this.#submitted / this.#groups);
  }

  async advance(epoch: number, ctx: JobContext): Promise<void> {
    const first = this.#submitted;
    const each = this.epochWork / this.#groups;
    const submit = (from: number, to: number): Promise<void> => this.#submit(first + from, first + to);
    await this.#pacer.run('umap', epoch * this.#groups - first, 1, () => each, ctx, submit);
  }

  async read(): Promise<Float32Array> {
    const { epoch } = this;
    const bytes = 8 * this.rows;
    const parts = [this.#positions(epoch), this.#positions(epoch + 1)].map((buffer) => ({ buffer, bytes }));
    const [found, other] = (await this.gpu.read(parts)).map((part) => new Float32Array(part));
    // Before the first epoch the other buffer is unwritten and should be.
    const sound = [found, epoch > 0 ? other : found].every((values) => values?.every(Number.isFinite));
    if (!sound) throw unwritten();
    return found as Float32Array;
  }

  close(): void {
    destroyAll(this.buffers);
  }

  /** The positions after a number of epochs: an even one is in the first of the two buffers. */
  #positions(epoch: number): GPUBuffer {
    return this.buffers[4 + (epoch % 2)] as GPUBuffer;
  }

  async #submit(from: number, to: number): Promise<void> {
    for (let at = from; at < to; ) {
      const slices: Slice[] = [];
      while (at < to && slices.length < SLOTS) {
        const [epoch, group] = [Math.floor(at / this.#groups), at % this.#groups];
        const count = Math.min(this.#groups - group, to - at, this.limits.dispatchGroups);
        slices.push({ epoch, from: group, to: group + count });
        at += count;
      }
      await this.gpu.guarded('umap', () => this.#dispatch(slices));
      this.#submitted = at;
    }
  }

  #dispatch(slices: readonly Slice[]): void {
    for (const [slot, slice] of slices.entries()) this.#write(slot, slice);
    const { queue } = this.gpu.device;
    queue.writeBuffer(this.buffers[0] as GPUBuffer, 0, this.#params.buffer, 0, slices.length * SLOT_BYTES);
    const encoder = this.gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.pipeline);
    for (const [slot, { epoch, from, to }] of slices.entries()) {
      pass.setBindGroup(0, this.#bind(slot, epoch));
      pass.dispatchWorkgroups(to - from);
    }
    pass.end();
    queue.submit([encoder.finish()]);
  }

  #write(slot: number, { epoch, from, to }: Slice): void {
    const { epochs, seed } = this.options;
    const rowAt = (group: number): number => Math.min(this.rows, this.#held + group * GROUP_ROWS);
    const whole = [rowAt(from), rowAt(to), this.rows, epoch + 1, seed];
    const real = [1 - epoch / epochs, this.#curve.a, this.#curve.b];
    for (const [i, value] of whole.entries()) this.#params.setUint32(slot * SLOT_BYTES + 4 * i, value, true);
    for (const [i, value] of real.entries()) this.#params.setFloat32(slot * SLOT_BYTES + 20 + 4 * i, value, true);
  }

  /** Bind groups are kept: one for each slot and direction. */
  #bind(slot: number, epoch: number): GPUBindGroup {
    const at = 2 * slot + (epoch % 2);
    this.#binds[at] ??= this.#makeBind(slot, epoch);
    return this.#binds[at] as GPUBindGroup;
  }

  #makeBind(slot: number, epoch: number): GPUBindGroup {
    const [params, offsets, tails, rates] = this.buffers as [GPUBuffer, GPUBuffer, GPUBuffer, GPUBuffer];
    const storage = [offsets, tails, rates, this.#positions(epoch), this.#positions(epoch + 1)];
    return this.gpu.device.createBindGroup({
      layout: this.pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: params, offset: slot * SLOT_BYTES, size: PARAM_BYTES } },
        ...storage.map((buffer, i) => ({ binding: 1 + i, resource: { buffer } })),
      ],
    });
  }
}
