import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createRandom, type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import { blobMatrix, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { CPU, type KMeansOptions, kmeans } from '../index.ts';
import { enableSimd, openRows } from '../wasm/index.ts';
import { PlainSeeder, seedCentroids } from './seeding.ts';
import { WasmSeeder } from './seeding.wasm.ts';

const options: KMeansOptions = { k: 3, seed: 1, nInit: 1, maxIterations: 60, tolerance: 0, spherical: false };

afterEach(() => enableSimd(true));

async function onBothPaths(x: Matrix, more: Partial<KMeansOptions>) {
  enableSimd(true);
  const wasm = await kmeans(x, { ...options, ...more }, CPU, silentContext);
  enableSimd(false);
  return { wasm, plain: await kmeans(x, { ...options, ...more }, CPU, silentContext) };
}

const firstRows = (x: Matrix, k: number): Matrix => takeRows(x, [...Array(k).keys()]);

test('from the same start WASM and plain loops give the same bits: labels, centroids, inertia, iterations', async () => {
  for (const [x, k] of [
    [unitMatrix(600, 64, 1), 12],
    [blobMatrix(2000, 20, 8, 0.6, 2), 8],
    [uniformMatrix(65, 1, 3), 20],
    [uniformMatrix(64, 3, 4), 2],
    [unitMatrix(300, 384, 5), 20],
    [uniformMatrix(1, 512, 6), 1],
  ] as const) {
    for (const spherical of [false, true]) {
      const { wasm, plain } = await onBothPaths(x, { k, spherical, start: firstRows(x, k) });
      expect(wasm, `${x.rows} x ${x.cols}, k ${k}`).toEqual(plain);
    }
  }
});

test('fuzz: the same bits for rows that repeat, constant columns, empty clusters and rows far from the origin', async () => {
  const shape = fc.record({
    rows: fc.integer({ min: 1, max: 80 }),
    cols: fc.integer({ min: 1, max: 9 }),
    k: fc.integer({ min: 1, max: 12 }),
    seed: fc.nat(),
    steps: fc.constantFrom(1, 2, 1000),
    offset: fc.constantFrom(0, 1000),
  });
  const check = async ({ rows, cols, k, seed, steps, offset }: typeof shape extends fc.Arbitrary<infer T> ? T : never) => {
    const x = uniformMatrix(rows, cols, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = offset + Math.round((x.data[i] as number) * steps) / steps;
    const start = uniformMatrix(Math.min(k, rows), cols, seed + 1);
    const { wasm, plain } = await onBothPaths(x, { k: start.rows, start, maxIterations: 12 });
    expect(wasm).toEqual(plain);
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 200 });
});

test('k-means++ sees the same squared distances on both paths, to float32 rounding, in any number of parts', async () => {
  const x = unitMatrix(301, 48, 1);
  for (const arenaBytes of [2 ** 30, 48 * 4 * 100]) {
    const rows = await openRows(x, silentContext, null, arenaBytes);
    if (!rows) throw new Error('no SIMD');
    const [wasm, plain] = [new WasmSeeder(rows, 20), new PlainSeeder(x)];
    wasm.begin();
    plain.begin();
    for (const candidates of [[3], [4, 100, 299, 12], [300, 5, 6, 7]]) {
      expect(await wasm.takeBest(candidates, silentContext)).toBe(await plain.takeBest(candidates, silentContext));
      const [found, right] = [wasm.nearest(), plain.nearest()];
      for (let r = 0; r < x.rows; r++) expect(Math.abs((found[r] as number) - (right[r] as number))).toBeLessThan(1e-5);
      expect(found[3]).toBe(0);
    }
    rows.close();
  }
});

test('k-means++ in WASM picks distinct rows while there are any', async () => {
  const x = uniformMatrix(40, 2, 1);
  const rows = await openRows(x, silentContext);
  if (!rows) throw new Error('no SIMD');
  const seeds = await seedCentroids(x, 40, createRandom(1), new WasmSeeder(rows, 40), silentContext);
  rows.close();
  expect(new Set(Array.from({ length: 40 }, (_, c) => seeds.data.subarray(c * 2, c * 2 + 2).join())).size).toBe(40);
});

test('P7 a cancelled run gives its memory back', async () => {
  const stop = Object.assign(new Error('stop'), { name: 'CancelledError' });
  let left = 20;
  const ctx = { ...silentContext, checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(stop)) };
  const x = unitMatrix(3000, 64, 1);
  await expect(kmeans(x, { ...options, k: 20 }, CPU, ctx)).rejects.toBe(stop);
  expect((await kmeans(x, { ...options, k: 5, maxIterations: 2 }, CPU, silentContext)).iterations).toBe(2);
});
