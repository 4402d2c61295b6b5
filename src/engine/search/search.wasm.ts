import { dot, type JobContext, type Matrix, rowOf } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { type Arena, borrowArena, NoMemory, type Pointer, returnArena } from '../wasm/index.ts';
import { BestList, type NearestRows } from './best.ts';

/** Largest whole numbers that a row's and a query's values are rounded to. */
const ROW_STEPS = 127;
const QUERY_STEPS = 32_767;
/** Partial sums of the kernel are int32: 127 * 32,767 for each two of eight dimensions stay within it up to here. */
const MOST_DIMS = 2048;

/**
 * The rows of a matrix as bytes, a quarter of their size: what a query is compared with first. `dot(row, query)` is then known to within
 * `errors[r]` for a query of unit length, and only rows that may be among the best are measured in float64.
 */
export interface ByteRows {
  nearest(query: Float32Array, k: number): NearestRows;
  close(): void;
}

/** Null where there is no SIMD or no memory for it, and for rows that are too long for the kernel. */
export async function openByteRows(x: Matrix, ctx: JobContext): Promise<ByteRows | null> {
  const arena = x.cols <= MOST_DIMS ? borrowArena() : null;
  if (!arena) return null;
  try {
    const placed = await placeRows(arena, x, ctx);
    return {
      nearest: (query, k) => nearestByBytes(x, placed, query, k),
      close: () => returnArena(arena),
    };
  } catch (error) {
    returnArena(arena);
    if (error instanceof NoMemory) return null;
    throw error;
  }
}

interface PlacedRows {
  readonly arena: Arena;
  /** Bytes of a row: the dimensions, up to the next multiple of 16. */
  readonly stride: number;
  readonly bytes: Pointer;
  readonly query: Pointer;
  readonly sums: Pointer;
  /** Of a row: its values are so much times its bytes. NaN where the row has no direction. */
  readonly scales: Float64Array;
  /** Of a row: length of what rounding to bytes took off or added. */
  readonly errors: Float64Array;
  /** Of a row: its length. */
  readonly lengths: Float64Array;
}

async function placeRows(arena: Arena, x: Matrix, ctx: JobContext): Promise<PlacedRows> {
  const stride = 16 * Math.max(1, Math.ceil(x.cols / 16));
  const bytes = arena.alloc(x.rows * stride);
  const query = arena.alloc(2 * stride);
  const sums = arena.alloc(4 * x.rows);
  const of = (): Float64Array => new Float64Array(x.rows);
  const placed = { arena, stride, bytes, query, sums, scales: of(), errors: of(), lengths: of() };
  // What lay in the arena before must not stand between the last dimension and the end of a row.
  arena.i8(bytes, x.rows * stride).fill(0);
  await forBlocks(x.rows, 4 * x.cols, ctx, (start, end) => {
    const into = arena.i8(bytes, x.rows * stride);
    for (let r = start; r < end; r++) placeRow(rowOf(x, r), r, into.subarray(r * stride, (r + 1) * stride), placed);
  });
  return placed;
}

function placeRow(row: Float32Array, r: number, into: Int8Array, { scales, errors, lengths }: PlacedRows): void {
  let [largest, square] = [0, 0];
  for (let i = 0; i < row.length; i++) {
    const value = row[i] as number;
    square += value * value;
    if (Math.abs(value) > largest) largest = Math.abs(value);
  }
  const directed = square > 0 && Number.isFinite(square);
  scales[r] = directed ? largest / ROW_STEPS : Number.NaN;
  lengths[r] = Math.sqrt(square);
  if (directed) errors[r] = roundInto(into, row, scales[r] as number);
}

/** Length of the difference between the values and `scale` times the whole numbers that they are rounded to. */
function roundInto(into: Int8Array | Int16Array, values: Float32Array, scale: number): number {
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // Halves upwards by truncation: Math.round is twice as slow here, and the rest is measured anyhow.
    const whole = Math.floor(value / scale + 0.5);
    into[i] = whole;
    const rest = value - whole * scale;
    lost += rest * rest;
  }
  return Math.sqrt(lost);
}

/** Of the lengths' product, beyond the bound of the whole numbers: float64 sums of up to 2,048 products, several of them. */
const ROUNDING = 1e-12;

/**
 * |x . q - x' . q'| <= |x - x'| |q| + |x'| |q - q'| for rounded x' and q', where |x'| <= |x| + |x - x'| (Cauchy and Schwarz). So at least k rows
 * reach the k-th largest of the lower bounds, and whatever does not reach it with its upper bound is none of the k nearest.
 */
function nearestByBytes(x: Matrix, placed: PlacedRows, query: Float32Array, k: number): NearestRows {
  const { arena, stride, bytes, sums, scales, errors, lengths } = placed;
  const { scale, error, length } = placeQuery(placed, query);
  arena.kernels.dotBytes(bytes, 0, x.rows, stride, placed.query, sums);
  const whole = arena.i32(sums, x.rows);
  const boundOf = (r: number): number =>
    (errors[r] as number) * length +
    ((lengths[r] as number) + (errors[r] as number)) * error +
    ROUNDING * (lengths[r] as number) * length;
  const [found, surely] = [new BestList(k), new BestList(k)];
  for (let r = 0; r < x.rows; r++) surely.offer(r, (whole[r] as number) * scale * (scales[r] as number) - boundOf(r));
  for (let r = 0; r < x.rows; r++) {
    if ((whole[r] as number) * scale * (scales[r] as number) + boundOf(r) >= surely.least)
      found.offer(r, dot(rowOf(x, r), query));
  }
  return found.toNearest();
}

function placeQuery({ arena, stride, query: at }: PlacedRows, query: Float32Array) {
  let [largest, square] = [0, 0];
  for (const value of query) {
    square += value * value;
    largest = Math.max(largest, Math.abs(value));
  }
  const into = arena.i16(at, stride).fill(0);
  const scale = largest / QUERY_STEPS;
  const length = Math.sqrt(square);
  return { scale, length, error: scale > 0 ? roundInto(into, query, scale) : 0 };
}
