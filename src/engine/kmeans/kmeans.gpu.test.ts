import { afterAll, beforeAll, expect, test } from 'vitest';
import { type JobContext, silentContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { blobMatrix, openNodeGpu, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { adjustedRandIndex, type Compute, CPU, type KMeansOptions, kmeans } from '../index.ts';

const options: KMeansOptions = { k: 6, seed: 1, nInit: 2, maxIterations: 100, tolerance: 1e-4, spherical: false };

let gpu: GpuContext;
let device: Compute;
const told: string[] = [];
beforeAll(async () => {
  gpu = await openNodeGpu();
  device = { device: 'webgpu', gpu, onFallback: (reason) => told.push(reason) };
});
afterAll(() => gpu.destroy());

test.each([
  ['blobs', blobMatrix(500, 64, 6, 0.3, 1), { k: 6 }],
  ['unit vectors without structure', unitMatrix(700, 16, 2), { k: 12, spherical: true }],
  ['one dimension', uniformMatrix(129, 1, 3), { k: 20 }],
  ['k = n', uniformMatrix(65, 3, 4), { k: 65 }],
  ['one row', uniformMatrix(1, 512, 5), { k: 1 }],
] as const)('at convergence it agrees with the CPU: %s', async (_, x, more) => {
  const [mine, right] = [
    await kmeans(x, { ...options, ...more }, device, silentContext),
    await kmeans(x, { ...options, ...more }, CPU, silentContext),
  ];
  expect(told).toEqual([]);
  expect(Math.abs(mine.inertia - right.inertia)).toBeLessThanOrEqual(1e-4 * right.inertia);
  expect(adjustedRandIndex(mine.labels, right.labels)).toBeGreaterThanOrEqual(0.99);
});

test('P2 the same device gives the same bits twice', async () => {
  const x = uniformMatrix(500, 17, 1);
  expect(await kmeans(x, options, device, silentContext)).toEqual(await kmeans(x, options, device, silentContext));
});

test('P5 a device lost in the middle: the job ends on the CPU, with the right answer, and says so', async () => {
  const x = uniformMatrix(800, 8, 1);
  const right = await kmeans(x, options, CPU, silentContext);
  expect(right.iterations).toBeGreaterThan(4);
  for (const lostAt of [1, 3]) {
    const other = await openNodeGpu();
    const ctx: JobContext = { ...silentContext, progress: (done) => done === lostAt && other.device.destroy() };
    const reasons: string[] = [];
    const result = await kmeans(x, options, { device: 'webgpu', gpu: other, onFallback: (reason) => reasons.push(reason) }, ctx);
    expect(reasons).toEqual([expect.stringContaining('lost')]);
    expect(adjustedRandIndex(result.labels, right.labels)).toBeGreaterThanOrEqual(0.99);
    expect(Math.abs(result.inertia / right.inertia - 1)).toBeLessThan(1e-4);
    other.destroy();
  }
});

test('P5 a device lost before the start is given up at once', async () => {
  const other = await openNodeGpu();
  other.destroy();
  const x = blobMatrix(100, 4, 6, 0.1, 1);
  const reasons: string[] = [];
  const compute: Compute = { device: 'webgpu', gpu: other, onFallback: (reason) => reasons.push(reason) };
  const result = await kmeans(x, options, compute, silentContext);
  expect(reasons).toEqual([expect.stringContaining('lost')]);
  expect(result.inertia).toBe((await kmeans(x, options, CPU, silentContext)).inertia);
});
