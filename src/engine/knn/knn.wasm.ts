import type { JobContext, Matrix } from '../../domain/index.ts';
import type { Team } from '../team/index.ts';
import {
  type Arena,
  addRows,
  type CrossRows,
  crossTask,
  onlyPart,
  type PairRows,
  padded,
  pairTask,
  type RowsInArena,
  roundingBound,
  shareCross,
  sharePairs,
  withRows,
} from '../wasm/index.ts';
import type { Neighbours } from './index.ts';
import { NearestLists } from './lists.ts';

/**
 * Candidates beyond k that the search keeps. It orders by rounded distances, the answer by exact ones: with these the k-th of
 * the answer is nearly always surely nearer than any row outside; with none of them, most lists would be searched again.
 */
const SPARE = 8;
/** Pairs measured anew between two checkpoints. */
const PAIRS = 8192;

/** Lists in the arena, as neighbours.as.ts has them. */
interface Lists {
  readonly capacity: number;
  readonly ids: number;
  readonly squared: number;
  readonly worst: number;
}

/**
 * Neighbours of the rows among themselves, each row first in its own list; null where WASM is not to be had. float32 tiles
 * find the candidates, float64 orders them: ids and distances do not depend on float32.
 */
export async function knnWasm(x: Matrix, k: number, ctx: JobContext, team: Team | null = null): Promise<Neighbours | null> {
  return await withRows(x, ctx, team, async (rows) => {
    const part = onlyPart(rows);
    if (!part) return null;
    const lists = openLists(part.arena, part.rows, Math.min(k - 1 + SPARE, part.rows - 1));
    if (lists.capacity > 0) await sharePairs(part, knnPairs, lists, ctx);
    return await refine(part, part, lists, k, true, ctx);
  });
}

/** The same for queries among reference rows. */
export async function knnBetweenWasm(
  queries: Matrix,
  reference: Matrix,
  k: number,
  ctx: JobContext,
  team: Team | null = null,
): Promise<Neighbours | null> {
  return await withRows(reference, ctx, team, async (rows) => {
    const b = onlyPart(rows);
    const a = b && (await addRows(rows, queries, ctx));
    if (!a) return null;
    const lists = openLists(a.arena, a.rows, Math.min(k + SPARE, b.rows));
    await shareCross(a, b, knnCross, lists, ctx);
    return await refine(a, b, lists, k, false, ctx);
  });
}

/** Offers every pair to the lists of both. */
export const knnPairs = pairTask<PairRows & Lists>('knn pairs', ({ kernels }, lists, { at, i, iCount, j, jCount }) => {
  const { capacity, ids, squared, worst } = lists;
  if (i === j) kernels.offerOwnTile(at, i, iCount, j, jCount, true, true, capacity, ids, squared, worst);
  else kernels.offerTile(at, i, iCount, j, jCount, true, capacity, ids, squared, worst);
});

/** Offers every row of b to the lists of a. */
export const knnCross = crossTask<CrossRows & Lists>('knn cross', ({ kernels }, lists, { at, i, iCount, j, jCount }) => {
  const { capacity, ids, squared, worst } = lists;
  kernels.offerOwnTile(at, i, iCount, j, jCount, false, true, capacity, ids, squared, worst);
});

function openLists(arena: Arena, queries: number, capacity: number): Lists {
  const room = queries * capacity;
  const lists = { capacity, ids: arena.alloc(room * 4), squared: arena.alloc(room * 4), worst: arena.alloc(padded(queries) * 4) };
  arena.f32(lists.squared, room).fill(Number.POSITIVE_INFINITY);
  arena.i32(lists.ids, room).fill(-1);
  // Rows that only fill up take nothing.
  arena.f32(lists.worst, padded(queries)).fill(Number.NEGATIVE_INFINITY).fill(Number.POSITIVE_INFINITY, 0, queries);
  return lists;
}

/** The candidates in the order of their exact distances; where a row outside might come before the k-th, all rows are measured. */
async function refine(
  a: RowsInArena,
  b: RowsInArena,
  found: Lists,
  k: number,
  own: boolean,
  ctx: JobContext,
): Promise<Neighbours> {
  const { arena, stride } = a;
  const lists = new NearestLists(a.rows, k);
  const ids = arena.i32(found.ids, a.rows * found.capacity);
  const worst = arena.f32(found.worst, a.rows);
  const [aNorms, bNorms] = [arena.f32(a.norms, a.rows), arena.f32(b.norms, b.rows)];
  const longest = Math.sqrt(bNorms.reduce((most, norm) => Math.max(most, norm), 0));
  const error = roundingBound(stride);
  let pairs = 0;
  const measure = (q: number, id: number): number => {
    pairs++;
    const squared = arena.kernels.pairSquared(a.raw + q * stride, b.raw + id * stride, stride);
    lists.offer(q, id, squared);
    return squared;
  };
  for (let q = 0; q < a.rows; q++) {
    // Below any squared distance, so that a row is its own first neighbour.
    if (own) lists.offer(q, q, -1);
    let largest = 0;
    for (let i = q * found.capacity; i < (q + 1) * found.capacity; i++) largest = Math.max(largest, measure(q, ids[i] as number));
    const outside = (worst[q] as number) - error * (Math.sqrt(aNorms[q] as number) + longest) ** 2;
    // With nothing but equal rows in the list, those with the lowest indices are in it.
    if (lists.worst(q) >= outside && largest > 0) {
      lists.forget(q);
      if (own) lists.offer(q, q, -1);
      for (let id = 0; id < b.rows; id++) if (!own || id !== q) measure(q, id);
    }
    if (pairs > PAIRS) {
      pairs = 0;
      await ctx.checkpoint();
    }
  }
  return lists.toNeighbours();
}
