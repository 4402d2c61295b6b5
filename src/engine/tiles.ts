import type { JobContext, Matrix } from '../domain/index.ts';

/** Rows of a tile: two tiles of 64 x 512 float64 stay in a core's second-level cache. */
export const TILE = 64;

/** Rows in float64 with their squared lengths, ready for {@link squaredDistanceTile}. */
export interface TiledRows {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
  readonly norms: Float64Array;
}

export function tiledRows(x: Matrix): TiledRows {
  const data = Float64Array.from(x.data);
  const norms = new Float64Array(x.rows);
  for (let r = 0; r < x.rows; r++) {
    let sum = 0;
    for (let i = r * x.cols; i < (r + 1) * x.cols; i++) sum += (data[i] as number) * (data[i] as number);
    norms[r] = sum;
  }
  return { rows: x.rows, cols: x.cols, data, norms };
}

/**
 * out[i * TILE + j] = |a_i - b_j|^2 for rows a_start+i < a_end and b_start+j < b_end (at most TILE of each), in float64 as
 * |a|^2 + |b|^2 - 2 a.b, clamped at 0. Every sum runs over ascending dimensions, so equal rows are at exactly 0.
 */
export function squaredDistanceTile(
  a: TiledRows,
  aStart: number,
  aEnd: number,
  b: TiledRows,
  bStart: number,
  bEnd: number,
  out: Float64Array,
): void {
  for (let i = aStart; i < aEnd; i += 2) {
    const second = Math.min(i + 1, aEnd - 1);
    for (let j = bStart; j < bEnd; j += 4) fourByTwo(a, i, second, b, j, bEnd - 1, (i - aStart) * TILE + j - bStart, out);
  }
}

/**
 * Two rows against four: eight independent sums for six loads. At the edges an index repeats the last row; what that
 * writes beyond the tile's width is never read, since TILE is a multiple of both.
 */
function fourByTwo(a: TiledRows, i0: number, i1: number, b: TiledRows, j0: number, last: number, at: number, out: Float64Array) {
  const dims = a.cols;
  const [x, y] = [a.data, b.data];
  const j1 = Math.min(j0 + 1, last);
  const j2 = Math.min(j0 + 2, last);
  const j3 = Math.min(j0 + 3, last);
  const [p0, p1, q0, q1, q2, q3] = [i0 * dims, i1 * dims, j0 * dims, j1 * dims, j2 * dims, j3 * dims];
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let d = 0; d < dims; d++) {
    const x0 = x[p0 + d] as number;
    const x1 = x[p1 + d] as number;
    const y0 = y[q0 + d] as number;
    const y1 = y[q1 + d] as number;
    const y2 = y[q2 + d] as number;
    const y3 = y[q3 + d] as number;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  const [n0, n1] = [a.norms[i0] as number, a.norms[i1] as number];
  const [m0, m1, m2, m3] = [b.norms[j0] as number, b.norms[j1] as number, b.norms[j2] as number, b.norms[j3] as number];
  out[at] = Math.max(0, n0 + m0 - 2 * s00);
  out[at + 1] = Math.max(0, n0 + m1 - 2 * s01);
  out[at + 2] = Math.max(0, n0 + m2 - 2 * s02);
  out[at + 3] = Math.max(0, n0 + m3 - 2 * s03);
  if (i1 === i0) return;
  out[at + TILE] = Math.max(0, n1 + m0 - 2 * s10);
  out[at + TILE + 1] = Math.max(0, n1 + m1 - 2 * s11);
  out[at + TILE + 2] = Math.max(0, n1 + m2 - 2 * s12);
  out[at + TILE + 3] = Math.max(0, n1 + m3 - 2 * s13);
}

/** What {@link forPairs} hands out: squared[(i - rowStart) * TILE + (j - colStart)] for the rows of the two tiles. */
export interface PairTile {
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly colStart: number;
  readonly colEnd: number;
  readonly squared: Float64Array;
}

/**
 * Visits every tile on and above the diagonal of the n x n squared distances, in a fixed order, with checkpoints; the
 * matrix itself is never stored. A tile on the diagonal holds both (i, j) and (j, i), one above it only i < j.
 */
export async function forPairs(x: TiledRows, ctx: JobContext, visit: (tile: PairTile) => void): Promise<void> {
  const squared = new Float64Array(TILE * TILE);
  const total = (x.rows * x.rows) / 2;
  for (let rowStart = 0; rowStart < x.rows; rowStart += TILE) {
    const rowEnd = Math.min(x.rows, rowStart + TILE);
    for (let colStart = rowStart; colStart < x.rows; colStart += TILE) {
      const colEnd = Math.min(x.rows, colStart + TILE);
      squaredDistanceTile(x, rowStart, rowEnd, x, colStart, colEnd, squared);
      visit({ rowStart, rowEnd, colStart, colEnd, squared });
      await ctx.checkpoint();
    }
    ctx.progress(Math.round(rowEnd * x.rows - rowEnd ** 2 / 2), Math.round(total));
  }
}
