import { createMatrix, type JobContext, type Matrix, normaliseRows } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import type { Stepper } from './stepper.ts';

/** For each cluster the sum of its rows, in float64, and how many they are. */
export class ClusterSums {
  readonly sums: Float64Array;
  readonly sizes: Float64Array;

  constructor(
    readonly k: number,
    readonly cols: number,
  ) {
    this.sums = new Float64Array(k * cols);
    this.sizes = new Float64Array(k);
  }

  /** Adds `weight` times row `r` of `x` to cluster `c`. */
  add(x: Matrix, r: number, c: number, weight: number): void {
    const [from, to] = [r * x.cols, c * this.cols];
    for (let i = 0; i < x.cols; i++) this.sums[to + i] = (this.sums[to + i] as number) + weight * (x.data[from + i] as number);
    this.sizes[c] = (this.sizes[c] as number) + weight;
  }

  copy(): ClusterSums {
    return this.narrowed(this.cols);
  }

  /** A copy of the first `cols` columns. */
  narrowed(cols: number): ClusterSums {
    const out = new ClusterSums(this.k, cols);
    for (let c = 0; c < this.k; c++) out.sums.set(this.sums.subarray(c * this.cols, c * this.cols + cols), c * cols);
    out.sizes.set(this.sizes);
    return out;
  }
}

/** The passes over all rows that an update needs. */
export type UpdateSteps = Pick<Stepper, 'clusterSums' | 'ownSquared'>;

/**
 * New centroids: the mean of each cluster's rows. Sums are kept from step to step, in float64; a row that changes its cluster
 * is taken from one and added to the other, in ascending row order (so the same labels give the same bits on every device).
 * Empty clusters take the rows farthest from their centroid, as in scikit-learn; a cluster that stays without rows keeps its
 * centroid. `spherical` scales the means to unit length.
 */
export async function updateCentroids(
  x: Matrix,
  labels: Int32Array,
  old: Matrix,
  spherical: boolean,
  stepper: UpdateSteps,
  ctx: JobContext,
): Promise<Matrix> {
  const clusters = await stepper.clusterSums(ctx);
  await relocateEmpty(x, labels, old, clusters, stepper, ctx);
  const means = createMatrix(old.rows, old.cols);
  for (let c = 0; c < old.rows; c++) {
    const size = clusters.sizes[c] as number;
    for (let i = c * old.cols; i < (c + 1) * old.cols; i++)
      means.data[i] = size > 0 ? (clusters.sums[i] as number) / size : (old.data[i] as number);
  }
  return spherical ? normaliseRows(means) : means;
}

async function relocateEmpty(x: Matrix, labels: Int32Array, old: Matrix, to: ClusterSums, stepper: UpdateSteps, ctx: JobContext) {
  const empty: number[] = [];
  for (let c = 0; c < to.k; c++) if (to.sizes[c] === 0) empty.push(c);
  if (empty.length === 0) return;
  const farthest = farthestRows(await stepper.ownSquared(old, ctx), empty.length);
  for (const [i, r] of farthest.entries()) {
    const cluster = empty[i] as number;
    // What rounding left of rows that have gone.
    to.sums.fill(0, cluster * x.cols, (cluster + 1) * x.cols);
    to.add(x, r, labels[r] as number, -1);
    to.add(x, r, cluster, 1);
  }
}

/** Rows by falling distance, lowest index on ties; rows that lie on their centroid are no candidates. */
function farthestRows(distances: Float64Array, count: number): number[] {
  const rows: number[] = [];
  const last = (): number => distances[rows[rows.length - 1] as number] as number;
  // Kept sorted as they come: to sort all of a million rows for a few takes a second.
  for (let r = 0; r < distances.length; r++) {
    const distance = distances[r] as number;
    if (!(distance > 0) || (rows.length === count && distance <= last())) continue;
    if (rows.length === count) rows.pop();
    let at = rows.length;
    while (at > 0 && (distances[rows[at - 1] as number] as number) < distance) at--;
    rows.splice(at, 0, r);
  }
  return rows;
}

/** Squared distance of every row to the centroid of its label, in float64, over ascending dimensions. */
export async function distancesToOwn(x: Matrix, labels: Int32Array, centroids: Matrix, ctx: JobContext): Promise<Float64Array> {
  const distances = new Float64Array(x.rows);
  await forBlocks(x.rows, x.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      const from = r * x.cols;
      const to = (labels[r] as number) * x.cols;
      let sum = 0;
      for (let i = 0; i < x.cols; i++) {
        const difference = (x.data[from + i] as number) - (centroids.data[to + i] as number);
        sum += difference * difference;
      }
      distances[r] = sum;
    }
  });
  return distances;
}
