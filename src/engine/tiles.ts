import type { JobContext, Matrix } from '../domain/index.ts';

/** Rows of a tile: two tiles of 64 x 512 float64 stay in a core's second-level cache. */
export const TILE = 64;

/** Up to TILE consecutive rows of a matrix in float64 with their squared lengths. The matrix is never held as a whole in float64. */
export class RowTile {
  readonly data: Float64Array;
  readonly norms = new Float64Array(TILE);
  /** Its rows: [start, end). */
  start = 0;
  end = 0;

  constructor(readonly x: Matrix) {
    this.data = new Float64Array(TILE * x.cols);
  }

  /** Takes the rows from `start` on, in place of those that it held. */
  load(start: number): this {
    const { x, data, norms } = this;
    this.start = start;
    this.end = Math.min(x.rows, start + TILE);
    data.set(x.data.subarray(start * x.cols, this.end * x.cols));
    for (let r = 0; r < this.end - start; r++) {
      let sum = 0;
      for (let i = r * x.cols; i < (r + 1) * x.cols; i++) sum += (data[i] as number) * (data[i] as number);
      norms[r] = sum;
    }
    return this;
  }
}

/**
 * out[i * TILE + j] = |a_i - b_j|^2 for the rows of two tiles, counted from their starts, in float64 as
 * |a|^2 + |b|^2 - 2 a.b, clamped at 0. Every sum runs over ascending dimensions, so equal rows are at exactly 0.
 */
export function squaredDistanceTile(a: RowTile, b: RowTile, out: Float64Array): void {
  const [rows, cols] = [a.end - a.start, b.end - b.start];
  for (let i = 0; i < rows; i += 2) {
    const second = Math.min(i + 1, rows - 1);
    for (let j = 0; j < cols; j += 4) fourByTwo(a, i, second, b, j, cols - 1, i * TILE + j, out);
  }
}

/**
 * Two rows against four: eight independent sums for six loads. At the edges an index repeats the last row; what that
 * writes beyond the tile's width is never read, since TILE is a multiple of both.
 */
function fourByTwo(a: RowTile, i0: number, i1: number, b: RowTile, j0: number, last: number, at: number, out: Float64Array) {
  const dims = a.x.cols;
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
export async function forPairs(x: Matrix, ctx: JobContext, visit: (tile: PairTile) => void): Promise<void> {
  const squared = new Float64Array(TILE * TILE);
  const [a, b] = [new RowTile(x), new RowTile(x)];
  const total = (x.rows * x.rows) / 2;
  for (let rowStart = 0; rowStart < x.rows; rowStart += TILE) {
    const rowEnd = a.load(rowStart).end;
    for (let colStart = rowStart; colStart < x.rows; colStart += TILE) {
      const colEnd = b.load(colStart).end;
      squaredDistanceTile(a, b, squared);
      visit({ rowStart, rowEnd, colStart, colEnd, squared });
      await ctx.checkpoint();
    }
    ctx.progress(Math.round(rowEnd * x.rows - rowEnd ** 2 / 2), Math.round(total));
  }
}
