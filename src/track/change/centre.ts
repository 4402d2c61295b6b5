import { dot, type Matrix, rowOf } from '../../domain/index.ts';

/** The members of a segment about their mean direction (Mardia & Jupp 2000, ch. 9). */
export interface Centre {
  readonly count: number;
  /** Unit vector along the mean of the rows. */
  readonly direction: Float64Array;
  /** Mean cosine of the rows to it, which is the length of their mean. */
  readonly length: number;
  /**
   * The same without each row's own part in the centre: the square root of the mean cosine of two different rows, so that it does not
   * fall as a segment grows.
   */
  readonly unbiased: number;
  /** Cosine of each row to the direction. */
  readonly cosines: Float64Array;
}

/** Of unit rows, two or more. Null where they cancel out and have no direction. */
export function centreOf(rows: Matrix): Centre | null {
  const n = rows.rows;
  const mean = new Float64Array(rows.cols);
  for (let i = 0; i < n; i++) {
    const row = rowOf(rows, i);
    for (let c = 0; c < mean.length; c++) mean[c] = (mean[c] as number) + (row[c] as number) / n;
  }
  const length = Math.sqrt(dot(mean, mean));
  if (n < 2 || length === 0) return null;
  const direction = mean.map((v) => v / length);
  const cosines = Float64Array.from({ length: n }, (_, i) => dot(rowOf(rows, i), direction));
  const unbiased = Math.sqrt(Math.max(0, (n * length * length - 1) / (n - 1)));
  return { count: n, direction, length, unbiased, cosines };
}

/** Row of a user in each of two lists of users; -1 where the user is not in it. */
export type UserRows = readonly [before: number, after: number];

/** All users of two ascending lists, each once. */
export function* unionOf(before: Uint32Array, after: Uint32Array): Generator<UserRows> {
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [a, b] = [before[i] ?? Number.POSITIVE_INFINITY, after[j] ?? Number.POSITIVE_INFINITY];
    yield [a <= b ? i : -1, b <= a ? j : -1];
    if (a <= b) i++;
    if (b <= a) j++;
  }
}
