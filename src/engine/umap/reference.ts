import { UMAP } from 'umap-js';
import { createRandom, deriveSeed, type JobContext, type Matrix } from '../../domain/index.ts';
import type { Neighbours } from '../knn/index.ts';
import type { OptimiseOptions } from './optimise.ts';

/**
 * The layout that umap-js makes from the same lists and the same start: what ours is measured against. It builds its graph in
 * one piece, 1.5 s for 5,000 rows, in which nothing else runs on this thread; 50,000 rows take it two minutes and 4 GB.
 */
export async function referenceLayout(
  neighbours: Neighbours,
  start: Float32Array,
  { minDist, spread = 1, epochs, seed }: OptimiseOptions,
  ctx: JobContext,
): Promise<Matrix> {
  const random = createRandom(deriveSeed(seed, 'umap'));
  const umap = new UMAP({ nNeighbors: neighbours.k, minDist, spread, nEpochs: epochs, random: random.next });
  const { ids, distances } = asLists(neighbours);
  umap.setPrecomputedKNN(ids, distances);
  // With the neighbours given umap-js asks its rows for nothing but their number.
  umap.initializeFit(ids.map(() => []));
  const positions = umap.getEmbedding();
  for (const [i, position] of positions.entries()) position.splice(0, 2, start[2 * i] as number, start[2 * i + 1] as number);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    ctx.progress(epoch + 1, epochs);
    await ctx.checkpoint();
  }
  return { rows: positions.length, cols: 2, data: Float32Array.from(positions.flat()) };
}

function asLists({ k, ids, distances }: Neighbours): { ids: number[][]; distances: number[][] } {
  const rows = Array.from({ length: ids.length / k }, (_, r) => r);
  return {
    ids: rows.map((r) => Array.from(ids.subarray(r * k, (r + 1) * k))),
    distances: rows.map((r) => Array.from(distances.subarray(r * k, (r + 1) * k))),
  };
}
