import { afterAll, describe, expect, inject, test } from 'vitest';
import { type Matrix, silentContext } from '../../domain/index.ts';
import { blobMatrix, openNodeTeam, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import {
  assignNearest,
  type Compute,
  CPU,
  dbscan,
  hdbscan,
  kmeans,
  knn,
  knnBetween,
  pca,
  projectPca,
  silhouetteForMany,
} from '../index.ts';

const [two, four] = [openNodeTeam(2, inject('thread')), openNodeTeam(4, inject('thread'))];
afterAll(() => {
  two.close();
  four.close();
});

const SHAPES: readonly Matrix[] = [
  unitMatrix(2100, 64, 1),
  blobMatrix(1500, 20, 8, 0.6, 2),
  uniformMatrix(1, 3, 3),
  uniformMatrix(63, 5, 4),
  uniformMatrix(64, 5, 5),
  uniformMatrix(65, 1, 6),
  // Rows that repeat, and a column that is constant.
  { rows: 1100, cols: 3, data: Float32Array.from({ length: 3300 }, (_, i) => (i % 3 === 0 ? 7 : (i * 7919) % 11)) },
];

/** What `run` gives alone, with two threads and with four; twice each, since who takes which block is left to chance. */
async function expectSameBits(run: (compute: Compute) => Promise<unknown>, what: string): Promise<void> {
  const alone = await run(CPU);
  for (const team of [two, four, two, four]) expect(await run({ device: 'cpu', team }), what).toEqual(alone);
  expect([two.lost, four.lost]).toEqual([null, null]);
}

const cases: Readonly<Record<string, (x: Matrix, compute: Compute) => Promise<unknown>>> = {
  'k-means from k-means++': (x, compute) => kmeans(x, { ...kmeansOptions, k: Math.min(8, x.rows) }, compute, silentContext),
  'k-means by cosine': (x, compute) =>
    kmeans(x, { ...kmeansOptions, k: Math.min(70, x.rows), spherical: true, maxIterations: 5 }, compute, silentContext),
  'k-means by mini-batches': (x, compute) =>
    kmeans(x, { ...kmeansOptions, k: Math.min(8, x.rows), batchSize: 300 }, compute, silentContext),
  'nearest centroids': (x, compute) => assignNearest(x, uniformMatrix(13, x.cols, 8), compute, silentContext),
  'exact neighbours': (x, compute) => knn(x, 15, compute, silentContext),
  'neighbours of other rows': (x, compute) => knnBetween(uniformMatrix(400, x.cols, 9), x, 5, compute, silentContext),
  silhouettes: (x, compute) => silhouetteForMany(x, [labels(x.rows, 3), labels(x.rows, 20)], compute, silentContext),
  'PCA and its projection': async (x, compute) => {
    const model = await pca(x, 3, compute, silentContext);
    return [model, await projectPca(model, x, compute, silentContext)];
  },
  HDBSCAN: (x, compute) => hdbscan(x, { minClusterSize: 5, minSamples: 3, selection: 'eom' }, compute, silentContext),
  DBSCAN: (x, compute) => dbscan(x, { eps: 0.9, minPts: 5 }, compute, silentContext),
  'DBSCAN with cells': (x, compute) => dbscan(x, { eps: 0.9, minPts: 5, cells: 8 }, compute, silentContext),
};

const kmeansOptions = { seed: 1, nInit: 2, maxIterations: 20, tolerance: 0, spherical: false };

const labels = (rows: number, k: number) => Int32Array.from({ length: rows }, (_, r) => (r * 31) % k);

describe('P2 one thread and several give the same bits', () => {
  test.each(Object.entries(cases))('%s', async (_, run) => {
    for (const x of SHAPES) await expectSameBits((compute) => run(x, compute), `${x.rows} x ${x.cols}`);
  });
});
