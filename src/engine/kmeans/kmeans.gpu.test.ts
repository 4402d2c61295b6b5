import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { blobMatrix, openNodeGpu, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import type { GpuBudget } from '../device/index.ts';
import { adjustedRandIndex, type Compute, CPU, type KMeansOptions, type KMeansResult, kmeans } from '../index.ts';
import { enableSimd } from '../wasm/index.ts';

const options: KMeansOptions = { k: 6, seed: 1, nInit: 1, maxIterations: 100, tolerance: 1e-4, spherical: false };

let gpu: GpuContext;
const told: string[] = [];
const on = (budget: Partial<GpuBudget> = {}): Compute => ({
  device: 'webgpu',
  gpu,
  budget,
  onFallback: (reason) => told.push(reason),
});
beforeAll(async () => {
  gpu = await openNodeGpu();
});
beforeEach(() => told.splice(0));
afterEach(() => enableSimd(true));
afterAll(() => gpu.destroy());

const onGpu = (x: Matrix, more: Partial<KMeansOptions>, budget: Partial<GpuBudget> = {}) =>
  kmeans(x, { ...options, ...more }, on(budget), silentContext);
const onCpu = (x: Matrix, more: Partial<KMeansOptions>) => kmeans(x, { ...options, ...more }, CPU, silentContext);
const firstRows = (x: Matrix, k: number): Matrix => takeRows(x, [...Array(k).keys()]);

/** Sum of squared deviations from the column means: what the inertia is a share of. */
const spread = async (x: Matrix): Promise<number> => (await onCpu(x, { k: 1, maxIterations: 1 })).inertia;

/** Inertia within 1e-4 (of the CPU's; where that is next to nothing, of 1e-6 of the rows' spread) and the same clusters. */
async function expectAgreement(x: Matrix, mine: KMeansResult, right: KMeansResult, what: string): Promise<void> {
  const slack = Math.max(1e-4 * right.inertia, 1e-10 * (await spread(x)));
  expect(Math.abs(mine.inertia - right.inertia), `${what}: inertia ${mine.inertia} for ${right.inertia}`).toBeLessThanOrEqual(
    slack,
  );
  expect(adjustedRandIndex(mine.labels, right.labels), what).toBeGreaterThanOrEqual(0.99);
}

test.each([
  ['blobs', blobMatrix(500, 64, 6, 0.3, 1), { k: 6, nInit: 2 }],
  ['unit vectors without structure', unitMatrix(700, 16, 2), { k: 12, spherical: true }],
  ['one dimension', uniformMatrix(129, 1, 3), { k: 15 }],
  ['k = n', uniformMatrix(14, 3, 4), { k: 14 }],
  ['one row', uniformMatrix(1, 200, 5), { k: 1 }],
] as const)('seeded with the same numbers, it ends where the CPU does: %s', async (what, x, more) => {
  const [mine, right] = [await onGpu(x, more), await onCpu(x, more)];
  expect(told).toEqual([]);
  await expectAgreement(x, mine, right, what);
});

test('fuzz: one iteration from the same start gives the labels, means and inertia of the oracle and of WASM', async () => {
  const shape = fc.record({
    rows: fc.constantFrom(1, 2, 15, 63, 64, 65, 255, 256, 257, 300),
    cols: fc.constantFrom(1, 3, 4, 5, 17, 64, 70),
    k: fc.integer({ min: 1, max: 16 }),
    spherical: fc.boolean(),
    offset: fc.constantFrom(0, 100),
    seed: fc.nat({ max: 1000 }),
  });
  const check = async ({ rows, cols, k, spherical, offset, seed }: typeof shape extends fc.Arbitrary<infer T> ? T : never) => {
    const x = uniformMatrix(rows, cols, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = (x.data[i] as number) + (spherical ? 0 : offset);
    const more = { k: Math.min(k, rows), spherical, start: firstRows(x, Math.min(k, rows)), maxIterations: 1 };
    const mine = await onGpu(x, more);
    for (const simd of [true, false]) {
      enableSimd(simd);
      const right = await onCpu(x, more);
      const what = JSON.stringify({ rows, cols, k, spherical, offset, seed, simd });
      const apart = mine.centroids.data.map((value, i) => Math.abs(value - (right.centroids.data[i] as number)));
      expect(Math.max(...apart), what).toBeLessThan(2e-6 * Math.max(1, offset));
      await expectAgreement(x, mine, right, what);
    }
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 25 });
  expect(told).toEqual([]);
});

test('P2 the same device gives the same bits twice', async () => {
  const x = uniformMatrix(500, 17, 1);
  const more = { nInit: 2, maxIterations: 30 };
  expect(await onGpu(x, more)).toEqual(await onGpu(x, more));
});

test('chunks of rows and cuts of every step give the labels of one piece, with means as good', async () => {
  const x = unitMatrix(1100, 24, 8);
  const more = { k: 7, maxIterations: 12 };
  const whole = await onGpu(x, more);
  for (const budget of [{ bindingBytes: 24 * 4 * 300 }, { dispatchWork: 1 }, { dispatchGroups: 1 }]) {
    const parts = await onGpu(x, more, budget);
    expect(parts.labels, JSON.stringify(budget)).toEqual(whole.labels);
    expect([parts.iterations, parts.converged]).toEqual([whole.iterations, whole.converged]);
    expect(Math.abs(parts.inertia / whole.inertia - 1)).toBeLessThan(1e-6);
  }
  expect(told).toEqual([]);
});

test('means of many rows are exact to 1e-6 of their spread, far from the origin too', async () => {
  const x = uniformMatrix(70_000, 2, 1);
  for (let i = 0; i < x.data.length; i++) x.data[i] = Math.fround((x.data[i] as number) + (i % 2 === 0 ? 0 : 50));
  const { centroids } = await onGpu(x, { k: 1, start: firstRows(x, 1), maxIterations: 1 });
  for (const c of [0, 1]) {
    let sum = 0;
    for (let i = c; i < x.data.length; i += 2) sum += x.data[i] as number;
    const mean = sum / x.rows;
    expect(Math.abs((centroids.data[c] as number) - mean)).toBeLessThan(1e-6 + Math.abs(mean) * 2 ** -24);
  }
});

test('clusters that lose their rows take the farthest ones, as on the CPU', async () => {
  const x = blobMatrix(120, 3, 4, 0.2, 5);
  const start = firstRows(x, 6);
  start.data.fill(1000, 6);
  for (const spherical of [false, true]) {
    const more = { k: 6, start, spherical, tolerance: 0 };
    const [mine, right] = [await onGpu(x, more), await onCpu(x, more)];
    await expectAgreement(x, mine, right, `spherical ${spherical}`);
    expect(mine.iterations).toBe(right.iterations);
  }
  expect(told).toEqual([]);
});

test('duplicates and constant columns: fewer distinct rows than k is no error, and each has a centre of its own', async () => {
  const x = { rows: 30, cols: 2, data: Float32Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 5 : Math.floor(i / 2) % 3)) };
  const { labels, inertia } = await onGpu(x, { k: 6 });
  expect(inertia).toBeLessThan(1e-10);
  expect(
    adjustedRandIndex(
      labels,
      Int32Array.from({ length: 30 }, (_, i) => i % 3),
    ),
  ).toBe(1);
  expect(told).toEqual([]);
});

test('it stops at the first iteration that met the rule, and when there are no more', async () => {
  const x = uniformMatrix(300, 4, 6);
  const full = await onGpu(x, { tolerance: 0 });
  expect(full.converged).toBe(true);
  expect(full.iterations).toBe((await onCpu(x, { tolerance: 0 })).iterations);
  for (const maxIterations of [0, 1, 3]) {
    const cut = await onGpu(x, { tolerance: 0, maxIterations });
    expect([cut.iterations, cut.converged]).toEqual([maxIterations, false]);
  }
});

test('rows whose clusters do not fit into a binding go to the CPU, which is told', async () => {
  const x = uniformMatrix(60, 8, 1);
  const result = await onGpu(x, { k: 40, start: firstRows(x, 40) }, { bindingBytes: 8 * 4 * 20 });
  expect(told).toEqual([expect.stringContaining('40 clusters need arrays')]);
  expect(result).toEqual(await onCpu(x, { k: 40, start: firstRows(x, 40) }));
});

test('P5 numbers beyond float32 fall back to the CPU and say so', async () => {
  const x = { rows: 4, cols: 1, data: Float32Array.of(-1e30, 1e30, -1.1e30, 1.1e30) };
  const result = await onGpu(x, { k: 2 });
  expect(told).toEqual([expect.stringContaining('beyond its range')]);
  expect(result).toEqual(await onCpu(x, { k: 2 }));
});

test('P7 cancelling stops between dispatches and is no reason to fall back', async () => {
  const cancelled = Object.assign(new Error('stop'), { name: 'CancelledError' });
  const x = unitMatrix(900, 5, 1);
  for (const after of [3, 12, 30]) {
    let left = after;
    const ctx = { ...silentContext, checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(cancelled)) };
    await expect(kmeans(x, { ...options, tolerance: 0 }, on({ dispatchWork: 1 }), ctx)).rejects.toBe(cancelled);
  }
  expect(told).toEqual([]);
});

test('no buffer is left, whether a run ends, is cancelled or does not fit', async () => {
  const cancelled = Object.assign(new Error('stop'), { name: 'CancelledError' });
  const x = uniformMatrix(200, 3, 1);
  const living = await countLiving(async () => {
    for (let i = 0; i < 5; i++) await onGpu(x, { k: 4, seed: i, nInit: 2, maxIterations: 3 });
    let left = 5;
    const ctx = { ...silentContext, checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(cancelled)) };
    await expect(kmeans(x, options, on({ dispatchWork: 1 }), ctx)).rejects.toBe(cancelled);
    await onGpu(x, { k: 40, start: firstRows(x, 40) }, { bindingBytes: 4 * 4 * 20 });
  });
  expect(living.made).toBeGreaterThan(100);
  expect(living.left).toBe(0);
});

/** Buffers made during `work`, and those of them that were not destroyed. */
async function countLiving(work: () => Promise<void>): Promise<{ made: number; left: number }> {
  const { device } = gpu;
  const living = new Set<GPUBuffer>();
  let made = 0;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      living.delete(buffer);
      return destroy();
    };
    living.add(buffer);
    made++;
    return buffer;
  };
  try {
    await work();
  } finally {
    device.createBuffer = create;
  }
  return { made, left: living.size };
}

test('mini-batches: assigned on the device it ends where the CPU does from the same batches, twice with the same bits', async () => {
  const x = blobMatrix(1000, 32, 6, 0.4, 1);
  for (const spherical of [false, true]) {
    const more = { batchSize: 200, nInit: 2, spherical };
    const mine = await onGpu(x, more);
    await expectAgreement(x, mine, await onCpu(x, more), `spherical ${spherical}`);
    expect(await onGpu(x, more)).toEqual(mine);
  }
  expect(told).toEqual([]);
});
