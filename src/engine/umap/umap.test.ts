import { expect, test } from 'vitest';
import { createMatrix, rowOf, silentContext, takeRows } from '../../domain/index.ts';
import { blobMatrix, uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { placeByNeighbours, trustworthiness, type UmapOptions, umapLayout } from '../index.ts';

const options: UmapOptions = { neighbours: 15, minDist: 0.1, epochs: 200, seed: 1 };
const layoutOf = (x: Parameters<typeof umapLayout>[0], more: Partial<UmapOptions> = {}) =>
  umapLayout(x, { ...options, ...more }, CPU, silentContext);

test('neighbourhoods survive: trustworthiness at 15 neighbours is at least 0.95 on planted clusters', async () => {
  const x = blobMatrix(600, 16, 6, 0.4, 1);
  const layout = await layoutOf(x);
  expect(await trustworthiness(x, layout, 15, silentContext)).toBeGreaterThanOrEqual(0.95);
});

test('P2 the same seed gives the same layout, another seed another', async () => {
  const x = blobMatrix(120, 8, 3, 0.4, 1);
  const first = await layoutOf(x, { epochs: 20 });
  expect(await layoutOf(x, { epochs: 20 })).toEqual(first);
  expect(await layoutOf(x, { epochs: 20, seed: 2 })).not.toEqual(first);
});

test('few rows have a layout too, distinct rows at distinct places', async () => {
  for (const rows of [0, 1, 2, 3, 15, 16, 17]) {
    const layout = await layoutOf(uniformMatrix(rows, 4, 1), { epochs: 20 });
    expect([layout.rows, layout.cols]).toEqual([rows, 2]);
    expect(layout.data.every(Number.isFinite)).toBe(true);
    expect(new Set(Array.from({ length: rows }, (_, r) => rowOf(layout, r).join())).size).toBe(rows);
  }
});

test('equal rows share their place, however many there are', async () => {
  const base = uniformMatrix(30, 4, 1);
  const copies = Array.from({ length: 300 }, (_, i) => (i < 200 ? 0 : i % 30));
  const layout = await layoutOf(takeRows(base, copies), { epochs: 20 });
  for (let i = 0; i < 300; i++) expect(rowOf(layout, i)).toEqual(rowOf(layout, copies.indexOf(copies[i] as number)));
  expect((await layoutOf(createMatrix(50, 3))).data.every((v) => v === 0)).toBe(true);
});

test('P7 every epoch tells its progress and can be cancelled', async () => {
  const stop = Object.assign(new Error('stop'), { name: 'CancelledError' });
  const told: number[] = [];
  const ctx = {
    progress: (done: number, total: number) => void told.push(done / total),
    checkpoint: () => (told.length <= 5 ? Promise.resolve() : Promise.reject(stop)),
  };
  await expect(umapLayout(uniformMatrix(60, 3, 1), { ...options, epochs: 50 }, CPU, ctx)).rejects.toBe(stop);
  expect(told).toEqual([0, 0.02, 0.04, 0.06, 0.08, 0.1]);
});

test('a placed row lies at the weighted mean of its nearest, and on its twin where it has one', async () => {
  const reference = { rows: 3, cols: 1, data: Float32Array.of(0, 1, 10) };
  const layout = { rows: 3, cols: 2, data: Float32Array.of(0, 0, 4, 8, 100, 100) };
  const queries = { rows: 3, cols: 1, data: Float32Array.of(0.25, 1, 11) };
  const placed = await placeByNeighbours(queries, reference, layout, 2, CPU, silentContext);
  expect([...placed.data.slice(0, 4)]).toEqual([1, 2, 4, 8]);
  expect(placed.data[4]).toBeCloseTo((4 / 10 + 100) / 1.1, 4);
});

test('nothing to place, and nowhere to place it', async () => {
  const one = uniformMatrix(1, 3, 1);
  expect((await placeByNeighbours(createMatrix(0, 3), one, createMatrix(1, 2), 5, CPU, silentContext)).rows).toBe(0);
  expect([...(await placeByNeighbours(one, createMatrix(0, 3), createMatrix(0, 2), 5, CPU, silentContext)).data]).toEqual([0, 0]);
});
