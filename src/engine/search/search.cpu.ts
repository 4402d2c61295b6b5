import { dot, type Matrix, rowOf } from '../../domain/index.ts';
import { BestList, type NearestRows } from './best.ts';

/** Every row measured in float64, dimensions ascending. Rows that are zero or hold what is no number have no direction: they are left out. */
export function nearestPlain(x: Matrix, query: Float32Array, k: number): NearestRows {
  const best = new BestList(k);
  for (let r = 0; r < x.rows; r++) if (hasDirection(rowOf(x, r))) best.offer(r, dot(rowOf(x, r), query));
  return best.toNearest();
}

/** False for zeros and for what is not finite. */
export function hasDirection(row: Float32Array): boolean {
  let square = 0;
  for (const value of row) square += value * value;
  return square > 0 && Number.isFinite(square);
}
