import { expect, test } from 'vitest';
import { createMatrix, silentContext } from '../../domain/index.ts';
import { blobMatrix } from '../../testing/index.ts';
import { CPU, dbscan, kDistances, kneeOf } from '../index.ts';

test('the k-distance curve is sorted, counts the row itself, and says how many rows are core', async () => {
  const x = blobMatrix(200, 4, 4, 0.3, 7);
  const curve = await kDistances(x, 6, CPU, silentContext);
  expect([...curve]).toEqual([...curve].sort((a, b) => a - b));
  for (const at of [20, 100, 180]) {
    // Between this value and the next: those of the curve are rounded.
    const eps = ((curve[at] as number) + (curve[at + 1] as number)) / 2;
    const { core } = await dbscan(x, { eps, minPts: 6 }, CPU, silentContext);
    expect(core.filter((c) => c === 1).length).toBe(at + 1);
  }
});

test('k = 1 is the row itself; without rows there is no curve; with fewer than k it is the farthest row', async () => {
  expect((await kDistances(blobMatrix(70, 3, 2, 0.3, 1), 1, CPU, silentContext)).every((d) => d === 0)).toBe(true);
  expect((await kDistances(createMatrix(0, 3), 4, CPU, silentContext)).length).toBe(0);
  const x = { rows: 3, cols: 1, data: Float32Array.of(0, 1, 4) };
  expect(await kDistances(x, 9, CPU, silentContext)).toEqual(Float32Array.of(3, 4, 4));
});

test('the knee is the point farthest below the chord; a straight or bulging curve ends at its last', () => {
  expect(kneeOf(Float32Array.of(1, 1.1, 1.2, 1.3, 5, 9))).toEqual({ index: 3, distance: Math.fround(1.3) });
  expect(kneeOf(Float32Array.of(2, 2, 2))).toEqual({ index: 2, distance: 2 });
  expect(kneeOf(Float32Array.of(0, 1, 2, 3))).toEqual({ index: 3, distance: 3 });
  expect(kneeOf(Float32Array.of(0, 3, 4))).toEqual({ index: 2, distance: 4 });
  expect(kneeOf(Float32Array.of(7))).toEqual({ index: 0, distance: 7 });
  expect(kneeOf(new Float32Array(0))).toBeNull();
});

test('eps at the knee finds the planted clusters and leaves most rows in them', async () => {
  const x = blobMatrix(400, 8, 5, 0.2, 9);
  const eps = kneeOf(await kDistances(x, 8, CPU, silentContext))?.distance as number;
  const { clusters, labels } = await dbscan(x, { eps, minPts: 8 }, CPU, silentContext);
  expect(clusters).toBe(5);
  expect(labels.filter((l) => l >= 0).length).toBeGreaterThan(360);
});
