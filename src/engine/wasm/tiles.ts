import type { JobContext } from '../../domain/index.ts';
import { runAlone, type Task } from '../team/task.ts';
import type { Pointer } from './kernels.ts';
import type { Place } from './place.ts';
import type { OpenRows, RowsInArena } from './rows.ts';

/** Rows of a tile, as in tile.as.ts. */
export const WASM_TILE = 64;
const TILE_BYTES = WASM_TILE * WASM_TILE * 4;

/** Rows of a stretch of tiles stay in the second-level cache (some 512 KB) while the others pass by. */
const STRETCH_BYTES = 400_000;

export const stretchOf = (stride: number): number => WASM_TILE * Math.max(1, Math.floor(STRETCH_BYTES / (WASM_TILE * stride)));

/** A tile in the arena: squared distances (float32) of rows [i, i + iCount) to rows [j, j + jCount), 64 to a line. */
export interface WasmTile {
  readonly at: number;
  readonly i: number;
  readonly iCount: number;
  readonly j: number;
  readonly jCount: number;
}

/** The one part of rows whose pairs are wanted: all pairs of more than one arena holds are no work for one machine. */
export const onlyPart = (rows: OpenRows | null): RowsInArena | null =>
  rows?.parts.length === 1 ? (rows.parts[0] as RowsInArena) : null;

/** What every task over pairs is told: plain numbers, for they go to other threads. */
export interface PairRows {
  readonly rows: number;
  readonly stride: number;
  readonly fast: Pointer;
  readonly norms: Pointer;
  /** For each band how many rounds it has been through. */
  readonly rounds: Pointer;
  /** A tile and 64 bytes of scratch for each thread. */
  readonly tiles: Pointer;
  /** For each pair of tiles, line by line, an int32 that is not 0 where it is not to be visited; 0 = all are. */
  readonly skip: Pointer;
}

/** Does something with a tile, which is its own, as are the rows of both sides, while it is called. */
export type Visit<P> = (place: Place, params: P, tile: WasmTile, thread: number) => void;

/**
 * Every tile on and above the diagonal of the squared distances of rows with themselves. The rows are cut into {@link BANDS} bands,
 * which meet in rounds as in a tournament (each first itself, then one other a round): whatever a visit writes to the rows of a
 * tile's two bands, no other thread does at the time, and each row meets the bands in an order that is always the same. A
 * tile on the diagonal holds both (i, j) and (j, i).
 */
export function pairTask<P extends PairRows>(name: string, visit: Visit<P>): Task<P> {
  return {
    name,
    isReady(place, { rounds }, block) {
      const { round, a, b } = meeting(block);
      const done = place.i32(rounds, BANDS);
      return Atomics.load(done, a) === round && Atomics.load(done, b) === round;
    },
    *run(place, params, block, thread) {
      const { a, b } = meeting(block);
      for (const tile of tilesBetween(place, params, a, b, thread)) {
        visit(place, params, tile, thread);
        yield;
      }
      const done = place.i32(params.rounds, BANDS);
      Atomics.add(done, a, 1);
      if (b !== a) Atomics.add(done, b, 1);
    },
  };
}

/** An even number. Sixteen keep eight threads at work; with more of them a band would be too short to be worth its round. */
const BANDS = 16;
const MEETINGS = BANDS + ((BANDS - 1) * BANDS) / 2;

/** Round 0: each band with itself. Then the circle method: one band stays, the others move on by one each round. a <= b. */
function meeting(block: number): { readonly round: number; readonly a: number; readonly b: number } {
  if (block < BANDS) return { round: 0, a: block, b: block };
  const others = BANDS - 1;
  const round = Math.floor((block - BANDS) / (BANDS / 2));
  const i = (block - BANDS) % (BANDS / 2);
  const p = i === 0 ? others : (round + i) % others;
  const q = (round - i + others) % others;
  return { round: round + 1, a: Math.min(p, q), b: Math.max(p, q) };
}

function* tilesBetween(place: Place, x: PairRows, a: number, b: number, thread: number): Iterable<WasmTile> {
  const size = WASM_TILE * Math.ceil(x.rows / WASM_TILE / BANDS);
  const [aEnd, bEnd] = [Math.min(x.rows, (a + 1) * size), Math.min(x.rows, (b + 1) * size)];
  const at = x.tiles + thread * (TILE_BYTES + 64);
  const stretch = stretchOf(x.stride);
  const count = Math.ceil(x.rows / WASM_TILE);
  const skip = x.skip ? place.i32(x.skip, count * count) : null;
  const isSkipped = (i: number, j: number): boolean => skip !== null && skip[(i / WASM_TILE) * count + j / WASM_TILE] !== 0;
  for (let first = a * size; first < aEnd; first += stretch) {
    const end = Math.min(aEnd, first + stretch);
    for (let j = a === b ? first : b * size; j < bEnd; j += WASM_TILE) {
      for (let i = first; i < end && i <= j; i += WASM_TILE) if (!isSkipped(i, j)) yield fillTile(place, x, i, x, j, at);
    }
  }
}

/** Runs a task made by {@link pairTask} over the rows of a part, with checkpoints. @throws TeamLost */
export async function sharePairs<P extends PairRows>(
  part: RowsInArena,
  task: Task<P>,
  more: Omit<P, keyof PairRows>,
  ctx: JobContext,
  skip: Pointer = 0,
) {
  const params = { ...more, ...pairRows(part), skip } as unknown as P;
  await part.arena.share({ task, params, blocks: MEETINGS, onBlock: (taken) => ctx.progress(taken, MEETINGS) }, ctx);
}

/** The same on this thread alone, for a visit that writes to what others can't reach. */
export async function forWasmPairs(part: RowsInArena, ctx: JobContext, visit: (tile: WasmTile) => void): Promise<void> {
  const task = pairTask('', (_, __, tile) => visit(tile));
  const onBlock = (taken: number): void => ctx.progress(taken, MEETINGS);
  await runAlone(part.arena, { task, params: pairRows(part), blocks: MEETINGS, onBlock }, ctx);
}

function pairRows({ arena, rows, stride, fast, norms }: RowsInArena): PairRows {
  const [rounds, tiles] = [arena.alloc(BANDS * 4), arena.alloc(arena.threads * (TILE_BYTES + 64))];
  arena.i32(rounds, BANDS).fill(0);
  return { rows, stride, fast, norms, rounds, tiles, skip: 0 };
}

/** Rows of two parts of one arena, shifted alike. */
export interface CrossRows {
  readonly a: Side;
  readonly b: Side;
  readonly stride: number;
  readonly block: number;
  readonly tiles: Pointer;
}

type Side = Pick<RowsInArena, 'rows' | 'fast' | 'norms'>;

/**
 * Every tile of the squared distances of the rows of `a` to those of `b`. A row of `a` is met by one thread only, in ascending order
 * of the rows of `b`.
 */
export function crossTask<P extends CrossRows>(name: string, visit: Visit<P>): Task<P> {
  return {
    name,
    *run(place, params, block, thread) {
      const { a, b, stride } = params;
      const at = params.tiles + thread * (TILE_BYTES + 64);
      const end = Math.min(a.rows, (block + 1) * params.block);
      for (let j = 0; j < b.rows; j += WASM_TILE) {
        for (let i = block * params.block; i < end; i += WASM_TILE) {
          visit(place, params, fillTile(place, { ...a, stride }, i, { ...b, stride }, j, at), thread);
          yield;
        }
      }
    },
  };
}

/** Runs a task made by {@link crossTask}. @throws TeamLost */
export async function shareCross<P extends CrossRows>(
  a: RowsInArena,
  b: RowsInArena,
  task: Task<P>,
  more: Omit<P, keyof CrossRows>,
  ctx: JobContext,
) {
  const { arena, stride } = a;
  const tiles = arena.alloc(arena.threads * (TILE_BYTES + 64));
  const share = WASM_TILE * Math.ceil(a.rows / WASM_TILE / BANDS);
  const block = Math.min(stretchOf(stride), Math.max(WASM_TILE, share));
  const params = { ...more, a: sideOf(a), b: sideOf(b), stride, block, tiles } as unknown as P;
  const blocks = Math.ceil(a.rows / block);
  await arena.share({ task, params, blocks, onBlock: (taken) => ctx.progress(Math.min(a.rows, taken * block), a.rows) }, ctx);
}

const sideOf = ({ rows, fast, norms }: RowsInArena): Side => ({ rows, fast, norms });

type Strided = Side & { readonly stride: number };

/** `at` has room for the tile and for the kernel's scratch behind it. */
function fillTile(place: Place, a: Strided, i: number, b: Strided, j: number, at: Pointer): WasmTile {
  const tile = { at, i, iCount: Math.min(WASM_TILE, a.rows - i), j, jCount: Math.min(WASM_TILE, b.rows - j) };
  place.kernels.squaredDistanceTile(
    ...([a.fast + i * a.stride, a.norms + i * 4, tile.iCount] as const),
    ...([b.fast + j * b.stride, b.norms + j * 4, tile.jCount] as const),
    ...([a.stride, at, at + TILE_BYTES] as const),
  );
  return tile;
}
