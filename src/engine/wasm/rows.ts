import type { JobContext, Matrix } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import type { Team } from '../team/team.ts';
import { ARENA_BYTES, type Arena, borrowArena, NoMemory, returnArena } from './arena.ts';
import type { Pointer } from './kernels.ts';
import { normRows, shareColumns, shareRows, shiftRows, squareColumns, sumColumns } from './shares.ts';

/** Rows [start, start + rows) of a matrix in an arena. */
export interface RowsInArena {
  readonly arena: Arena;
  readonly start: number;
  readonly rows: number;
  /** Bytes from row to row: 4 a dimension, rounded up to 16. */
  readonly stride: number;
  /** Rows as they were given, zeros after the last dimension; up to a multiple of 4 more rows of zeros follow. */
  readonly raw: Pointer;
  /** Rows less the mean where that helps float32 (else `raw`): what the fast kernels read. */
  readonly fast: Pointer;
  /** |fast row|^2, float32; infinity for the rows that only fill up. */
  readonly norms: Pointer;
}

/** A matrix in as many arenas as it needs. Whoever opened it closes it. */
export interface OpenRows {
  readonly rows: number;
  readonly cols: number;
  readonly stride: number;
  readonly parts: readonly RowsInArena[];
  /** What was taken off the rows at `fast`, one a dimension, 0 after the last; null where they are the rows as given. */
  readonly mean: Float64Array | null;
  /** Mean over the columns of their (population) variance, in float64. */
  readonly columnVariance: number;
  close(): void;
}

/**
 * Copies the rows into arenas of at most `arenaBytes`, with checkpoints. Null where there is no SIMD, no memory for it, or a
 * row too long for float32: the plain path does without.
 */
export async function openRows(
  x: Matrix,
  ctx: JobContext,
  team: Team | null = null,
  arenaBytes = ARENA_BYTES,
): Promise<OpenRows | null> {
  const arenas: Arena[] = [];
  const close = (): void => {
    for (const arena of arenas.splice(0)) returnArena(arena);
  };
  try {
    const opened = await fillArenas(x, arenaBytes, arenas, team, ctx);
    if (!opened) close();
    return opened && { ...opened, close };
  } catch (error) {
    close();
    if (error instanceof NoMemory) return null;
    throw error;
  }
}

/** What `work` makes of the rows in WASM; null where they are not to be had there, or have left no room for its buffers. */
export async function withRows<T>(
  x: Matrix,
  ctx: JobContext,
  team: Team | null,
  work: (rows: OpenRows) => Promise<T | null>,
): Promise<T | null> {
  const rows = await openRows(x, ctx, team);
  if (!rows) return null;
  try {
    return await work(rows);
  } catch (error) {
    if (error instanceof NoMemory) return null;
    throw error;
  } finally {
    rows.close();
  }
}

async function fillArenas(
  x: Matrix,
  arenaBytes: number,
  arenas: Arena[],
  team: Team | null,
  ctx: JobContext,
): Promise<Omit<OpenRows, 'close'> | null> {
  const stride = strideOf(x.cols);
  const most = Math.max(4, 4 * Math.floor(arenaBytes / stride / 4));
  const parts: RowsInArena[] = [];
  for (let start = 0; start < x.rows; start += most) {
    const arena = borrowArena(team);
    if (!arena) return null;
    arenas.push(arena);
    parts.push(await copyPart(arena, x, start, Math.min(most, x.rows - start), stride, ctx));
  }
  const { mean, variance } = await columnMoments(parts, x.cols, ctx);
  const shifted = isFarFromOrigin(mean, variance * x.cols) ? mean : null;
  const placed: RowsInArena[] = [];
  for (const part of parts) {
    placed.push(shifted ? await shiftPart(part, shifted, ctx) : part);
    if (!(await measureRows(placed.at(-1) as RowsInArena, ctx))) return null;
  }
  return { rows: x.rows, cols: x.cols, stride, parts: placed, mean: shifted, columnVariance: variance };
}

async function copyPart(
  arena: Arena,
  x: Matrix,
  start: number,
  rows: number,
  stride: number,
  ctx: JobContext,
): Promise<RowsInArena> {
  const raw = arena.alloc(padded(rows) * stride);
  const norms = arena.alloc(padded(rows) * 4);
  await forRows(rows, stride, ctx, (from, to) => copyRows(arena, x, start + from, start + to, raw + from * stride));
  return { arena, start, rows, stride, raw, fast: raw, norms };
}

/** With half of the squared length in the mean, shifting takes a bit off the rounding; unit vectors are mostly left as they are. */
const isFarFromOrigin = (mean: Float64Array, variance: number): boolean =>
  mean.reduce((sum, value) => sum + value * value, 0) > variance;

async function shiftPart(part: RowsInArena, mean: Float64Array, ctx: JobContext): Promise<RowsInArena> {
  const { arena, rows, stride, raw } = part;
  const at = arena.alloc(mean.length * 8);
  const fast = arena.alloc(padded(rows) * stride);
  arena.f64(at, mean.length).set(mean);
  await shareRows(arena, shiftRows, { raw, rows: padded(rows), stride, mean: at, fast }, ctx);
  return { ...part, fast };
}

/** Column means (0 after the last dimension) and the mean of their variances; two passes in float64, rows ascending. */
async function columnMoments(parts: readonly RowsInArena[], cols: number, ctx: JobContext) {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const width = strideOf(cols) / 4;
  const sums = new Float64Array(width);
  for (const { arena, raw, rows: count, stride } of parts) {
    const at = arena.alloc(width * 8);
    arena.f64(at, width).set(sums);
    await shareColumns(arena, sumColumns, { raw, rows: count, stride, sums: at }, ctx);
    sums.set(arena.f64(at, width));
  }
  const mean = sums.map((sum) => sum / Math.max(1, rows));
  const squares = new Float64Array(width);
  for (const { arena, raw, rows: count, stride } of parts) {
    const at = arena.alloc(width * 16);
    const squaresAt = at + width * 8;
    arena.f64(at, width).set(mean);
    arena.f64(squaresAt, width).set(squares);
    await shareColumns(arena, squareColumns, { raw, rows: count, stride, mean: at, sums: squaresAt }, ctx);
    squares.set(arena.f64(squaresAt, width));
  }
  return { mean, variance: meanVariance(squares.subarray(0, cols), rows) };
}

/** Mean over the columns of `squares` / rows, summed over ascending columns. */
export function meanVariance(squares: Float64Array, rows: number): number {
  let total = 0;
  for (const square of squares) total += square / rows;
  return squares.length === 0 ? 0 : total / squares.length;
}

/** Other rows in the arena of an opened matrix that has one, less the same mean; null as in {@link openRows}. */
export async function addRows(to: OpenRows, x: Matrix, ctx: JobContext): Promise<RowsInArena | null> {
  const home = to.parts[0];
  if (!home || to.parts.length > 1) return null;
  try {
    const part = await copyPart(home.arena, x, 0, x.rows, to.stride, ctx);
    const placed = to.mean ? await shiftPart(part, to.mean, ctx) : part;
    return (await measureRows(placed, ctx)) ? placed : null;
  } catch (error) {
    if (error instanceof NoMemory) return null;
    throw error;
  }
}

/** Runs over the rows in pieces of a million values with a checkpoint after each; all but the last are multiples of 4 rows. */
const forRows = (rows: number, stride: number, ctx: JobContext, run: (from: number, to: number) => void): Promise<void> =>
  forBlocks(Math.ceil(rows / 4), 4 * stride, ctx, (from, to) => run(4 * from, Math.min(rows, 4 * to)));

/** Bytes of a row. */
export const strideOf = (cols: number): number => 16 * Math.max(1, Math.ceil(cols / 4));

/** Up to the next multiple of 4. */
export const padded = (count: number): number => 4 * Math.ceil(count / 4);

/** Copies rows [from, to) of `x` to `at`, line by line of `stride` bytes, zeros between and up to a multiple of 4 rows. */
export function copyRows(arena: Arena, x: Matrix, from: number, to: number, at: Pointer): void {
  const width = strideOf(x.cols) / 4;
  const rows = to - from;
  const target = arena.f32(at, padded(rows) * width);
  if (width === x.cols) target.set(x.data.subarray(from * width, to * width));
  else {
    target.fill(0);
    for (let r = 0; r < rows; r++) target.set(x.data.subarray((from + r) * x.cols, (from + r + 1) * x.cols), r * width);
  }
  target.fill(0, rows * width);
}

/**
 * The largest squared length that float32 sums of squares and products of two rows still hold. Rows beyond it are left to
 * the plain path.
 */
const LONGEST = 1e36;

/** The norms of a part, infinity after its rows. False where a row is too long for float32. */
async function measureRows({ arena, fast, rows, stride, norms }: RowsInArena, ctx: JobContext): Promise<boolean> {
  await shareRows(arena, normRows, { fast, rows, stride, norms }, ctx);
  const view = arena.f32(norms, padded(rows));
  view.fill(Number.POSITIVE_INFINITY, rows);
  for (let r = 0; r < rows; r++) if (!((view[r] as number) <= LONGEST)) return false;
  return true;
}

/**
 * Bound of what float32 gets wrong in |a|^2 + |b|^2 - 2 a.b, for lengths that add up to 1: one rounding for each of the
 * sums of a lane (Higham 2002, 3.1), and 16 for the norms, for joining the parts and for the shift by the mean.
 */
export const roundingBound = (stride: number): number => (stride / 16 + 20) * 2 ** -24 * 1.01;
