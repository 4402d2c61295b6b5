import { createMatrix, type JobContext, type Matrix, type Random, rowOf } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { indexOfMin, squaredDistancesToAll } from '../distances/index.ts';

/** The squared distances D^2 of all rows to the nearest centre so far, wherever they are computed. */
export interface Seeder {
  /** Forgets all centres: every D^2 is infinite. */
  begin(): void;
  /** Takes as a centre the one of the candidate rows that leaves the smallest sum of D^2, the first on ties; returns that row. */
  takeBest(candidates: readonly number[], ctx: JobContext): Promise<number>;
  /** D^2 of every row. */
  nearest(): ArrayLike<number>;
}

/**
 * k-means++ (Arthur & Vassilvitskii 2007): each further centre is a row drawn with a probability proportional to its
 * squared distance D^2 to the nearest centre so far. Greedy as in scikit-learn: of 2 + floor(ln k) rows drawn, the one
 * that leaves the smallest sum of D^2 is taken (the first drawn on ties). 1 <= k <= x.rows.
 */
export async function seedCentroids(x: Matrix, k: number, random: Random, seeder: Seeder, ctx: JobContext): Promise<Matrix> {
  const centroids = createMatrix(k, x.cols);
  const trials = trialsOf(k);
  seeder.begin();
  for (let c = 0; c < k; c++) {
    const candidates = c === 0 ? [random.int(x.rows)] : drawByWeight(seeder.nearest(), trials, random);
    centroids.data.set(rowOf(x, await seeder.takeBest(candidates, ctx)), c * x.cols);
  }
  return centroids;
}

/** Rows drawn for each centre after the first. */
export const trialsOf = (k: number): number => 2 + Math.floor(Math.log(k));

/** `count` indices, each with a probability proportional to its weight; index 0 where all weights are 0 (only duplicates). */
function drawByWeight(weights: ArrayLike<number>, count: number, random: Random): number[] {
  const cumulative = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    total += weights[i] as number;
    cumulative[i] = total;
  }
  return Array.from({ length: count }, () => firstAbove(cumulative, random.next() * total));
}

/** First index whose cumulative weight is above the target, so that a row of weight 0 is never drawn; 0 if there is none. */
function firstAbove(cumulative: Float64Array, target: number): number {
  let low = 0;
  let high = cumulative.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulative[middle] as number) > target) high = middle;
    else low = middle + 1;
  }
  return low === cumulative.length ? 0 : low;
}

/** In float64, in plain loops. */
export class PlainSeeder implements Seeder {
  #nearest: Float64Array;

  constructor(private readonly x: Matrix) {
    this.#nearest = new Float64Array(x.rows);
  }

  begin(): void {
    this.#nearest.fill(Number.POSITIVE_INFINITY);
  }

  nearest = (): Float64Array => this.#nearest;

  async takeBest(candidates: readonly number[], ctx: JobContext): Promise<number> {
    const { x } = this;
    const count = candidates.length;
    const centres = new Float64Array(count * x.cols);
    for (const [i, row] of candidates.entries()) centres.set(rowOf(x, row), i * x.cols);
    const reduced = candidates.map(() => new Float64Array(x.rows));
    const sums = new Float64Array(count);
    const row = new Float64Array(x.cols);
    const toAll = new Float64Array(count);
    await forBlocks(x.rows, count * x.cols, ctx, (start, end) => {
      for (let r = start; r < end; r++) {
        row.set(x.data.subarray(r * x.cols, (r + 1) * x.cols));
        squaredDistancesToAll(row, centres, toAll);
        for (let i = 0; i < count; i++) {
          const distance = Math.min(this.#nearest[r] as number, toAll[i] as number);
          (reduced[i] as Float64Array)[r] = distance;
          sums[i] = (sums[i] as number) + distance;
        }
      }
    });
    const best = indexOfMin(sums);
    this.#nearest = reduced[best] as Float64Array;
    return candidates[best] as number;
  }
}
