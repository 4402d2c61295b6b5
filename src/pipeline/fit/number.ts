import { createMatrix, type Matrix, normaliseRows, rowOf } from '../../domain/index.ts';
import type { Fitted } from './types.ts';

export const hasNoEmpty = ({ labels, centroids }: Fitted): boolean =>
  new Set(labels.filter((label) => label >= 0)).size === centroids.rows;

/** Segment 0 is the largest; equal sizes keep the order of their first members. Empty clusters (more k than distinct rows) go. */
export function numberBySize({ labels, centroids, density }: Fitted): Fitted {
  const sizes = new Uint32Array(centroids.rows);
  const first = new Int32Array(centroids.rows).fill(-1);
  for (const [i, label] of labels.entries()) {
    if (label < 0) continue;
    sizes[label] = (sizes[label] as number) + 1;
    if (first[label] === -1) first[label] = i;
  }
  const order = [...sizes.keys()]
    .filter((c) => sizes[c])
    .sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || (first[a] as number) - (first[b] as number));
  const numberOf = new Int32Array(centroids.rows);
  const sorted = createMatrix(order.length, centroids.cols);
  for (const [number, cluster] of order.entries()) {
    numberOf[cluster] = number;
    sorted.data.set(rowOf(centroids, cluster), number * centroids.cols);
  }
  const renumber = (label: number): number => (label < 0 ? -1 : (numberOf[label] as number));
  const fit = { labels: labels.map(renumber), centroids: sorted };
  return density ? { ...fit, density: { ...density, nearest: density.nearest.map(renumber) } } : fit;
}

/** The mean direction of each cluster's rows (k x d, unit rows), sums over ascending rows in float64; noise has none. */
export function centroidsOf(x: Matrix, labels: Int32Array, k: number): Matrix {
  const sums = new Float64Array(k * x.cols);
  for (const [r, label] of labels.entries()) {
    if (label < 0) continue;
    for (let i = 0; i < x.cols; i++) {
      const at = label * x.cols + i;
      sums[at] = (sums[at] as number) + (x.data[r * x.cols + i] as number);
    }
  }
  return normaliseRows({ rows: k, cols: x.cols, data: Float32Array.from(sums) });
}
