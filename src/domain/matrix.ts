/** Dense row-major matrix: `data[r * cols + c]`, `data.length === rows * cols`. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
}

export const createMatrix = (rows: number, cols: number): Matrix => ({ rows, cols, data: new Float32Array(rows * cols) });

/** A view (no copy) on row `r`, length `cols`. */
export const rowOf = (m: Matrix, r: number): Float32Array => m.data.subarray(r * m.cols, (r + 1) * m.cols);

/** Copies the named rows, in the order given, into a new matrix. */
export function takeRows(m: Matrix, rows: ArrayLike<number>): Matrix {
  const out = createMatrix(rows.length, m.cols);
  for (let i = 0; i < rows.length; i++) out.data.set(rowOf(m, rows[i] as number), i * m.cols);
  return out;
}

/** Scales every row to unit Euclidean length, in place; a zero row stays zero. Sums in float64. */
export function normaliseRows(m: Matrix): Matrix {
  for (let r = 0; r < m.rows; r++) {
    const row = rowOf(m, r);
    let sum = 0;
    for (const v of row) sum += v * v;
    if (sum === 0) continue;
    const inverse = 1 / Math.sqrt(sum);
    for (let c = 0; c < row.length; c++) row[c] = (row[c] as number) * inverse;
  }
  return m;
}

/** Dot product of two rows of equal length, in float64. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
