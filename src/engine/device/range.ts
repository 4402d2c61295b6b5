import type { Matrix } from '../../domain/index.ts';
import { columnMeans } from './rows.ts';
import { unwritten } from './submit.ts';

/** Squared lengths outside of this leave float32, or their share that matters vanishes in it. */
const LONGEST = 1e36;
const SHORTEST = 1e-24;

/**
 * Throws what leads to the CPU where the squared lengths of the rows, less their mean, are too long or too short for float32.
 * Rows that are all equal are in range.
 */
export function requireSquaresInRange(x: Matrix, mean: Float64Array = columnMeans(x)): void {
  let longest = 0;
  for (let at = 0; at < x.data.length; at += x.cols) {
    let sum = 0;
    for (let c = 0; c < x.cols; c++) sum += ((x.data[at + c] as number) - (mean[c] as number)) ** 2;
    if (sum > longest) longest = sum;
  }
  // A mean of equal rows may be off by a rounding of float64.
  if (longest > LONGEST || (longest < SHORTEST && !allEqual(x))) throw unwritten();
}

function allEqual({ data, cols }: Matrix): boolean {
  for (let i = cols; i < data.length; i++) if (data[i] !== data[i - cols]) return false;
  return true;
}
