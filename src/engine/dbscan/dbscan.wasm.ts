import type { JobContext, Matrix } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import type { Team } from '../team/index.ts';
import {
  ARENA_BYTES,
  NoMemory,
  onlyPart,
  openRows,
  type PairRows,
  padded,
  pairTask,
  type RowsInArena,
  roundingBound,
  sharePairs,
} from '../wasm/index.ts';
import type { Dbscan, DbscanOptions } from './types.ts';

/** Lists of neighbours and the forest of clusters in the arena, as close.as.ts has them. */
interface State {
  readonly degree: number;
  readonly lists: number;
  readonly parent: number;
}

/**
 * The oracle's labels from one pass over the tiles; null where WASM is not to be had or the lists find no room.
 * Buffers: 4 x (minPts + 2) bytes a row. The pairs are never kept.
 */
export async function dbscanWasm(
  x: Matrix,
  { eps, minPts }: DbscanOptions,
  ctx: JobContext,
  team: Team | null = null,
): Promise<Dbscan | null> {
  if (x.rows * minPts * 4 > ARENA_BYTES) return null;
  const rows = await openRows(x, ctx, team);
  try {
    const part = onlyPart(rows);
    if (!part) return null;
    const state = openState(part, minPts);
    await joinClosePairs(part, eps * eps, minPts, state, ctx);
    const { degree, lists, parent } = state;
    await forBlocks(part.rows, minPts * 8, ctx, (from, to) => {
      part.arena.kernels.joinLists(from, to, minPts, degree, lists, parent);
    });
    return readLabels(part, minPts, state);
  } catch (error) {
    if (error instanceof NoMemory) return null;
    throw error;
  } finally {
    rows?.close();
  }
}

function openState({ arena, rows }: RowsInArena, minPts: number): State {
  const state = { degree: arena.alloc(rows * 4), lists: arena.alloc(rows * (minPts - 1) * 4), parent: arena.alloc(rows * 4) };
  arena.i32(state.degree, rows).fill(1);
  const parent = arena.i32(state.parent, rows);
  for (let r = 0; r < rows; r++) parent[r] = r;
  return state;
}

async function joinClosePairs(part: RowsInArena, epsSquared: number, minPts: number, state: State, ctx: JobContext) {
  const { arena, norms, raw, stride } = part;
  const longest = Math.sqrt(arena.f32(norms, part.rows).reduce((most, norm) => Math.max(most, norm), 0));
  const error = roundingBound(stride);
  await sharePairs(part, closePairs, { ...state, epsSquared, minPts, longest, error, raw }, ctx);
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
