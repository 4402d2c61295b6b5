import { CancelledError, createRandom, type JobContext, silentContext } from '../../domain/index.ts';
import { type Compute, CPU, type GpuCompute } from '../compute.ts';
import { onDevice } from '../device/index.ts';
import { fitCurve } from './curve.ts';
import { forceTables } from './forces.ts';
import type { FuzzyGraph } from './fuzzy.ts';
import { withoutHeldTies } from './held.ts';
import { openWalkCpu } from './walk.cpu.ts';
import { type DeviceWalk, openWalkGpu, workOf } from './walk.gpu.ts';
import { ratesOf, type Walk } from './walk.ts';
import { openWalkWasm } from './walk.wasm.ts';
import { type LayoutWatch, Looks } from './watch.ts';

export interface OptimiseOptions {
  /** Smallest distance of neighbours in the layout, in layout units. */
  readonly minDist: number;
  /** How far apart rows without a tie are drawn, in layout units; 1 if not given. */
  readonly spread?: number;
  readonly epochs: number;
  readonly seed: number;
  /** The first rows, that many, stay where they start, to the bit: they draw and push the others and are not moved. 0 if not given. */
  readonly held?: number;
}

/** A layout in the making, on one device or the other. Whoever makes it destroys it; one call of `step` or `run` at a time. */
export interface Umap {
  /**
   * rows x 2, after `epoch` epochs once a `step` or `run` has ended; on the CPU it changes while one is going on. Ask for it
   * anew after each, since it may then be another array, and copy it to keep it.
   */
  readonly positions: Float32Array;
  /** Epochs done, of `epochs`. Falls back to that of the last positions read where a device is lost. */
  readonly epoch: number;
  readonly epochs: number;
  /** Does that many epochs more, or as many as are left. The cut into steps does not change the outcome. */
  step(epochs: number): Promise<void>;
  /**
   * Does the epochs that are left, with a checkpoint every few milliseconds (on the device: after each submission, some 100 ms)
   * and progress told in epochs; `watch` is told of positions in between.
   */
  run(ctx: JobContext, watch?: LayoutWatch): Promise<void>;
  /** Frees what the layout holds on the device; may be called twice. Work under way ends as cancelled, and so does any later. */
  destroy(): void;
}

/** Ties in one piece: all of them drawn takes some 10 ms. */
const PIECE_TIES = 1 << 16;

/**
 * Stochastic gradient descent on UMAP's cross entropy (McInnes, Healy & Melville 2018, algorithm 5). A tie of weight w is
 * drawn in floor(epochs w / max w) epochs, evenly spread, as in umap-learn; each time it pulls its two rows together, and five
 * random rows push the first away. The learning rate falls from 1 to 0. It begins at a copy of `start` (rows x 2).
 *
 * On the CPU moves are made at once and in a fixed order on one thread: the same bits twice, by WASM or without. On the device
 * all rows move at once against where the others stood (walk.wgsl): the same bits twice there, other ones than on the CPU, a
 * layout as good. A device that fails is given up, and the CPU goes on from the last positions that were read.
 */
export function createUmap(graph: FuzzyGraph, start: Float32Array, options: OptimiseOptions, compute: Compute): Umap {
  const moving = withoutHeldTies(graph, options.held ?? 0);
  return new Descent(moving, start.slice(), options, moving.tails.length > 0 ? compute : CPU);
}

/** Called between two pieces of work. */
type Pause = () => Promise<void>;

class Descent implements Umap {
  #epoch = 0;
  #destroyed = false;
  #device: DeviceWalk | null = null;
  #walk: Walk | null = null;
  /** The next row to be walked on the CPU. */
  #row = 0;
  /** Multiply-adds of all epochs: whatever is asked at once, the whole layout is made on one device. */
  readonly #work: number;

  constructor(
    private readonly graph: FuzzyGraph,
    private current: Float32Array,
    private readonly options: OptimiseOptions,
    private compute: Compute,
  ) {
    this.#work = compute.device === 'webgpu' ? options.epochs * workOf(graph.weights) : 0;
  }

  get positions(): Float32Array {
    return this.current;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get epochs(): number {
    return this.options.epochs;
  }

  async step(count: number): Promise<void> {
    await this.#advance(Math.min(this.epochs, this.#epoch + count), silentContext, new Looks(undefined, this.epochs));
  }

  async run(ctx: JobContext, watch?: LayoutWatch): Promise<void> {
    await this.#advance(this.epochs, ctx, new Looks(watch, this.epochs));
  }

  destroy(): void {
    this.#destroyed = true;
    this.#device?.close();
    this.#device = null;
  }

  async #advance(target: number, ctx: JobContext, looks: Looks): Promise<void> {
    this.#assertOpen();
    // After a device was lost the epochs count from an earlier one again, and progress must not.
    let told = this.#epoch;
    const tell = (epoch: number): void => {
      if (epoch > told) ctx.progress(epoch, this.epochs);
      told = Math.max(told, epoch);
    };
    const pause = async (): Promise<void> => {
      await ctx.checkpoint();
      this.#assertOpen();
    };
    await onDevice(
      this.compute,
      (compute) => this.#onGpu(compute, target, looks, tell, pause),
      () => this.#onCpu(target, looks, tell, pause),
      this.#work,
    );
  }

  async #onCpu(target: number, looks: Looks, tell: (epoch: number) => void, pause: Pause): Promise<void> {
    this.compute = CPU;
    this.#device?.close();
    this.#device = null;
    this.#walk ??= this.#openWalk();
    while (this.#epoch < target) {
      const end = endOfPiece(this.graph, this.#row);
      this.#walk(this.#row, end, this.#epoch + 1, 1 - this.#epoch / this.epochs);
      this.#row = end === this.graph.rows ? 0 : end;
      if (this.#row === 0) {
        tell(++this.#epoch);
        if (looks.due(this.#epoch)) looks.tell(this.current, this.#epoch);
      }
      await pause();
    }
  }

  /** The faster descent that is to be had on the CPU; `current` becomes the positions that it works on. */
  #openWalk(): Walk {
    const { walk, positions } = openWalk(this.graph, this.current, this.options);
    this.current = positions;
    return walk;
  }

  async #onGpu(compute: GpuCompute, target: number, looks: Looks, tell: (epoch: number) => void, pause: Pause): Promise<void> {
    try {
      const device = await this.#open(compute);
      const between = async (): Promise<void> => {
        tell(device.epoch);
        if (device.epoch < target && looks.due(device.epoch)) looks.tell(await this.#read(device), this.#epoch);
        await pause();
      };
      await device.advance(target, { progress: () => {}, checkpoint: between });
      await this.#read(device);
      if (looks.due(this.#epoch)) looks.tell(this.current, this.#epoch);
    } catch (error) {
      // Freed buffers make the device complain of us, not the other way round.
      throw this.#destroyed ? new CancelledError() : error;
    }
  }

  async #open(compute: GpuCompute): Promise<DeviceWalk> {
    if (this.#device) return this.#device;
    const device = await openWalkGpu(compute, this.graph, this.current, this.options);
    if (this.#destroyed) device.close();
    this.#assertOpen();
    this.#device = device;
    return device;
  }

  async #read(device: DeviceWalk): Promise<Float32Array> {
    const positions = await device.read();
    this.current = positions;
    this.#epoch = device.epoch;
    return positions;
  }

  #assertOpen(): void {
    if (this.#destroyed) throw new CancelledError();
  }
}

/** The row after the last of a piece that begins at `row`; a row is never cut. */
function endOfPiece({ rows, offsets }: FuzzyGraph, row: number): number {
  const limit = (offsets[row] as number) + PIECE_TIES;
  let end = Math.min(rows, row + 1);
  while (end < rows && (offsets[end + 1] as number) <= limit) end++;
  return end;
}

function openWalk(graph: FuzzyGraph, start: Float32Array, { minDist, spread, seed, held = 0 }: OptimiseOptions) {
  const random = createRandom(seed);
  const word = (): number => random.int(0x100000000) | 0;
  const input = {
    ...{ positions: start, offsets: graph.offsets, tails: graph.tails, rates: ratesOf(graph.weights), held },
    ...forceTables(fitCurve(minDist, spread)),
    // Both words 0 would stay 0 for ever.
    state: [word() | 1, word()] as const,
  };
  return openWalkWasm(input) ?? { walk: openWalkCpu(input), positions: start };
}
