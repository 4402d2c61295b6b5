import { type Matrix, takeRows } from '../../domain/index.ts';

/** The distinct rows of a matrix in order of first appearance. */
export interface DistinctRows {
  readonly rows: Matrix;
  /** Row i of the matrix is row `of[i]` of `rows`. */
  readonly of: Uint32Array;
}

/** Groups equal rows (all values equal). Sorting compares a few values a pair; keys as strings would need all of them. */
export function distinctRows(x: Matrix): DistinctRows {
  const order = Uint32Array.from({ length: x.rows }, (_, i) => i).sort((a, b) => compareRows(x, a, b) || a - b);
  const leader = new Uint32Array(x.rows);
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    const before = i === 0 ? row : (order[i - 1] as number);
    leader[row] = i > 0 && compareRows(x, before, row) === 0 ? (leader[before] as number) : row;
  }
  const leaders: number[] = [];
  const of = new Uint32Array(x.rows);
  for (let r = 0; r < x.rows; r++) {
    const first = leader[r] as number;
    if (first === r) of[r] = leaders.push(r) - 1;
    else of[r] = of[first] as number;
  }
  return { rows: takeRows(x, leaders), of };
}

function compareRows(x: Matrix, a: number, b: number): number {
  for (let i = 0; i < x.cols; i++) {
    const difference = (x.data[a * x.cols + i] as number) - (x.data[b * x.cols + i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
