import { type Matrix, takeRows } from '../../domain/index.ts';
import storedShapes from './shapes.json' with { type: 'json' };
import stored from './sklearn.json' with { type: 'json' };

/** Results of scikit-learn on small inputs; made by make.py in this folder. For tests. */
export const sklearn = stored;

/** A stored matrix in float32. */
export const storedMatrix = (m: { readonly rows: number; readonly cols: number; readonly data: readonly number[] }): Matrix => ({
  ...m,
  data: Float32Array.from(m.data),
});

export type ReferenceShape = (typeof referenceShapes)[number];

/**
 * Moons, blobs, a stretched shape, even noise and duplicates: rows, and what scikit-learn makes of them by DBSCAN, k-means, linkage
 * and HDBSCAN; made by make.py and shapes.py in this folder. For tests.
 */
export const referenceShapes = stored.dbscan.map(({ name, x, ...dbscan }, at) => {
  const { kmeans, ...others } = storedShapes.shapes[at] as (typeof storedShapes.shapes)[number];
  if (others.name !== name) throw new Error(`The results stored for ${others.name} stand where those of ${name} belong.`);
  const rows = storedMatrix(x);
  return { ...others, x: rows, dbscan, kmeans: { ...kmeans, start: takeRows(rows, kmeans.start) } };
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
