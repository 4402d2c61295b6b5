import { createRandom, deriveSeed, inputError, type JobContext, type Matrix, normaliseRows } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { requireFinite, requireSameCols } from '../check.ts';
import { type Compute, cpuOf } from '../compute.ts';
import { onDevice } from '../device/index.ts';
import { meanVariance } from '../wasm/index.ts';
import type { LloydOptions, LloydResult } from './lloyd.ts';
import { miniBatchKMeans } from './mini-batch.ts';
import { CpuRuns } from './runs.cpu.ts';
import { DeviceRuns } from './runs.gpu.ts';

export interface KMeansOptions {
  readonly k: number;
  readonly seed: number;
  /** Restarts; the lowest inertia wins, the earlier on ties. */
  readonly nInit: number;
  readonly maxIterations: number;
  /** Relative to the mean variance of the columns, as in scikit-learn (its default is 1e-4). */
  readonly tolerance: number;
  /** Centroids are scaled to unit length after each update: k-means by cosine, for unit rows. */
  readonly spherical: boolean;
  /** Start from these centroids (k x d) in one run, in place of k-means++ and restarts. */
  readonly start?: Matrix;
  /** By mini-batches of so many rows: for many rows, in a fraction of the time, to a slightly higher inertia. The tolerance is not used then. */
  readonly batchSize?: number;
}

export type KMeansResult = LloydResult;

/**
 * k-means: Lloyd's algorithm from k-means++ starts, Euclidean, on raw rows (n x d). Inertia is the sum of squared
 * distances to the own centroid. Labels are 0..k-1; a cluster can be empty where rows repeat.
 * On the CPU sums are float64 in a fixed order, in WASM where there is SIMD: from the same start the plain loops give the same
 * bits. On a device seeding and iterations run there in float32; if it fails, the CPU goes on from the last step that is known.
 * @throws AppError `input` if k is not in 1..n or a value is not finite.
 */
export async function kmeans(x: Matrix, options: KMeansOptions, compute: Compute, ctx: JobContext): Promise<KMeansResult> {
  await check(x, options, ctx);
  const { batchSize } = options;
  if (batchSize !== undefined) return await miniBatchKMeans(x, { ...options, batchSize }, compute, ctx);
  const runs = await Runs.open(x, options, compute, ctx);
  try {
    return await bestOfRuns(options, runs, ctx);
  } finally {
    runs.close();
  }
}

async function bestOfRuns(options: KMeansOptions, runs: Runs, ctx: JobContext): Promise<LloydResult> {
  const count = options.start ? 1 : Math.max(1, options.nInit);
  const total = count * options.maxIterations;
  let best: LloydResult | null = null;
  for (let run = 0; run < count; run++) {
    const start = options.start ?? (await runs.startOf(run, ctx));
    const done = run * options.maxIterations;
    const result = await runs.lloyd(start, ctx, (i) => ctx.progress(done + i, total));
    if (best === null || result.inertia < best.inertia) best = result;
  }
  ctx.progress(total, total);
  return best as LloydResult;
}

/** Runs where `compute` says, and on the CPU from the moment the device fails on. */
class Runs {
  #cpu: CpuRuns | null;
  readonly #device: DeviceRuns | null;

  private constructor(
    private readonly x: Matrix,
    private readonly options: KMeansOptions,
    private readonly lloydOptions: LloydOptions,
    private readonly compute: Compute,
    cpu: CpuRuns | null,
  ) {
    this.#cpu = cpu;
    this.#device = compute.device === 'webgpu' ? new DeviceRuns(compute, x, options.k, lloydOptions) : null;
  }

  static async open(x: Matrix, options: KMeansOptions, compute: Compute, ctx: JobContext): Promise<Runs> {
    const cpu = compute.device === 'cpu' ? await CpuRuns.open(x, options.k, compute, ctx) : null;
    try {
      const variance = cpu?.columnVariance ?? (await meanColumnVariance(x, ctx));
      return new Runs(x, options, { ...options, shiftTolerance: options.tolerance * variance }, compute, cpu);
    } catch (error) {
      cpu?.close();
      throw error;
    }
  }

  async startOf(run: number, ctx: JobContext): Promise<Matrix> {
    // A stream of its own for each attempt: what the device had drawn of it must not be missing.
    const random = () => createRandom(deriveSeed(this.options.seed, `k-means start ${run}`));
    const start = await this.#run(
      (device) => device.seed(random(), ctx),
      (cpu) => cpu.seed(random, ctx),
      ctx,
    );
    return this.options.spherical ? normaliseRows(start) : start;
  }

  lloyd(start: Matrix, ctx: JobContext, onIteration: (iteration: number) => void): Promise<LloydResult> {
    return this.#run(
      (device) => device.lloyd(start, ctx, onIteration),
      (cpu, device) => this.#goOn(cpu, start, device, ctx, onIteration),
      ctx,
    );
  }

  close(): void {
    this.#device?.close();
    this.#cpu?.close();
  }

  async #run<T>(
    onGpu: (device: DeviceRuns) => Promise<T>,
    onCpu: (cpu: CpuRuns, failed: DeviceRuns | null) => Promise<T>,
    ctx: JobContext,
  ): Promise<T> {
    const device = this.#device;
    if (this.#cpu || !device) return await onCpu(this.#cpu as CpuRuns, null);
    return await onDevice(
      this.compute,
      () => onGpu(device),
      async () => {
        device.close();
        this.#cpu = await CpuRuns.open(this.x, this.options.k, cpuOf(this.compute), ctx);
        return onCpu(this.#cpu, device);
      },
      workOf(this.x, this.options),
    );
  }

  /** From the last step that came back from a device that failed in this run, else from the start. */
  async #goOn(
    cpu: CpuRuns,
    start: Matrix,
    failed: DeviceRuns | null,
    ctx: JobContext,
    onIteration: (iteration: number) => void,
  ): Promise<LloydResult> {
    const { centroids, iterations, converged } = failed?.known ?? { centroids: start, iterations: 0, converged: false };
    const left = { ...this.lloydOptions, maxIterations: this.lloydOptions.maxIterations - iterations };
    const result = await cpu.lloyd(centroids, left, ctx, (i) => onIteration(iterations + i));
    return { ...result, iterations: iterations + result.iterations, converged: converged || result.converged };
  }
}

/**
 * Multiply-adds of a run that takes 20 iterations or as many as it may: one number for all steps of a run, so that none of them sends the
 * rows to the other side.
 */
const workOf = (x: Matrix, { k, maxIterations }: KMeansOptions): number => x.rows * x.cols * k * Math.min(20, maxIterations);

async function check(x: Matrix, { k, start }: KMeansOptions, ctx: JobContext): Promise<void> {
  if (!Number.isInteger(k) || k < 1 || k > x.rows) {
    throw inputError(
      'k-out-of-range',
      `${k} segments were asked for, but there are ${x.rows} profiles to divide.`,
      x.rows === 0 ? 'Use a longer window or a lower minimum of events.' : `Choose between 1 and ${x.rows} segments.`,
    );
  }
  await requireFinite(x, 'profiles', ctx);
  if (start) requireSameCols(x, start);
}

/** Mean over the columns of their (population) variance; two passes in float64, rows ascending. */
async function meanColumnVariance(x: Matrix, ctx: JobContext): Promise<number> {
  const mean = new Float64Array(x.cols);
  const squares = new Float64Array(x.cols);
  await forBlocks(x.rows, x.cols, ctx, (start, end) => {
    for (let at = start * x.cols; at < end * x.cols; at += x.cols) {
      for (let c = 0; c < x.cols; c++) mean[c] = (mean[c] as number) + (x.data[at + c] as number);
    }
  });
  for (let c = 0; c < x.cols; c++) mean[c] = (mean[c] as number) / x.rows;
  await forBlocks(x.rows, x.cols, ctx, (start, end) => {
    for (let at = start * x.cols; at < end * x.cols; at += x.cols) {
      for (let c = 0; c < x.cols; c++) {
        const difference = (x.data[at + c] as number) - (mean[c] as number);
        squares[c] = (squares[c] as number) + difference * difference;
      }
    }
  });
  return meanVariance(squares, x.rows);
}
