import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { blobMatrix, openNodeGpu, uniformMatrix } from '../../testing/index.ts';
import { budgetOf, type GpuBudget, openDeviceRows } from '../device/index.ts';
import { DeviceSeeder } from './seeding.gpu.ts';
import { PlainSeeder, seedCentroids } from './seeding.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openNodeGpu();
});
afterAll(() => gpu.destroy());

async function seedsOnGpu(x: Matrix, k: number, seed: number, budget: Partial<GpuBudget> = {}): Promise<number[]> {
  const limits = budgetOf(gpu, budget);
  const rows = await openDeviceRows(gpu, x, limits, silentContext);
  const seeder = new DeviceSeeder(gpu, rows, k, limits);
  try {
    return await seeder.seed(createRandom(seed), silentContext);
  } finally {
    seeder.close();
    rows.close();
  }
}

const seedsOnCpu = (x: Matrix, k: number, seed: number): Promise<Matrix> =>
  seedCentroids(x, k, createRandom(seed), new PlainSeeder(x), silentContext);

test('from the same random numbers the device chooses the rows that the CPU chooses', async () => {
  for (const [x, k] of [
    [blobMatrix(1500, 8, 10, 0.3, 1), 20],
    [uniformMatrix(481, 3, 2), 5],
    [uniformMatrix(65, 17, 3), 2],
    [uniformMatrix(2, 1, 4), 1],
  ] as const) {
    for (const seed of [1, 2]) {
      const rows = await seedsOnGpu(x, k, seed);
      expect(takeRows(x, rows), `${x.rows} x ${x.cols}, k ${k}`).toEqual(await seedsOnCpu(x, k, seed));
    }
  }
});

test('in chunks and in cuts it chooses the same rows', async () => {
  const x = blobMatrix(1500, 8, 10, 0.3, 1);
  const whole = await seedsOnGpu(x, 9, 3);
  for (const budget of [{ bindingBytes: 8 * 4 * 490 }, { dispatchGroups: 1 }]) {
    expect(await seedsOnGpu(x, 9, 3, budget), JSON.stringify(budget)).toEqual(whole);
  }
});

test('rows that are a centre already, and their copies, are not chosen while there are others', async () => {
  const x = uniformMatrix(12, 5, 5);
  const copies = takeRows(
    x,
    [...Array(600).keys()].map((i) => i % 12),
  );
  const rows = await seedsOnGpu(copies, 12, 1);
  expect(new Set(rows.map((row) => row % 12)).size).toBe(12);
});
