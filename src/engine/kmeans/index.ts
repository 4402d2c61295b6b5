import { createRandom, deriveSeed, inputError, type JobContext, type Matrix, normaliseRows } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { requireFinite, requireSameCols } from '../check.ts';
import type { Compute } from '../compute.ts';
import { Assigner } from '../distances/index.ts';
import { meanVariance, type OpenRows, withRows } from '../wasm/index.ts';
import { type LloydOptions, type LloydResult, lloyd } from './lloyd.ts';
import { PlainSeeder, type Seeder, seedCentroids } from './seeding.ts';
import { WasmSeeder } from './seeding.wasm.ts';
import { PlainStepper, type Stepper } from './stepper.ts';
import { WasmStepper } from './stepper.wasm.ts';

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
}

export type KMeansResult = LloydResult;

/**
 * k-means: Lloyd's algorithm from k-means++ starts, Euclidean, on raw rows (n x d). Inertia is the sum of squared
 * distances to the own centroid, in float64. Labels are 0..k-1; a cluster can be empty where rows repeat.
 * Assignment runs where `compute` says, seeding and the means on the CPU in a fixed order, in WASM where there is SIMD: from the
 * same start the plain loops give the same bits.
 * @throws AppError `input` if k is not in 1..n or a value is not finite.
 */
export async function kmeans(x: Matrix, options: KMeansOptions, compute: Compute, ctx: JobContext): Promise<KMeansResult> {
  await check(x, options, ctx);
  const assigner = new Assigner(x, compute);
  const run = async (rows: OpenRows | null): Promise<LloydResult> =>
    bestOfRuns(x, options, await placeOf(x, options, rows, assigner, compute, ctx), ctx);
  try {
    return (await withRows(x, ctx, run)) ?? (await run(null));
  } finally {
    assigner.close();
  }
}

/** Where the passes over the rows run. */
interface Place {
  readonly seeder: Seeder;
  readonly stepper: Stepper;
  readonly columnVariance: number;
}

/** With a device Lloyd runs there; the starts come from the CPU in any case, the same for both. */
async function placeOf(
  x: Matrix,
  { k }: KMeansOptions,
  rows: OpenRows | null,
  assigner: Assigner,
  compute: Compute,
  ctx: JobContext,
): Promise<Place> {
  const inWasm = rows !== null && compute.device === 'cpu';
  return {
    seeder: rows ? new WasmSeeder(rows, k) : new PlainSeeder(x),
    stepper: inWasm ? new WasmStepper(rows, k) : new PlainStepper(x, assigner),
    columnVariance: rows ? rows.columnVariance : await meanColumnVariance(x, ctx),
  };
}

async function bestOfRuns(x: Matrix, options: KMeansOptions, place: Place, ctx: JobContext): Promise<LloydResult> {
  const runs = options.start ? 1 : Math.max(1, options.nInit);
  const lloydOptions: LloydOptions = { ...options, shiftTolerance: options.tolerance * place.columnVariance };
  const total = runs * options.maxIterations;
  let best: LloydResult | null = null;
  for (let run = 0; run < runs; run++) {
    const start = options.start ?? (await startOf(x, options, run, place.seeder, ctx));
    const done = run * options.maxIterations;
    const result = await lloyd(x, start, place.stepper, lloydOptions, ctx, (i) => ctx.progress(done + i, total));
    if (best === null || result.inertia < best.inertia) best = result;
  }
  ctx.progress(total, total);
  return best as LloydResult;
}

async function startOf(x: Matrix, options: KMeansOptions, run: number, seeder: Seeder, ctx: JobContext): Promise<Matrix> {
  const random = createRandom(deriveSeed(options.seed, `k-means start ${run}`));
  const start = await seedCentroids(x, options.k, random, seeder, ctx);
  return options.spherical ? normaliseRows(start) : start;
}

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
