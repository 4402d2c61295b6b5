import { type JobContext, type Matrix, portion } from '../../domain/index.ts';
import { type Clusters, mergeByChain } from './chain.ts';
import { lineOf, type PairDistances, squaredDistances, takeRoots } from './distances.ts';
import type { Joins } from './merges.ts';

/** Average linkage from the stored distances of all pairs: means of distances do not come from centroids. */
export async function averageJoins(x: Matrix, ctx: JobContext, weights?: ArrayLike<number>): Promise<Joins> {
  const distances = await squaredDistances(x, portion(ctx, 0, 0.5));
  await takeRoots(distances, ctx);
  return mergeByChain(new StoredPairs(distances, weights), portion(ctx, 0.5, 1));
}

/** Clusters by their mean distances to each other, the upper triangle, which merges overwrite (Lance & Williams 1967). */
class StoredPairs implements Clusters {
  /** Each comparison may be a cache line of its own, some ten nanoseconds. */
  readonly work = 8;
  readonly #sizes: Float64Array;

  constructor(
    private readonly pairs: PairDistances,
    weights?: ArrayLike<number>,
  ) {
    this.#sizes = weights ? Float64Array.from(weights) : new Float64Array(pairs.n).fill(1);
  }

  get n(): number {
    return this.pairs.n;
  }

  /** Those below tip stand in column tip, the others in its line. */
  nearest(tip: number, previous: number, alive: Int32Array) {
    const { n, values } = this.pairs;
    let id = previous;
    let distance = previous === -1 ? Number.POSITIVE_INFINITY : (values[this.#placeOf(tip, previous)] as number);
    let p = 0;
    for (; alive[p] !== tip; p++) {
      const i = alive[p] as number;
      const d = values[i * n - ((i * (i + 3)) >> 1) - 1 + tip] as number;
      if (d < distance) [distance, id] = [d, i];
    }
    const line = lineOf(n, tip);
    for (p++; p < alive.length; p++) {
      const i = alive[p] as number;
      const d = values[line + i] as number;
      if (d < distance) [distance, id] = [d, i];
    }
    return { id, distance };
  }

  merge(a: number, b: number, _between: number, others: Int32Array): void {
    const { values } = this.pairs;
    const [sizeA, sizeB] = [this.#sizes[a] as number, this.#sizes[b] as number];
    for (let p = 0; p < others.length; p++) {
      const i = others[p] as number;
      if (i === b) continue;
      const [toA, toB] = [this.#placeOf(i, a), this.#placeOf(i, b)];
      const [nearA, nearB] = [values[toA] as number, values[toB] as number];
      // What rounding takes off would let a chain come back to itself.
      values[toB] = Math.max((sizeA * nearA + sizeB * nearB) / (sizeA + sizeB), Math.min(nearA, nearB));
    }
    this.#sizes[b] = sizeA + sizeB;
  }

  #placeOf(i: number, j: number): number {
    return i < j ? lineOf(this.pairs.n, i) + j : lineOf(this.pairs.n, j) + i;
  }
}
