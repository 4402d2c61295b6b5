import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createMatrix, type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import { blobMatrix, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { knn, knnBetween, type Neighbours } from '../index.ts';
import { largestDifference } from '../reference/index.ts';
import { enableSimd } from '../wasm/index.ts';
import { knnWasm } from './knn.wasm.ts';

afterEach(() => enableSimd(true));

async function onBothPaths(run: () => Promise<Neighbours>): Promise<[Neighbours, Neighbours]> {
  enableSimd(true);
  const wasm = await run();
  enableSimd(false);
  return [wasm, await run()];
}

function expectSame([wasm, plain]: [Neighbours, Neighbours], what: string): void {
  expect(wasm.k, what).toBe(plain.k);
  expect(wasm.ids, what).toEqual(plain.ids);
  expect(largestDifference(wasm.distances, plain.distances), what).toBeLessThan(1e-6);
}

test('WASM finds the neighbours that plain float64 loops find', async () => {
  for (const [x, k] of [
    [unitMatrix(500, 384, 1), 15],
    [blobMatrix(700, 32, 7, 0.2, 2), 15],
    [uniformMatrix(300, 2, 3), 40],
    [uniformMatrix(200, 1, 4), 5],
    [uniformMatrix(65, 512, 5), 65],
  ] as const) {
    expectSame(await onBothPaths(() => knn(x, k, CPU, silentContext)), `${x.rows} x ${x.cols}`);
    const queries = uniformMatrix(67, x.cols, 9);
    expectSame(await onBothPaths(() => knnBetween(queries, x, k, CPU, silentContext)), `between, ${x.rows} x ${x.cols}`);
  }
});

test('fuzz: the same at any shape, for rows that repeat and rows far from the origin', async () => {
  const shape = fc.record({
    rows: fc.integer({ min: 1, max: 140 }),
    cols: fc.integer({ min: 1, max: 20 }),
    k: fc.integer({ min: 1, max: 20 }),
    seed: fc.nat(),
    steps: fc.constantFrom(1, 4, 4096),
    offset: fc.constantFrom(0, 64),
  });
  const check = async ({ rows, cols, k, seed, steps, offset }: typeof shape extends fc.Arbitrary<infer T> ? T : never) => {
    // Whole multiples of a power of two: float64 sums of their squares are exact, so that ties are ties on both paths.
    const x = uniformMatrix(rows, cols, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = offset + Math.round((x.data[i] as number) * steps) / steps;
    expectSame(await onBothPaths(() => knn(x, k, CPU, silentContext)), 'own');
    const queries = takeRows(x, [0, rows >> 1, rows - 1]);
    expectSame(await onBothPaths(() => knnBetween(queries, x, k, CPU, silentContext)), 'between');
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 200 });
});

test('near equals that float32 cannot tell apart are ordered by float64', async () => {
  const base = unitMatrix(1, 64, 1);
  const x = createMatrix(100, 64);
  for (let r = 0; r < 100; r++) {
    x.data.set(base.data, r * 64);
    // Squared distances of 1e-12 and less, where float32 rounds 1 to 6e-8.
    x.data[r * 64] = (base.data[0] as number) + ((r * 37) % 100) * 2 ** -23;
  }
  const [wasm, plain] = await onBothPaths(() => knn(x, 6, CPU, silentContext));
  expect(wasm.ids).toEqual(plain.ids);
});

test('rows too long for float32 are left to the plain path', async () => {
  const x: Matrix = { ...uniformMatrix(20, 3, 1) };
  for (let i = 0; i < x.data.length; i++) x.data[i] = (x.data[i] as number) * 1e30;
  expect(await knnWasm(x, 3, silentContext)).toBeNull();
  expect((await knn(x, 3, CPU, silentContext)).ids.length).toBe(60);
});
