import type { JobContext } from '../../domain/index.ts';
import { lineOf, type PairDistances } from './distances.ts';
import { type Merges, mergesOf } from './merges.ts';

/**
 * The distance of a cluster to the union of two others, of sizes a and b: `toA` and `toB` are its distances to them, `between`
 * theirs, c its own size (Lance & Williams 1967). Must be reducible: never below the smaller of toA and toB.
 */
export type Update = (toA: number, toB: number, between: number, a: number, b: number, c: number) => number;

/** Clusters compared between two checkpoints: each may be a cache line of its own, some ten nanoseconds. */
const BLOCK = 5e5;

/**
 * Agglomerative clustering by the nearest-neighbour chain (Murtagh 1983): follow nearest neighbours until two are each other's
 * nearest, and merge them. n^2 steps. Overwrites the distances. Of equally near clusters the one before in the chain
 * is taken, else that with the lowest row at which it is kept.
 */
export async function mergeByChain(distances: PairDistances, update: Update, ctx: JobContext): Promise<Merges> {
  const { n } = distances;
  const joins = { from: new Int32Array(n), to: new Int32Array(n), height: new Float64Array(n) };
  const sizes = new Float64Array(n).fill(1);
  const alive = Int32Array.from({ length: n }, (_, i) => i);
  const chain = new Int32Array(n + 1);
  let [length, left, work] = [0, n, 0];
  while (left > 1) {
    if (length === 0) chain[length++] = alive[0] as number;
    const tip = chain[length - 1] as number;
    const previous = length > 1 ? (chain[length - 2] as number) : -1;
    const found = nearestTo(tip, previous, distances, alive.subarray(0, left));
    work += left;
    if (found.id !== previous) chain[length++] = found.id;
    else {
      const [a, b] = [Math.min(tip, previous), Math.max(tip, previous)];
      joins.from[n - left] = a;
      joins.to[n - left] = b;
      joins.height[n - left] = found.distance;
      left = remove(alive, left, a);
      merge(distances, a, b, found.distance, update, sizes, alive.subarray(0, left));
      length -= 2;
      work += left;
    }
    if (work > BLOCK) {
      work = 0;
      ctx.progress(n - left, n);
      await ctx.checkpoint();
    }
  }
  return mergesOf(n, joins);
}

/** The nearest living cluster to `tip`: `previous` where none is nearer. Those below tip stand in column tip, the others in its line. */
function nearestTo(tip: number, previous: number, { n, values }: PairDistances, alive: Int32Array) {
  let id = previous;
  let distance = previous === -1 ? Number.POSITIVE_INFINITY : at(values, n, tip, previous);
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

/** The union of a and b is kept as b. */
function merge(
  { n, values }: PairDistances,
  a: number,
  b: number,
  between: number,
  update: Update,
  sizes: Float64Array,
  others: Int32Array,
): void {
  const [sizeA, sizeB] = [sizes[a] as number, sizes[b] as number];
  for (let p = 0; p < others.length; p++) {
    const i = others[p] as number;
    if (i === b) continue;
    const toA = i < a ? lineOf(n, i) + a : lineOf(n, a) + i;
    const toB = i < b ? lineOf(n, i) + b : lineOf(n, b) + i;
    const [nearA, nearB] = [values[toA] as number, values[toB] as number];
    const joined = update(nearA, nearB, between, sizeA, sizeB, sizes[i] as number);
    // What rounding takes off would let a chain come back to itself.
    values[toB] = Math.max(joined, Math.min(nearA, nearB));
  }
  sizes[b] = sizeA + sizeB;
}

function at(values: Float32Array, n: number, i: number, j: number): number {
  return values[i < j ? lineOf(n, i) + j : lineOf(n, j) + i] as number;
}

/** Takes an id out of the first `left` of an ascending list; returns how many are left. */
function remove(alive: Int32Array, left: number, id: number): number {
  const place = alive.indexOf(id);
  alive.copyWithin(place, place + 1, left);
  return left - 1;
}
