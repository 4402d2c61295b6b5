import { deriveSeed, type Matrix, takeRows, untold } from '../../domain/index.ts';
import { agglomerate, assignNearest, cutTree } from '../../engine/index.ts';
import { centroidsOf } from './number.ts';
import { sampleRows } from './sample.ts';
import type { FitsByCount, FitTask } from './types.ts';

/** Rows that the tree is built over: more cost n^2. The rest goes to the nearest centroid. */
export const SAMPLE = 2000;

/** Ward's hierarchy over the rows, or over a sample of them, cut into each k. */
export const hierarchyFits: FitsByCount = async (x, ks, name, _starts, task) => {
  const rows = sampleRows(x.rows, SAMPLE, deriveSeed(task.settings.seed, `hierarchy ${name}`));
  const sample = rows.length === x.rows ? x : takeRows(x, rows);
  const merges = await agglomerate(sample, 'ward', untold(task.ctx));
  const fits = [];
  for (const k of ks) {
    const labels = cutTree(merges, sample.rows, { clusters: k });
    fits.push(await spread(x, sample, labels, k, task));
    task.ctx.progress(fits.length, ks.length + 1);
  }
  return fits;
};

/** The clusters of a sample, given to all rows: each row that was not in it goes where its nearest centroid is. */
async function spread(x: Matrix, sample: Matrix, labels: Int32Array, k: number, { compute, ctx }: FitTask) {
  const centroids = centroidsOf(sample, labels, k);
  if (sample === x) return { labels, centroids };
  const near = await assignNearest(x, centroids, compute, untold(ctx));
  return { labels: near.labels, centroids: centroidsOf(x, near.labels, k) };
}
