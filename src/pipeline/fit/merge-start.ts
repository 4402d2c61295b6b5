import { createMatrix, type Matrix, normaliseRows, rowOf } from '../../domain/index.ts';

/**
 * k - 1 centroids to start from: those of a fit with k clusters, the two that cost least to join (Ward: sizes times squared distance) put
 * together. A fit that begins there can't be much worse than its neighbour on the curve of k, as a run of unlucky restarts can.
 * @param labels One a row.
 * @param centroids k x d unit rows, k >= 2; of no empty cluster.
 */
export function mergedStart(labels: Int32Array, centroids: Matrix): Matrix {
  const { rows: k, cols } = centroids;
  const sizes = new Float64Array(k);
  for (const label of labels) sizes[label] = (sizes[label] as number) + 1;
  const [a, b] = cheapestPair(centroids, sizes);
  const out = createMatrix(k - 1, cols);
  for (let c = 0, at = 0; c < k; c++) if (c !== b) out.data.set(rowOf(centroids, c), at++ * cols);
  const [x, y] = [rowOf(centroids, a), rowOf(centroids, b)];
  for (let i = 0; i < cols; i++) {
    out.data[a * cols + i] = (sizes[a] as number) * (x[i] as number) + (sizes[b] as number) * (y[i] as number);
  }
  return normaliseRows(out);
}

/** The first pair a < b with the least cost. */
function cheapestPair(centroids: Matrix, sizes: Float64Array): [number, number] {
  let [best, pair]: [number, [number, number]] = [Number.POSITIVE_INFINITY, [0, 1]];
  for (let a = 0; a < centroids.rows; a++) {
    for (let b = a + 1; b < centroids.rows; b++) {
      const [m, n] = [sizes[a] as number, sizes[b] as number];
      const cost = ((m * n) / Math.max(1, m + n)) * squaredDistance(rowOf(centroids, a), rowOf(centroids, b));
      if (cost < best) [best, pair] = [cost, [a, b]];
    }
  }
  return pair;
}

function squaredDistance(x: Float32Array, y: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += ((x[i] as number) - (y[i] as number)) ** 2;
  return sum;
}
