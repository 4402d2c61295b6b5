import type { JobContext, Matrix } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import { requireFinite, requireLabelPerRow } from '../check.ts';

/** How tight and how far apart the clusters of a labelling are, without knowing the truth. */
export interface PartitionQuality {
  readonly clusters: number;
  /** Sum of squared distances to the own cluster's mean. */
  readonly inertia: number;
  /** Mean over the clusters of their worst (scatter + scatter) / distance of means; lower is better. Null where undefined. */
  readonly daviesBouldin: number | null;
  /** Scatter between over scatter within, each by its degrees of freedom; higher is better. Null where undefined. */
  readonly calinskiHarabasz: number | null;
}

/**
 * Inertia, Davies-Bouldin index (1979) and Calinski-Harabasz index (1974) of a labelling, Euclidean, about the means of the clusters
 * (also where a spherical fit had others). Two passes over the rows, float64, in row order. Labels are any integers; -1 is
 * one more cluster, as in scikit-learn: leave noise out before. The indexes need 2..rows-1 clusters, where scikit-learn throws;
 * here they are null. As there, Calinski-Harabasz is 1 where every row lies on its mean, and Davies-Bouldin 0 where all do
 * or all means are the same, to 1e-8.
 * @throws AppError `input` if a value is not finite.
 */
export async function partitionQuality(x: Matrix, labels: ArrayLike<number>, ctx: JobContext): Promise<PartitionQuality> {
  requireLabelPerRow(x.rows, labels);
  await requireFinite(x, 'profiles', ctx);
  const clusters = await meansOf(x, labels, ctx);
  const { squared, distance } = await scatterOf(x, clusters, ctx);
  const k = clusters.sizes.length;
  const defined = k >= 2 && k < x.rows;
  return {
    clusters: k,
    inertia: squared,
    daviesBouldin: defined ? daviesBouldin(clusters, distance) : null,
    calinskiHarabasz: defined ? calinskiHarabasz(clusters, squared) : null,
  };
}

interface Clusters {
  readonly rows: number;
  readonly cols: number;
  /** Labels as 0..k-1, by first appearance. */
  readonly labels: Int32Array;
  readonly sizes: Float64Array;
  /** k x cols. */
  readonly means: Float64Array;
}

async function meansOf(x: Matrix, given: ArrayLike<number>, ctx: JobContext): Promise<Clusters> {
  const dense = new Map<number, number>();
  const labels = Int32Array.from(given, (label) => {
    if (!dense.has(label)) dense.set(label, dense.size);
    return dense.get(label) as number;
  });
  const sizes = new Float64Array(dense.size);
  const means = new Float64Array(dense.size * x.cols);
  await forBlocks(x.rows, x.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      const label = labels[r] as number;
      const [from, to] = [r * x.cols, label * x.cols];
      sizes[label] = (sizes[label] as number) + 1;
      for (let i = 0; i < x.cols; i++) means[to + i] = (means[to + i] as number) + (x.data[from + i] as number);
    }
  });
  for (let i = 0; i < means.length; i++) means[i] = (means[i] as number) / (sizes[Math.floor(i / x.cols)] as number);
  return { rows: x.rows, cols: x.cols, labels, sizes, means };
}

/** The sum of all squared distances to the own mean, and for each cluster the sum of the distances. */
async function scatterOf(x: Matrix, { labels, sizes, means }: Clusters, ctx: JobContext) {
  const distance = new Float64Array(sizes.length);
  let squared = 0;
  await forBlocks(x.rows, x.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      const label = labels[r] as number;
      const own = squaredBetween(x.data, r * x.cols, means, label * x.cols, x.cols);
      squared += own;
      distance[label] = (distance[label] as number) + Math.sqrt(own);
    }
  });
  return { squared, distance };
}

/** scikit-learn takes scatters and distances up to here for zero. */
const CLOSE = 1e-8;

function daviesBouldin({ cols, sizes, means }: Clusters, distance: Float64Array): number {
  const k = sizes.length;
  const scatter = distance.map((sum, c) => sum / (sizes[c] as number));
  let [sum, farthest] = [0, 0];
  for (let a = 0; a < k; a++) {
    let worst = 0;
    for (let b = 0; b < k; b++) {
      const apart = Math.sqrt(squaredBetween(means, a * cols, means, b * cols, cols));
      farthest = Math.max(farthest, apart);
      if (apart > 0) worst = Math.max(worst, ((scatter[a] as number) + (scatter[b] as number)) / apart);
    }
    sum += worst;
  }
  return farthest <= CLOSE || scatter.every((s) => s <= CLOSE) ? 0 : sum / k;
}

function calinskiHarabasz({ rows, cols, sizes, means }: Clusters, within: number): number {
  if (within === 0) return 1;
  const k = sizes.length;
  const centre = new Float64Array(cols);
  for (let i = 0; i < means.length; i++) {
    const size = sizes[Math.floor(i / cols)] as number;
    centre[i % cols] = (centre[i % cols] as number) + (size / rows) * (means[i] as number);
  }
  let between = 0;
  for (let c = 0; c < k; c++) between += (sizes[c] as number) * squaredBetween(means, c * cols, centre, 0, cols);
  return (between * (rows - k)) / (within * (k - 1));
}

function squaredBetween(a: ArrayLike<number>, from: number, b: ArrayLike<number>, to: number, cols: number): number {
  let sum = 0;
  for (let i = 0; i < cols; i++) sum += ((a[from + i] as number) - (b[to + i] as number)) ** 2;
  return sum;
}
