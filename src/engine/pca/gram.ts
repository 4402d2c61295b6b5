import type { JobContext } from '../../domain/index.ts';

/** Rows whose dot products are summed between two checkpoints' worth of work; also the width of a cached panel. */
const PANEL = 32;

/**
 * gram[i * m + j] += row i . row j for all j >= i (upper triangle), rows of `length` consecutive float64. Panels of rows
 * stay in cache, and eight sums run at once.
 */
export async function addGram(rows: Float64Array, m: number, length: number, gram: Float64Array, ctx: JobContext): Promise<void> {
  for (let i = 0; i < m; i += PANEL) {
    const iEnd = Math.min(m, i + PANEL);
    for (let j = i; j < m; j += PANEL) {
      addPanel(rows, m, length, i, iEnd, j, Math.min(m, j + PANEL), gram);
      await ctx.checkpoint();
    }
  }
}

function addPanel(
  rows: Float64Array,
  m: number,
  length: number,
  iStart: number,
  iEnd: number,
  jStart: number,
  jEnd: number,
  gram: Float64Array,
): void {
  for (let i = iStart; i < iEnd; i += 2) {
    for (let j = jStart; j < jEnd; j += 4) addTwoByFour(rows, m, length, i, iEnd, j, jEnd, gram);
  }
}

/** At the edges the last row is repeated and what it gives is not stored. */
function addTwoByFour(
  rows: Float64Array,
  m: number,
  length: number,
  i: number,
  iEnd: number,
  j: number,
  jEnd: number,
  gram: Float64Array,
): void {
  const [p0, p1] = [i * length, Math.min(i + 1, iEnd - 1) * length];
  const q0 = j * length;
  const [q1, q2, q3] = [
    Math.min(j + 1, jEnd - 1) * length,
    Math.min(j + 2, jEnd - 1) * length,
    Math.min(j + 3, jEnd - 1) * length,
  ];
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let d = 0; d < length; d++) {
    const x0 = rows[p0 + d] as number;
    const x1 = rows[p1 + d] as number;
    const y0 = rows[q0 + d] as number;
    const y1 = rows[q1 + d] as number;
    const y2 = rows[q2 + d] as number;
    const y3 = rows[q3 + d] as number;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  store(gram, m, i, j, jEnd, s00, s01, s02, s03);
  if (i + 1 < iEnd) store(gram, m, i + 1, j, jEnd, s10, s11, s12, s13);
}

function store(
  gram: Float64Array,
  m: number,
  i: number,
  j: number,
  jEnd: number,
  s0: number,
  s1: number,
  s2: number,
  s3: number,
) {
  const at = i * m + j;
  gram[at] = (gram[at] as number) + s0;
  if (j + 1 < jEnd) gram[at + 1] = (gram[at + 1] as number) + s1;
  if (j + 2 < jEnd) gram[at + 2] = (gram[at + 2] as number) + s2;
  if (j + 3 < jEnd) gram[at + 3] = (gram[at + 3] as number) + s3;
}
