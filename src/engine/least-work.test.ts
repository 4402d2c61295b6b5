import { expect, test } from 'vitest';
import { type JobContext, type Matrix, silentContext, takeRows } from '../domain/index.ts';
import { type GpuContext, GpuLostError } from '../gpu/index.ts';
import { uniformMatrix } from '../testing/index.ts';
import {
  assignNearest,
  type Compute,
  CPU,
  dbscan,
  kDistances,
  kmeans,
  knn,
  knnBetween,
  pca,
  projectPca,
  silhouette,
  umapLayout,
} from './index.ts';

const x = uniformMatrix(300, 8, 1);
const labels = Int32Array.from({ length: x.rows }, (_, r) => r % 3);
const model = await pca(x, 3, CPU, silentContext);
const first = (rows: number): Matrix => takeRows(x, [...Array(rows).keys()]);

const STEPS: readonly [string, (compute: Compute, ctx: JobContext) => Promise<unknown>][] = [
  ['k-means', (c, ctx) => kmeans(x, { k: 3, seed: 1, nInit: 2, maxIterations: 9, tolerance: 1e-4, spherical: false }, c, ctx)],
  ['assignment', (c, ctx) => assignNearest(x, first(4), c, ctx)],
  ['neighbours', (c, ctx) => knn(x, 5, c, ctx)],
  ['neighbours among others', (c, ctx) => knnBetween(first(7), x, 5, c, ctx)],
  ['k-distances', (c, ctx) => kDistances(x, 5, c, ctx)],
  ['DBSCAN', (c, ctx) => dbscan(x, { eps: 0.7, minPts: 4 }, c, ctx)],
  ['silhouette', (c, ctx) => silhouette(x, labels, c, ctx)],
  ['PCA', (c, ctx) => pca(x, 3, c, ctx)],
  ['projection', (c, ctx) => projectPca(model, x, c, ctx)],
  ['layout', (c, ctx) => umapLayout(x, { neighbours: 5, minDist: 0.1, epochs: 5, seed: 1 }, c, ctx)],
];

/** A device that fails at the first thing it is asked for. */
const broken = new Proxy({} as GpuContext, {
  get: () => {
    throw new GpuLostError('gone');
  },
});

test.each(STEPS)('P2 %s with less work than pays never asks the device, and with enough it does', async (_, run) => {
  const told: string[] = [];
  const device = (leastWork: number): Compute => ({
    device: 'webgpu',
    gpu: broken,
    leastWork,
    onFallback: (reason) => told.push(reason),
  });
  const right = await run(CPU, silentContext);
  expect(await run(device(1e12), silentContext)).toEqual(right);
  expect(told).toEqual([]);
  expect(await run(device(1), silentContext)).toEqual(right);
  expect(told).not.toEqual([]);
});
