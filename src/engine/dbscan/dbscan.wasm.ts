import { type JobContext, type Matrix, portion, takeRows, untold } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import type { Team } from '../team/index.ts';
import {
  ARENA_BYTES,
  onlyPart,
  type PairRows,
  padded,
  pairTask,
  type RowsInArena,
  roundingBound,
  sharePairs,
  WASM_TILE,
  withRows,
} from '../wasm/index.ts';
import { cellOrder, farTiles } from './cells.ts';
import type { Dbscan, DbscanOptions } from './types.ts';

/** Lists of neighbours and the forest of clusters in the arena, as close.as.ts has them. */
interface State {
  readonly degree: number;
  readonly lists: number;
  readonly parent: number;
}

/**
 * The oracle's labels from one pass over the tiles; null where WASM is not to be had or the lists find no room.
 * Buffers: 4 x (minPts + 2) bytes a row, with cells the rows once more and n^2 / 512 bytes for the pairs of tiles. The pairs
 * themselves are never kept.
 */
export async function dbscanWasm(
  x: Matrix,
  options: DbscanOptions,
  ctx: JobContext,
  team: Team | null = null,
): Promise<Dbscan | null> {
  const { cells = 0, minPts } = options;
  if (x.rows * minPts * 4 > ARENA_BYTES) return null;
  if (cells === 0 || x.rows <= WASM_TILE) return joinAll(x, null, options, ctx, team);
  const order = await cellOrder(x, cells, team, portion(ctx, 0, CELLS_SHARE));
  return joinAll(takeRows(x, order), order, options, portion(ctx, CELLS_SHARE, 1), team);
}

/** Of the progress, for cells. */
const CELLS_SHARE = 0.1;

/** @param order The row of the caller's that each row of `x` is; then tiles too far apart are left out. */
async function joinAll(x: Matrix, order: Uint32Array | null, { eps, minPts }: DbscanOptions, ctx: JobContext, team: Team | null) {
  return await withRows(x, ctx, team, async (rows) => {
    const part = onlyPart(rows);
    if (!part) return null;
    const skip = order ? await farTiles(rows, part, x, eps, untold(ctx)) : 0;
    const state = openState(part, minPts);
    await joinClosePairs(part, eps * eps, minPts, state, skip, ctx);
    const { degree, lists, parent } = state;
    await forBlocks(part.rows, minPts * 8, ctx, (from, to) => {
      part.arena.kernels.joinLists(from, to, minPts, degree, lists, parent);
    });
    return order ? readInOrder(part, order, minPts, state) : readLabels(part, minPts, state);
  });
}

function openState({ arena, rows }: RowsInArena, minPts: number): State {
  const state = { degree: arena.alloc(rows * 4), lists: arena.alloc(rows * (minPts - 1) * 4), parent: arena.alloc(rows * 4) };
  arena.i32(state.degree, rows).fill(1);
  const parent = arena.i32(state.parent, rows);
  for (let r = 0; r < rows; r++) parent[r] = r;
  return state;
}

async function joinClosePairs(
  part: RowsInArena,
  epsSquared: number,
  minPts: number,
  state: State,
  skip: number,
  ctx: JobContext,
) {
  const { arena, norms, raw, stride } = part;
  const longest = Math.sqrt(arena.f32(norms, part.rows).reduce((most, norm) => Math.max(most, norm), 0));
  const error = roundingBound(stride);
  await sharePairs(part, closePairs, { ...state, epsSquared, minPts, longest, error, raw }, ctx, skip);
}

interface CloseParams extends PairRows, State {
  readonly epsSquared: number;
  readonly minPts: number;
  readonly longest: number;
  readonly error: number;
  readonly raw: number;
}

/** Joins every close pair. What comes out depends neither on the order of the pairs nor on who joins them. */
export const closePairs = pairTask<CloseParams>('close pairs', ({ kernels }, params, { at, i, iCount, j, jCount }) => {
  const { epsSquared, minPts, norms, longest, error, raw, stride, degree, lists, parent } = params;
  const bounds = [norms, longest, error, raw, stride] as const;
  kernels.joinCloseTile(at, i, iCount, j, jCount, epsSquared, minPts, ...bounds, degree, lists, parent);
});

function readLabels({ arena, rows }: RowsInArena, minPts: number, { degree, lists, parent }: State): Dbscan {
  const at = arena.alloc(padded(rows) * 4);
  const clusters = arena.kernels.labelRows(rows, minPts, degree, lists, parent, at);
  const core = Uint8Array.from(arena.i32(degree, rows), (d) => (d >= minPts ? 1 : 0));
  return { labels: arena.i32(at, rows).slice(), core, clusters };
}

/** The same for rows in another order: numbers go by the lowest core row of the caller's, which a border row follows as well. */
function readInOrder({ arena, rows }: RowsInArena, order: Uint32Array, minPts: number, state: State): Dbscan {
  const degree = arena.i32(state.degree, rows);
  const parent = arena.i32(state.parent, rows);
  const lists = arena.i32(state.lists, rows * (minPts - 1));
  const placeOf = new Uint32Array(rows);
  for (const [place, row] of order.entries()) placeOf[row] = place;
  const core = Uint8Array.from(placeOf, (place) => ((degree[place] as number) >= minPts ? 1 : 0));
  const numberOf = new Int32Array(rows).fill(-1);
  let clusters = 0;
  const labels = Int32Array.from(placeOf, (place, row) => {
    if (!core[row]) return -1;
    const root = rootOf(place, parent);
    if (numberOf[root] === -1) numberOf[root] = clusters++;
    return numberOf[root] as number;
  });
  for (const [row, place] of placeOf.entries()) {
    if (core[row]) continue;
    let lowest = clusters;
    for (let i = 0; i < (degree[place] as number) - 1; i++) {
      const neighbour = order[lists[place * (minPts - 1) + i] as number] as number;
      if (core[neighbour]) lowest = Math.min(lowest, labels[neighbour] as number);
    }
    if (lowest < clusters) labels[row] = lowest;
  }
  return { labels, core, clusters };
}

function rootOf(place: number, parent: Int32Array): number {
  let at = place;
  while (parent[at] !== at) at = parent[at] as number;
  return at;
}
