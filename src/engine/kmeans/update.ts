import { createMatrix, type JobContext, type Matrix, normaliseRows } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';

/**
 * New centroids: the mean of each cluster's rows, summed in float64 in ascending row order (so the same labels give the
 * same bits on every device). Empty clusters take the rows farthest from their centroid, as in scikit-learn; a cluster
 * that stays without rows keeps its centroid. `spherical` scales the means to unit length.
 */
export async function updateCentroids(
  x: Matrix,
  labels: Int32Array,
  old: Matrix,
  spherical: boolean,
  ctx: JobContext,
): Promise<Matrix> {
  const sums = new Float64Array(old.rows * old.cols);
  const sizes = new Float64Array(old.rows);
  await forBlocks(x.rows, x.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) addRow(x, r, labels[r] as number, 1, sums, sizes);
  });
  await relocateEmpty(x, labels, old, sums, sizes, ctx);
  const means = createMatrix(old.rows, old.cols);
  for (let c = 0; c < old.rows; c++) {
    const size = sizes[c] as number;
    for (let i = c * old.cols; i < (c + 1) * old.cols; i++)
      means.data[i] = size > 0 ? (sums[i] as number) / size : (old.data[i] as number);
  }
  return spherical ? normaliseRows(means) : means;
}

/** Adds `weight` times row `r` to the sum of cluster `c`. */
function addRow(x: Matrix, r: number, c: number, weight: number, sums: Float64Array, sizes: Float64Array): void {
  const from = r * x.cols;
  const to = c * x.cols;
  for (let i = 0; i < x.cols; i++) sums[to + i] = (sums[to + i] as number) + weight * (x.data[from + i] as number);
  sizes[c] = (sizes[c] as number) + weight;
}

async function relocateEmpty(
  x: Matrix,
  labels: Int32Array,
  old: Matrix,
  sums: Float64Array,
  sizes: Float64Array,
  ctx: JobContext,
) {
  const empty: number[] = [];
  for (let c = 0; c < sizes.length; c++) if (sizes[c] === 0) empty.push(c);
  if (empty.length === 0) return;
  const distances = await distancesToOwn(x, labels, old, ctx);
  const farthest = farthestRows(distances, empty.length);
  for (const [i, r] of farthest.entries()) {
    const to = empty[i] as number;
    sums.fill(0, to * x.cols, (to + 1) * x.cols);
    addRow(x, r, labels[r] as number, -1, sums, sizes);
    addRow(x, r, to, 1, sums, sizes);
  }
}

/** Rows by falling distance, lowest index on ties; rows that lie on their centroid are no candidates. */
function farthestRows(distances: Float64Array, count: number): number[] {
  const rows = Array.from(distances.keys()).filter((r) => (distances[r] as number) > 0);
  rows.sort((a, b) => (distances[b] as number) - (distances[a] as number) || a - b);
  return rows.slice(0, count);
}

/** Squared distance of every row to the centroid of its label, in float64, over ascending dimensions. */
export async function distancesToOwn(x: Matrix, labels: Int32Array, centroids: Matrix, ctx: JobContext): Promise<Float64Array> {
  const distances = new Float64Array(x.rows);
  await forBlocks(x.rows, x.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      const from = r * x.cols;
      const to = (labels[r] as number) * x.cols;
      let sum = 0;
      for (let i = 0; i < x.cols; i++) sum += ((x.data[from + i] as number) - (centroids.data[to + i] as number)) ** 2;
      distances[r] = sum;
    }
  });
  return distances;
}
