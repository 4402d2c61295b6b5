import { deriveSeed, type JobContext, type Matrix, portion } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { requireFinite } from '../check.ts';
import type { Compute } from '../compute.ts';
import { knn, type Neighbours } from '../knn/index.ts';
import { type Cells, cutIntoCells } from './cells.ts';
import { descend } from './descent.ts';
import { openJoinCpu } from './join.cpu.ts';
import { type Join, type Lists, MOST_CANDIDATES } from './join.ts';
import { openJoinWasm } from './join.wasm.ts';

export interface ApproximateOptions {
  readonly seed: number;
}

/**
 * All pairs in a cell are compared, in the fastest of the loops here. A cell has up to 2,048 rows of 384 dimensions, and more of fewer dimensions, for about the same work.
 */
const mostInCell = (cols: number): number => Math.round(Math.min(4, Math.max(1, 384 / cols)) * 2048);
/** The second cut, into smaller cells, is there for rows at the borders of the first: without it no list would cross them. */
const MOST_IN_SMALL_CELL = MOST_CANDIDATES;
/** Rows of a cell that meet the others in one piece. */
const BLOCK_ROWS = 32;
/** Up to this many rows all distances are taken: that is no slower, and exact. */
const EXACT_ROWS = 2048;
/** Of longer lists all distances are taken too: a cell could hold too few rows to fill them. */
const MOST_NEIGHBOURS = 256;

/**
 * The k nearest neighbours of each row among the rows of `x` (n x d), Euclidean, of which a few are missed; lists as those
 * of `knn`: the row first, then by (distance, index). Distances are exact for the rows that are named.
 */
export async function approximateKnn(
  x: Matrix,
  k: number,
  { seed }: ApproximateOptions,
  compute: Compute,
  ctx: JobContext,
): Promise<Neighbours> {
  await requireFinite(x, 'rows', ctx);
  if (x.rows <= EXACT_ROWS || k < 2 || k > MOST_NEIGHBOURS) return knn(x, k, compute, ctx);
  const cells = await cutIntoCells(x, { least: k, most: mostInCell(x.cols) }, deriveSeed(seed, 'cells'), ctx);
  const join = (await openJoinWasm(x, cells.order, k - 1, ctx)) ?? (await openJoinCpu(x, cells.order, k - 1, ctx));
  try {
    await joinCells(join, cells, portion(ctx, 0, 0.5));
    const small = await cutIntoCells(x, { least: 1, most: MOST_IN_SMALL_CELL }, deriveSeed(seed, 'small cells'), ctx);
    await joinSmallCells(join, small, cells.order, ctx);
    await descend(join, x.rows, deriveSeed(seed, 'descent'), portion(ctx, 0.5, 1));
    return await exactLists(x, cells.order, join.lists, ctx);
  } finally {
    join.close();
  }
}

async function joinCells(join: Join, { offsets, order }: Cells, ctx: JobContext): Promise<void> {
  for (let c = 1; c < offsets.length; c++) {
    const end = offsets[c] as number;
    for (let from = offsets[c - 1] as number; from < end; from += BLOCK_ROWS) {
      join.joinBlock(from, Math.min(end, from + BLOCK_ROWS), end);
      await ctx.checkpoint();
    }
    ctx.progress(end, order.length);
  }
}

/** The rows stand in the order of the first cut; those of a small cell are spread over it. */
async function joinSmallCells(join: Join, { offsets, order }: Cells, first: Uint32Array, ctx: JobContext): Promise<void> {
  const placeOf = new Uint32Array(first.length);
  for (const [place, row] of first.entries()) placeOf[row] = place;
  for (let c = 1; c < offsets.length; c++) {
    const rows = order.subarray(offsets[c - 1], offsets[c]);
    for (const [i, row] of rows.entries()) join.candidates[i] = placeOf[row] as number;
    join.joinCandidates(rows.length, rows.length);
    await ctx.checkpoint();
  }
}

/** The lists by row of `x`, with distances in float64 and sorted by them. */
async function exactLists(x: Matrix, order: Uint32Array, lists: Lists, ctx: JobContext): Promise<Neighbours> {
  const k = lists.k + 1;
  const out: Neighbours = { k, ids: new Uint32Array(x.rows * k), distances: new Float32Array(x.rows * k) };
  const [ids, squared] = [new Uint32Array(k), new Float64Array(k)];
  await forBlocks(x.rows, k * x.cols, ctx, (start, end) => {
    for (let place = start; place < end; place++) {
      const row = order[place] as number;
      [ids[0], squared[0]] = [row, -1];
      for (let j = 1; j < k; j++) {
        // No entry is empty: a cell has at least k rows, and all of them have met.
        const id = order[lists.ids[place * lists.k + j - 1] as number] as number;
        insert(ids, squared, j, id, squaredDistance(x, row, id));
      }
      for (let j = 0; j < k; j++) {
        out.ids[row * k + j] = ids[j] as number;
        out.distances[row * k + j] = Math.sqrt(Math.max(0, squared[j] as number));
      }
    }
  });
  return out;
}

function insert(ids: Uint32Array, squared: Float64Array, count: number, id: number, distance: number): void {
  let at = count;
  for (; at > 0; at--) {
    const before = squared[at - 1] as number;
    if (before < distance || (before === distance && (ids[at - 1] as number) < id)) break;
    squared[at] = before;
    ids[at] = ids[at - 1] as number;
  }
  squared[at] = distance;
  ids[at] = id;
}

function squaredDistance(x: Matrix, a: number, b: number): number {
  let sum = 0;
  for (let i = 0, p = a * x.cols, q = b * x.cols; i < x.cols; i++)
    sum += ((x.data[p + i] as number) - (x.data[q + i] as number)) ** 2;
  return sum;
}
