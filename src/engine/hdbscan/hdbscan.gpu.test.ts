import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Matrix, silentContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { blobMatrix, openNodeGpu, uniformMatrix } from '../../testing/index.ts';
import { type Compute, CPU } from '../compute.ts';
import { type HdbscanOptions, hdbscan } from '../index.ts';

let gpu: GpuContext;
let device: Compute;
beforeAll(async () => {
  gpu = await openNodeGpu();
  device = { device: 'webgpu', gpu, onFallback: (reason) => expect.fail(`fell back: ${reason}`) };
});
afterAll(() => gpu.destroy());

/** Whole numbers: most distances are equal to others. */
function gridMatrix(rows: number, cols: number, seed: number): Matrix {
  const x = uniformMatrix(rows, cols, seed);
  return { ...x, data: x.data.map((v) => Math.round(4 * v)) };
}

test.each([
  ['blobs', blobMatrix(300, 8, 5, 0.4, 1)],
  ['equal distances', gridMatrix(200, 2, 2)],
] as const)('with core distances of the device the clusters are those of the CPU: %s', async (_, x) => {
  const options: HdbscanOptions = { minClusterSize: 8, minSamples: 5, selection: 'eom' };
  const [mine, right] = [await hdbscan(x, options, device, silentContext), await hdbscan(x, options, CPU, silentContext)];
  expect(right.clusters).toBeGreaterThan(1);
  expect([...mine.labels]).toEqual([...right.labels]);
  expect(mine.tree.parent).toEqual(right.tree.parent);
});
