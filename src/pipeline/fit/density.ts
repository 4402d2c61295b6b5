import { type JobContext, type Matrix, rowOf, takeRows, untold } from '../../domain/index.ts';
import { assignNearest, type Compute, cpuOf, dbscan, hdbscan } from '../../engine/index.ts';
import { centroidsOf } from './number.ts';
import { reachOf } from './reach.ts';
import type { FitDensity, FitTask, Fitted } from './types.ts';

/** DBSCAN with the eps of the settings, or for 'auto' the one at the knee of the rows' own k-distance curve. */
export async function dbscanFit(x: Matrix, task: FitTask): Promise<Fitted> {
  const { settings, compute, ctx, shown, epsScale = 1 } = task;
  const { eps, minPts } = settings.density;
  const reach = eps === 'auto' || shown ? await reachOf(x, settings.density, compute, untold(ctx)) : null;
  const radius = (reach?.eps ?? (eps as number)) * epsScale;
  const { labels, clusters } = await dbscan(x, { eps: radius, minPts, cells: cellsOf(x) }, compute, untold(ctx));
  const none = new Float32Array(x.rows).fill(Number.NaN);
  return joinNoise(x, labels, clusters, { reach, strength: none, outlier: none }, task);
}

/**
 * They change no label. From 10,000 rows on they take off most of the time where segments lie apart, and add a few per cent where they
 * do not (engine/dbscan/README.md); below they gain little.
 */
const cellsOf = ({ rows }: Matrix): number => (rows >= 10_000 ? 40 : 0);

/** HDBSCAN; needs no eps. Rows too few for two clusters are one, since all of them being noise would say nothing. */
export async function hdbscanFit(x: Matrix, task: FitTask): Promise<Fitted> {
  const { settings, compute, ctx } = task;
  const { minClusterSize, minPts, selection } = settings.density;
  const options = { minClusterSize, minSamples: minPts, selection, allowSingleCluster: x.rows < 2 * minClusterSize };
  const { labels, clusters, probabilities, outlierScores } = await hdbscan(x, options, compute, untold(ctx));
  return joinNoise(x, labels, clusters, { reach: null, strength: probabilities, outlier: outlierScores }, task);
}

/**
 * Centroids of what was found, then the nearest of them for each row that was left out; from `density.reassign` on such a row gets
 * its label. It is a re-fit's and a bootstrap's way as well, so that trust is measured on segments made alike.
 */
async function joinNoise(
  x: Matrix,
  found: Int32Array,
  clusters: number,
  told: Omit<FitDensity, 'nearest' | 'similarity'>,
  { settings, compute, ctx }: FitTask,
): Promise<Fitted> {
  const centroids = centroidsOf(x, found, clusters);
  const { nearest, similarity } = await nearestOfNoise(x, found, centroids, compute, untold(ctx));
  const least = settings.density.reassign ?? Number.POSITIVE_INFINITY;
  const labels = found.map((label, r) => ((similarity[r] as number) >= least ? (nearest[r] as number) : label));
  return { labels, centroids, density: { ...told, nearest, similarity } };
}

async function nearestOfNoise(x: Matrix, labels: Int32Array, centroids: Matrix, compute: Compute, ctx: JobContext) {
  const nearest = new Int32Array(x.rows).fill(-1);
  const similarity = new Float32Array(x.rows).fill(Number.NaN);
  const noise = Uint32Array.from(labels.keys()).filter((r) => labels[r] === -1);
  if (noise.length === 0 || centroids.rows === 0) return { nearest, similarity };
  const near = await assignNearest(takeRows(x, noise), centroids, cpuOf(compute), ctx);
  for (const [i, r] of noise.entries()) {
    nearest[r] = near.labels[i] as number;
    similarity[r] = cosine(rowOf(x, r), rowOf(centroids, nearest[r] as number));
  }
  return { nearest, similarity };
}

/** Of unit rows, in float64; at most 1 whatever the rounding. */
function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (const [i, v] of a.entries()) sum += v * (b[i] as number);
  return Math.max(-1, Math.min(1, sum));
}
