import {
  createMatrix,
  createRandom,
  deriveSeed,
  type JobContext,
  type Matrix,
  normaliseRows,
  portion,
  type Random,
  rowOf,
  shuffle,
  takeRows,
  untold,
} from '../../domain/index.ts';
import { type Compute, CPU } from '../compute.ts';
import { Assigner } from '../distances/index.ts';
import type { LloydResult } from './lloyd.ts';
import { CpuRuns } from './runs.cpu.ts';
import { distancesToOwn } from './update.ts';

export interface MiniBatchOptions {
  readonly k: number;
  readonly seed: number;
  /** Runs that are compared on a sample. */
  readonly nInit: number;
  /** Passes over as many rows as there are, at most. */
  readonly maxIterations: number;
  readonly spherical: boolean;
  /** Rows a batch, drawn with replacement. Fewer cost less and leave the centroids less exact. */
  readonly batchSize: number;
  readonly start?: Matrix;
}

/** As in scikit-learn: a centre with fewer than this share of the rows of the largest is taken for lost, and moved to a row of the batch. */
const LOST_SHARE = 0.01;
/** At most this share of a batch become new centres at once. */
const MOST_MOVED = 0.5;
/** Batches without an improvement of the smoothed inertia after which it ends. */
const PATIENCE = 10;
/** Rows that a start is made from, in batches. */
const START_BATCHES = 3;

/**
 * k-means by mini-batches (Sculley 2010): each batch moves its centres to the mean of all rows that they were ever given, so that the rate of
 * each falls with its own count. Starts, lost centres and the rule that stops are those of scikit-learn's MiniBatchKMeans: greedy k-means++
 * on three batches of rows; every few batches the centres of few rows move to random rows of the batch; a run ends where the exponentially
 * weighted mean of the batches' inertia (weight 2 x batch / (n + 1)) has not improved for ten batches. Of `nInit` runs that with the lowest
 * inertia on one sample wins: scikit-learn compares the starts alone, and one run of the best then ended up to 3 % above full k-means.
 * `spherical` scales the means to unit length. Labels and inertia are those of a last assignment of all rows; `iterations` counts batches.
 */
export async function miniBatchKMeans(
  x: Matrix,
  options: MiniBatchOptions,
  compute: Compute,
  ctx: JobContext,
): Promise<LloydResult> {
  const { centroids, iterations, converged } = await bestOfRuns(x, options, compute, portion(ctx, 0, 0.9));
  const quiet = untold(ctx);
  const { labels } = await assignTo(x, centroids, compute, quiet);
  const inertia = (await distancesToOwn(x, labels, centroids, quiet)).reduce((sum, distance) => sum + distance, 0);
  ctx.progress(1, 1);
  return { labels, centroids, inertia, iterations, converged };
}

interface BatchRun {
  readonly centroids: Matrix;
  readonly iterations: number;
  readonly converged: boolean;
}

async function bestOfRuns(x: Matrix, options: MiniBatchOptions, compute: Compute, ctx: JobContext): Promise<BatchRun> {
  const random = createRandom(deriveSeed(options.seed, 'mini-batches'));
  const { k, start, batchSize, spherical } = options;
  if (start) return await runBatches(x, new Centres(start, spherical), options, compute, random, ctx);
  const runs = Math.max(1, options.nInit);
  const size = Math.min(x.rows, START_BATCHES * Math.max(batchSize, k));
  const sample = (): Matrix => (size < x.rows ? takeRows(x, draw(x.rows, size, random)) : x);
  const valid = sample();
  let best: (BatchRun & { readonly inertia: number }) | null = null;
  for (let i = 0; i < runs; i++) {
    const from = await seeded(sample(), k, random, untold(ctx));
    const centres = new Centres(spherical ? normaliseRows(from) : from, spherical);
    const run = await runBatches(x, centres, options, compute, random, portion(ctx, i / runs, (i + 1) / runs));
    const { inertia } = await assignTo(valid, run.centroids, compute, untold(ctx));
    if (best === null || inertia < best.inertia) best = { ...run, inertia };
  }
  return best as BatchRun;
}

async function runBatches(
  x: Matrix,
  centres: Centres,
  { k, batchSize, maxIterations }: MiniBatchOptions,
  compute: Compute,
  random: Random,
  ctx: JobContext,
): Promise<BatchRun> {
  const size = Math.min(batchSize, x.rows);
  const most = Math.max(1, Math.floor((maxIterations * x.rows) / size));
  const stop = new Patience((2 * size) / (x.rows + 1));
  let sinceMoved = 0;
  for (let step = 1; step <= most; step++) {
    const batch = takeRows(x, draw(x.rows, size, random));
    const { labels, inertia } = await assignTo(batch, centres.centroids, compute, untold(ctx));
    centres.add(batch, labels);
    sinceMoved += size;
    if (sinceMoved >= 10 * k || centres.anyEmpty) {
      centres.moveLost(batch, random);
      sinceMoved = 0;
    }
    ctx.progress(step, most);
    await ctx.checkpoint();
    // The first inertia is that of the start.
    if (step > 1 && stop.after(inertia / size)) return { centroids: centres.centroids, iterations: step, converged: true };
  }
  return { centroids: centres.centroids, iterations: most, converged: false };
}

/** Sums and counts of all rows that each centre was ever given. */
export class Centres {
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;
  #centroids: Matrix;

  constructor(
    start: Matrix,
    private readonly spherical: boolean,
  ) {
    this.#centroids = { ...start, data: start.data.slice() };
    this.#sums = new Float64Array(start.data.length);
    this.#counts = new Float64Array(start.rows);
  }

  /** k x d; another matrix after each change. */
  get centroids(): Matrix {
    return this.#centroids;
  }

  get counts(): Float64Array {
    return this.#counts;
  }

  get anyEmpty(): boolean {
    return this.#counts.includes(0);
  }

  add(batch: Matrix, labels: Int32Array): void {
    const { cols } = batch;
    for (const [r, c] of labels.entries()) {
      this.#counts[c] = (this.#counts[c] as number) + 1;
      for (let i = 0; i < cols; i++)
        this.#sums[c * cols + i] = (this.#sums[c * cols + i] as number) + (batch.data[r * cols + i] as number);
    }
    this.#update();
  }

  /**
   * Centres of few rows to random rows of the batch, all different; they take the smallest count of the others, so that they are not
   * lost at once again.
   */
  moveLost(batch: Matrix, random: Random): void {
    const largest = this.#counts.reduce((a, b) => Math.max(a, b), 0);
    const lost = [...this.#counts.keys()]
      .filter((c) => (this.#counts[c] as number) < LOST_SHARE * largest)
      .sort((a, b) => (this.#counts[a] as number) - (this.#counts[b] as number) || a - b)
      .slice(0, Math.floor(MOST_MOVED * batch.rows));
    if (lost.length === 0) return;
    const gone = new Set(lost);
    const least = this.#counts.reduce((min, count, c) => (gone.has(c) ? min : Math.min(min, count)), Number.POSITIVE_INFINITY);
    const rows = shuffle(
      Uint32Array.from({ length: batch.rows }, (_, i) => i),
      random,
    );
    for (const [i, c] of lost.entries()) {
      const row = rowOf(batch, rows[i] as number);
      this.#counts[c] = least;
      this.#sums.set(
        Float64Array.from(row, (v) => v * least),
        c * batch.cols,
      );
      // Of count 0 it is no mean of anything yet.
      if (least === 0) this.#centroids.data.set(row, c * batch.cols);
    }
    this.#update();
  }

  #update(): void {
    const { rows, cols, data } = this.#centroids;
    const means = createMatrix(rows, cols);
    for (let c = 0; c < rows; c++) {
      const count = this.#counts[c] as number;
      for (let i = c * cols; i < (c + 1) * cols; i++)
        means.data[i] = count > 0 ? (this.#sums[i] as number) / count : (data[i] as number);
    }
    this.#centroids = this.spherical ? normaliseRows(means) : means;
  }
}

/** Tells when the smoothed inertia has stopped to fall. */
class Patience {
  #smoothed = Number.NaN;
  #best = Number.POSITIVE_INFINITY;
  #without = 0;
  readonly #weight: number;

  constructor(weight: number) {
    this.#weight = Math.min(1, weight);
  }

  after(inertia: number): boolean {
    this.#smoothed = Number.isNaN(this.#smoothed) ? inertia : this.#smoothed * (1 - this.#weight) + inertia * this.#weight;
    this.#without = this.#smoothed < this.#best ? 0 : this.#without + 1;
    this.#best = Math.min(this.#best, this.#smoothed);
    return this.#without >= PATIENCE;
  }
}

async function seeded(sample: Matrix, k: number, random: Random, ctx: JobContext): Promise<Matrix> {
  const seed = random.int(2 ** 32);
  const runs = await CpuRuns.open(sample, k, CPU, ctx);
  try {
    return await runs.seed(() => createRandom(seed), ctx);
  } finally {
    runs.close();
  }
}

const draw = (rows: number, count: number, random: Random): Uint32Array =>
  Uint32Array.from({ length: count }, () => random.int(rows));

/** A batch is too little to be worth waking other threads. */
async function assignTo(
  x: Matrix,
  centroids: Matrix,
  compute: Compute,
  ctx: JobContext,
): Promise<{ labels: Int32Array; inertia: number }> {
  const shared = x.rows * x.cols * centroids.rows >= ((compute.device === 'cpu' && compute.leastShared) || 0);
  const assigner = new Assigner(x, compute.device === 'webgpu' || shared ? compute : CPU);
  try {
    const { labels, distances } = await assigner.assign(centroids, ctx);
    return { labels, inertia: distances.reduce((sum, distance) => sum + distance, 0) };
  } finally {
    assigner.close();
  }
}
