import { createMatrix, deriveSeed, type Matrix, takeRows, untold } from '../../domain/index.ts';
import { agglomerate, assignNearest, cutTree } from '../../engine/index.ts';
import { kmeansOnce } from './kmeans.ts';
import { centroidsOf } from './number.ts';
import { sampleRows } from './sample.ts';
import type { FitsByCount, FitTask, Fitted } from './types.ts';

/**
 * Consensus of k-means over seeds and half-samples: the centroids of all runs are themselves clustered into k (Ward), and each row goes
 * to the nearest of the k mean centroids. No n x n matrix of who was with whom is made (Dolnicar & Leisch 2004, "bagged
 * clustering").
 */
export const consensusFits: FitsByCount = async (x, ks, name, _starts, task) => {
  const fits: Fitted[] = [];
  for (const k of ks) {
    fits.push(await consensus(x, k, name, task));
    task.ctx.progress(fits.length, ks.length + 1);
  }
  return fits;
};

async function consensus(x: Matrix, k: number, name: string, task: FitTask): Promise<Fitted> {
  const runs = task.settings.consensusRuns;
  const all = createMatrix(runs * k, x.cols);
  for (let r = 0; r < runs; r++) {
    const run = `${name} consensus ${r}`;
    const half = takeRows(x, sampleRows(x.rows, Math.max(k, Math.ceil(x.rows / 2)), deriveSeed(task.settings.seed, run)));
    const { centroids } = await kmeansOnce(half, k, run, { ...task, settings: { ...task.settings, nInit: 1 } });
    all.data.set(centroids.data, r * k * x.cols);
  }
  const groups = cutTree(await agglomerate(all, 'ward', untold(task.ctx)), all.rows, { clusters: k });
  const { labels } = await assignNearest(x, centroidsOf(all, groups, k), task.compute, untold(task.ctx));
  return { labels, centroids: centroidsOf(x, labels, k) };
}
