import type { JobContext } from '../../domain/index.ts';
import type { Joins } from './merges.ts';

/** Clusters that the chain can ask and join, numbered 0..n-1 at first. */
export interface Clusters {
  readonly n: number;
  /** Multiply-adds of one comparison, for the length of a block. */
  readonly work: number;
  /** The nearest of `alive` (ascending) to `tip`, the lowest of equals; `previous` where none is nearer than it (-1 is none). */
  nearest(tip: number, previous: number, alive: Int32Array): { readonly id: number; readonly distance: number };
  /** Joins a and b, `between` apart; the union is b. `others` are the living, b among them. */
  merge(a: number, b: number, between: number, others: Int32Array): void;
}

/** Comparisons' multiply-adds between two checkpoints: some milliseconds. */
const BLOCK_WORK = 4e6;

/**
 * Agglomerative clustering by the nearest-neighbour chain (Murtagh 1983): follow nearest neighbours until two are each other's
 * nearest, and merge them. Some 2 n^2 comparisons, for distances where a union is never nearer to a third than its nearer part. Of
 * equally near clusters the one before in the chain is taken, else the lowest.
 */
export async function mergeByChain(clusters: Clusters, ctx: JobContext): Promise<Joins> {
  const { n } = clusters;
  const joins = { from: new Int32Array(n), to: new Int32Array(n), height: new Float64Array(n) };
  const alive = Int32Array.from({ length: n }, (_, i) => i);
  const chain = new Int32Array(n + 1);
  let [length, left, work] = [0, n, 0];
  while (left > 1) {
    if (length === 0) chain[length++] = alive[0] as number;
    const tip = chain[length - 1] as number;
    const previous = length > 1 ? (chain[length - 2] as number) : -1;
    const found = clusters.nearest(tip, previous, alive.subarray(0, left));
    work += left * clusters.work;
    if (found.id !== previous) chain[length++] = found.id;
    else {
      const [a, b] = [Math.min(tip, previous), Math.max(tip, previous)];
      joins.from[n - left] = a;
      joins.to[n - left] = b;
      joins.height[n - left] = found.distance;
      left = remove(alive, left, a);
      clusters.merge(a, b, found.distance, alive.subarray(0, left));
      length -= 2;
      work += left * clusters.work;
    }
    if (work > BLOCK_WORK) {
      work = 0;
      ctx.progress(n - left, n);
      await ctx.checkpoint();
    }
  }
  return joins;
}

/** Takes an id out of the first `left` of an ascending list; returns how many are left. */
function remove(alive: Int32Array, left: number, id: number): number {
  const place = alive.indexOf(id);
  alive.copyWithin(place, place + 1, left);
  return left - 1;
}
