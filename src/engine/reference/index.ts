import type { Matrix } from '../../domain/index.ts';
import stored from './sklearn.json' with { type: 'json' };

/** Results of scikit-learn on small inputs; made by make.py in this folder. For tests. */
export const sklearn = stored;

/** A stored matrix in float32. */
export const storedMatrix = (m: { readonly rows: number; readonly cols: number; readonly data: readonly number[] }): Matrix => ({
  ...m,
  data: Float32Array.from(m.data),
});

/** Largest absolute difference of two equally long lists. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
