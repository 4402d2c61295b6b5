import { expect, test } from 'vitest';
import { createMatrix, deriveSeed, type Matrix, rowOf, silentContext, takeRows } from '../../domain/index.ts';
import { blobMatrix, mixtureMatrix, uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { approximateKnn, knn, knnBetween, type Neighbours, pca, projectPca } from '../index.ts';
import { cutIntoCells } from './cells.ts';

const find = (x: Matrix, k = 15, seed = 1): Promise<Neighbours> => approximateKnn(x, k, { seed }, CPU, silentContext);

/** Share of the true neighbours that were found, over 300 rows evenly spaced. */
async function recall(x: Matrix, found: Neighbours): Promise<number> {
  const rows = Uint32Array.from({ length: 300 }, (_, i) => Math.floor((i * x.rows) / 300));
  const exact = await knnBetween(takeRows(x, rows), x, found.k, CPU, silentContext);
  let hits = 0;
  for (const [i, row] of rows.entries()) {
    const own = new Set(found.ids.subarray(row * found.k, (row + 1) * found.k));
    for (const id of exact.ids.subarray(i * found.k, (i + 1) * found.k)) if (own.has(id)) hits++;
  }
  return hits / exact.ids.length;
}

test('recall is at least .83 on 10,000 hard rows of 384 dimensions, and .95 on their 64 principal components', async () => {
  const x = mixtureMatrix(10_000, 384, 1);
  expect(await recall(x, await find(x))).toBeGreaterThanOrEqual(0.83);
  const reduced = await projectPca(
    await pca(
      takeRows(
        x,
        Array.from({ length: 2000 }, (_, i) => i * 5),
      ),
      64,
      CPU,
      silentContext,
    ),
    x,
    CPU,
    silentContext,
  );
  expect(await recall(reduced, await find(reduced))).toBeGreaterThanOrEqual(0.95);
});

test('recall is at least .56 on 50,000 hard rows of 384 dimensions', async () => {
  const x = mixtureMatrix(50_000, 384, 1);
  expect(await recall(x, await find(x))).toBeGreaterThanOrEqual(0.56);
});

test('recall is at least .95 where there are no clusters', async () => {
  const x = uniformMatrix(20_000, 8, 3);
  expect(await recall(x, await find(x))).toBeGreaterThanOrEqual(0.95);
});

test('lists have the form of exact ones: the row first, others once, nearest first, at their true distances', async () => {
  const x = blobMatrix(9000, 5, 7, 0.4, 2);
  const { k, ids, distances } = await find(x, 10);
  expect([k, ids.length, distances.length]).toEqual([10, 90_000, 90_000]);
  for (let r = 0; r < x.rows; r++) {
    const list = [...ids.subarray(r * k, (r + 1) * k)];
    expect([list[0], distances[r * k], new Set(list).size]).toEqual([r, 0, k]);
    for (let j = 1; j < k; j++) {
      const other = rowOf(x, list[j] as number);
      const squared = rowOf(x, r).reduce((sum, value, i) => sum + (value - (other[i] as number)) ** 2, 0);
      expect(distances[r * k + j]).toBeCloseTo(Math.sqrt(squared), 5);
      expect(distances[r * k + j]).toBeGreaterThanOrEqual(distances[r * k + j - 1] as number);
    }
  }
});

test('P2 the same bits twice; another seed may find others', async () => {
  const x = uniformMatrix(9000, 24, 3);
  const first = await find(x);
  expect(await find(x)).toEqual(first);
  expect(await find(x, 15, 2)).not.toEqual(first);
});

test('few rows, short lists and very long lists are exact', async () => {
  for (const [rows, k] of [
    [0, 5],
    [1, 5],
    [300, 7],
    [2500, 1],
    [2100, 257],
  ] as const) {
    const x = uniformMatrix(rows, 3, 1);
    expect(await find(x, k)).toEqual(await knn(x, k, CPU, silentContext));
  }
});

test('rows that are all equal get full lists at distance 0', async () => {
  const { ids, distances } = await find(createMatrix(9000, 3), 15);
  expect(distances.every((d) => d === 0)).toBe(true);
  for (let r = 0; r < 9000; r++) expect(new Set(ids.subarray(r * 15, (r + 1) * 15)).size).toBe(15);
});

test('every row is in one cell, and no cell is smaller than asked', async () => {
  const x = blobMatrix(9000, 4, 3, 0.01, 1);
  const { order, offsets } = await cutIntoCells(x, { least: 200, most: 2048 }, deriveSeed(1, 'cells'), silentContext);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 9000 }, (_, i) => i));
  expect([offsets[0], offsets.at(-1)]).toEqual([0, 9000]);
  for (let c = 1; c < offsets.length; c++)
    expect((offsets[c] as number) - (offsets[c - 1] as number)).toBeGreaterThanOrEqual(200);
});

test('P7 it can be cancelled while it works', async () => {
  const stop = Object.assign(new Error('stop'), { name: 'CancelledError' });
  let calls = 0;
  const ctx = { progress: () => {}, checkpoint: () => (++calls < 50 ? Promise.resolve() : Promise.reject(stop)) };
  await expect(approximateKnn(uniformMatrix(8000, 16, 1), 15, { seed: 1 }, CPU, ctx)).rejects.toBe(stop);
});
