import { createMatrix, type JobContext, type Matrix } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { forBlocks } from '../blocks.ts';
import { type DeviceRows, type GpuBudget, Pacer, unwritten } from '../device/index.ts';
import { shifted } from '../distances/index.ts';
import { forgetLabels, type Iteration, openIteration } from './iteration.gpu.ts';
import { type LloydOptions, type LloydResult, squaredShift } from './lloyd.ts';
import { type Step, StepRunner } from './steps.gpu.ts';
import { ClusterSums, distancesToOwn, type UpdateSteps, updateCentroids } from './update.ts';

/** Why a run is over, as in the shader; 0 while it is not. */
const SAME_LABELS = 1;
const SMALL_SHIFT = 2;
const NO_MORE_ITERATIONS = 3;
const EMPTY_CLUSTER = 4;
const STATE_BYTES = 16;
/** Centroids up to this size come along with the state, so that a lost device costs the steps since the last look only. */
const FREE_CENTROIDS_BYTES = 2 ** 18;

/** The last full step that came back from the device. */
export interface KnownStep {
  readonly centroids: Matrix;
  readonly iterations: number;
  readonly converged: boolean;
}

interface State {
  readonly why: number;
  readonly iterations: number;
  readonly changed: number;
}

/** What is on its way back. */
interface Look {
  /** Whole steps that the time until then tells of; 0 after a step that was cut. */
  readonly steps: number;
  readonly submitted: number;
  readonly bytes: Promise<ArrayBuffer[]>;
}

/**
 * Lloyd's algorithm on the device, from one start after another: many iterations a submission, the next submission under way while
 * the state of the last is read. The device itself stops at the first iteration that meets the rule, so that the outcome does
 * not depend on how many were submitted. Whoever opened it closes it; the rows are not its own.
 */
export class DeviceLloyd {
  /** Where the CPU goes on if the device is lost. */
  known: KnownStep | null = null;
  readonly #runner: StepRunner;
  #told = 0;
  #lastLook = 0;

  private constructor(
    private readonly gpu: GpuContext,
    private readonly x: Matrix,
    private readonly rows: DeviceRows,
    private readonly options: LloydOptions,
    private readonly iteration: Iteration,
    private readonly k: number,
    limits: GpuBudget,
  ) {
    this.#runner = new StepRunner(gpu, new Pacer(gpu, limits), limits);
  }

  static async open(gpu: GpuContext, x: Matrix, rows: DeviceRows, k: number, options: LloydOptions, limits: GpuBudget) {
    return new DeviceLloyd(gpu, x, rows, options, await openIteration(gpu, rows, k, options, limits), k, limits);
  }

  close = (): void => this.iteration.close();

  async run(start: Matrix, ctx: JobContext, onIteration: (iteration: number) => void): Promise<LloydResult> {
    this.known = { centroids: start, iterations: 0, converged: false };
    this.#told = 0;
    const why = this.options.maxIterations > 0 ? 0 : NO_MORE_ITERATIONS;
    await this.gpu.guarded('start k-means', () => {
      forgetLabels(this.gpu, this.iteration.chunks);
      this.#write(start, { why, iterations: 0, changed: 0 });
    });
    const state = why === 0 ? await this.#iterate(ctx, onIteration) : { why, iterations: 0, changed: 0 };
    if (state.why !== SAME_LABELS) await this.#runOnce(this.iteration.assign, ctx);
    return await this.#collect(state, ctx);
  }

  async #iterate(ctx: JobContext, onIteration: (iteration: number) => void): Promise<State> {
    for (;;) {
      const state = await this.#untilOver(ctx, onIteration);
      if (state.why !== EMPTY_CLUSTER) return state;
      const after = await this.#relocate(state, ctx);
      this.#tell(after.iterations, onIteration);
      if (after.why !== 0) return after;
    }
  }

  /** Submits until the device says why it stopped. Nothing is under way when it returns, or throws. */
  async #untilOver(ctx: JobContext, onIteration: (iteration: number) => void): Promise<State> {
    const looks: Look[] = [];
    const { step } = this.iteration;
    let left = this.options.maxIterations - this.#told;
    try {
      for (;;) {
        const whole = this.#runner.atOnce(step);
        if (left > 0 && whole > 0 && looks.length < 2) {
          const count = Math.min(left, whole);
          await this.#runner.submit(step, count);
          looks.push(this.#look(count));
          left -= count;
          continue;
        }
        if (left > 0 && looks.length === 0) {
          await this.#runner.runCut(step, ctx);
          looks.push(this.#look(0));
          left -= 1;
        }
        const state = await this.#see(looks.shift() as Look, onIteration);
        if (state.why !== 0) return state;
        await ctx.checkpoint();
      }
    } finally {
      await Promise.allSettled(looks.map(({ bytes }) => bytes));
    }
  }

  /** Asks for the state after all that was submitted; it comes while later steps run. */
  #look(steps: number): Look {
    const { state, centroids } = this.iteration;
    const size = this.#centroidBytes();
    const parts = [{ buffer: state, bytes: STATE_BYTES }];
    if (size <= FREE_CENTROIDS_BYTES) parts.push({ buffer: centroids, bytes: size });
    const bytes = this.gpu.read(parts);
    bytes.catch(() => {});
    return { steps, submitted: performance.now(), bytes };
  }

  async #see({ steps, submitted, bytes }: Look, onIteration: (iteration: number) => void): Promise<State> {
    const [words, data] = await bytes;
    const [why, iterations, changed] = new Uint32Array(words as ArrayBuffer) as unknown as [number, number, number];
    const now = performance.now();
    // Steps after the last one did nothing: they would make the device look fast.
    if (why === 0 && steps > 0) {
      this.#runner.tell(this.iteration.step, steps, now - Math.max(submitted, this.#lastLook));
    }
    this.#lastLook = now;
    const converged = why === SAME_LABELS || why === SMALL_SHIFT;
    if (data) this.known = { centroids: this.#placed(data), iterations, converged };
    this.#tell(iterations, onIteration);
    return { why, iterations, changed };
  }

  #tell(iterations: number, onIteration: (iteration: number) => void): void {
    while (this.#told < iterations) onIteration(++this.#told);
  }

  /** The iteration that left a cluster without rows is ended on the CPU: which rows are farthest is rarely asked. */
  async #relocate({ iterations, changed }: State, ctx: JobContext): Promise<State> {
    const { labels, centroids: old } = await this.#read();
    const next = await updateCentroids(this.x, labels, old, this.options.spherical, givenLabels(this.x, labels, this.k), ctx);
    const state = { why: this.#whyOver(squaredShift(old, next), changed, iterations + 1), iterations: iterations + 1, changed };
    await this.gpu.guarded('relocate clusters', () => this.#write(next, state));
    this.known = { centroids: next, iterations: state.iterations, converged: [SAME_LABELS, SMALL_SHIFT].includes(state.why) };
    return state;
  }

  #whyOver(shift: number, changed: number, iterations: number): number {
    if (changed === 0) return SAME_LABELS;
    if (shift <= this.options.shiftTolerance) return SMALL_SHIFT;
    return iterations >= this.options.maxIterations ? NO_MORE_ITERATIONS : 0;
  }

  #write(centroids: Matrix, { why, iterations, changed }: State): void {
    const { queue } = this.gpu.device;
    const { data, norms } = shifted(centroids, this.rows.mean, this.rows.stride);
    queue.writeBuffer(this.iteration.centroids, 0, data);
    queue.writeBuffer(this.iteration.norms, 0, norms);
    queue.writeBuffer(this.iteration.state, 0, Uint32Array.of(why, iterations, changed, 0));
    queue.writeBuffer(this.iteration.counters, 0, new Uint32Array(2));
  }

  async #runOnce(step: Step, ctx: JobContext): Promise<void> {
    if (this.#runner.atOnce(step) === 0) return await this.#runner.runCut(step, ctx);
    await this.#runner.submit(step, 1);
    await ctx.checkpoint();
  }

  async #collect(state: State, ctx: JobContext): Promise<LloydResult> {
    const { chunks } = this.iteration;
    await this.gpu.guarded('clear the inertia', () => {
      for (const { inertia, inertiaBlocks } of chunks) {
        this.gpu.device.queue.writeBuffer(inertia, 0, new Float32Array(inertiaBlocks).fill(Number.NaN));
      }
    });
    await this.#runOnce(this.iteration.measure, ctx);
    const { labels, centroids } = await this.#read();
    const parts = await this.gpu.read(
      chunks.map(({ inertia, inertiaBlocks }) => ({ buffer: inertia, bytes: inertiaBlocks * 4 })),
    );
    let inertia = 0;
    for (const part of parts) for (const sum of new Float32Array(part)) inertia += sum;
    if (!Number.isFinite(inertia)) throw unwritten();
    const converged = state.why === SAME_LABELS || state.why === SMALL_SHIFT;
    return { labels, centroids, inertia, iterations: state.iterations, converged };
  }

  async #read(): Promise<{ labels: Int32Array; centroids: Matrix }> {
    const { chunks, centroids } = this.iteration;
    const parts = chunks.map(({ labels, rows }) => ({ buffer: labels, bytes: rows * 4 }));
    const [data, ...found] = await this.gpu.read([{ buffer: centroids, bytes: this.#centroidBytes() }, ...parts]);
    const labels = new Int32Array(this.rows.rows);
    for (const [i, { start }] of chunks.entries()) {
      const numbers = new Uint32Array(found[i] as ArrayBuffer);
      if (numbers.some((label) => label >= this.k)) throw unwritten();
      labels.set(numbers, start);
    }
    return { labels, centroids: this.#placed(data as ArrayBuffer) };
  }

  #centroidBytes = (): number => this.k * this.rows.stride * 4;

  /** Centroids as they were read, with the mean added again. */
  #placed(bytes: ArrayBuffer): Matrix {
    const { stride, cols, mean } = this.rows;
    const read = new Float32Array(bytes);
    const out = createMatrix(this.k, cols);
    for (let c = 0; c < this.k; c++) {
      for (let i = 0; i < cols; i++) out.data[c * cols + i] = (read[c * stride + i] as number) + (mean[i] as number);
    }
    return out;
  }
}

/** The passes of an update for labels that are known, in plain loops. */
const givenLabels = (x: Matrix, labels: Int32Array, k: number): UpdateSteps => ({
  clusterSums: async (ctx) => {
    const sums = new ClusterSums(k, x.cols);
    await forBlocks(x.rows, x.cols, ctx, (start, end) => {
      for (let r = start; r < end; r++) sums.add(x, r, labels[r] as number, 1);
    });
    return sums;
  },
  ownSquared: (centroids, ctx) => distancesToOwn(x, labels, centroids, ctx),
});
