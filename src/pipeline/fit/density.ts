import { type Matrix, untold } from '../../domain/index.ts';
import { dbscan, hdbscan, kDistances, kneeOf } from '../../engine/index.ts';
import { centroidsOf } from './number.ts';
import type { FitTask, Fitted } from './types.ts';

/** DBSCAN with the eps of the settings, or for 'auto' the one at the knee of the rows' own k-distance curve. */
export async function dbscanFit(x: Matrix, { settings, compute, ctx }: FitTask): Promise<Fitted> {
  const { eps, minPts } = settings.density;
  const quiet = untold(ctx);
  const reach = eps === 'auto' ? (kneeOf(await kDistances(x, minPts, compute, quiet))?.distance ?? 0) : eps;
  const { labels, clusters } = await dbscan(x, { eps: reach, minPts }, compute, quiet);
  return { labels, centroids: centroidsOf(x, labels, clusters) };
}

/** HDBSCAN; needs no eps. Rows too few for two clusters are one, since all of them being noise would say nothing. */
export async function hdbscanFit(x: Matrix, { settings, compute, ctx }: FitTask): Promise<Fitted> {
  const { minClusterSize, minPts, selection } = settings.density;
  const options = { minClusterSize, minSamples: minPts, selection, allowSingleCluster: x.rows < 2 * minClusterSize };
  const { labels, clusters } = await hdbscan(x, options, compute, untold(ctx));
  return { labels, centroids: centroidsOf(x, labels, clusters) };
}
