import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { CancelledError, createMatrix, type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import { blobMatrix, clusteredMatrix, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { adjustedRandIndex, agglomerate, cutTree } from '../index.ts';
import { largestDifference, sklearn, storedMatrix } from '../reference/index.ts';
import { enableSimd } from '../wasm/index.ts';
import { agglomerateOracle } from './oracle.ts';

afterEach(() => enableSimd(true));

const LINKAGES = ['ward', 'average'] as const;

test('merges, heights and labels are those of scipy', async () => {
  for (const stored of sklearn.hierarchy) {
    const x = storedMatrix(stored.x);
    for (const simd of [true, false]) {
      enableSimd(simd);
      const merges = await agglomerate(x, stored.method as 'ward' | 'average', silentContext);
      expect([...merges.a]).toEqual(stored.a);
      expect([...merges.b]).toEqual(stored.b);
      expect([...merges.size]).toEqual(stored.sizes);
      expect(largestDifference(merges.height, stored.heights)).toBeLessThan(2e-6 * (stored.heights.at(-1) as number));
      expect(adjustedRandIndex(cutTree(merges, x.rows, { clusters: stored.clusters }), stored.labels)).toBe(1);
    }
  }
});

test('three rows on a line, as by hand', async () => {
  const x: Matrix = { rows: 3, cols: 1, data: Float32Array.of(0, 2, 5) };
  // Ward: sqrt(2 * 2 * 1 / 3) * (5 - 1); average: (5 + 3) / 2.
  expect(largestDifference((await agglomerate(x, 'ward', silentContext)).height, [2, 8 / Math.sqrt(3)])).toBeLessThan(1e-6);
  expect(largestDifference((await agglomerate(x, 'average', silentContext)).height, [2, 4])).toBeLessThan(1e-6);
});

test('fuzz: the chain makes the merges that comparing all clusters makes', async () => {
  const shape = fc.record({ rows: fc.integer({ min: 1, max: 24 }), cols: fc.integer({ min: 1, max: 9 }), seed: fc.nat() });
  const check = async ({ rows, cols, seed }: typeof shape extends fc.Arbitrary<infer T> ? T : never, simd: boolean) => {
    enableSimd(simd);
    const x = uniformMatrix(rows, cols, seed);
    for (const linkage of LINKAGES) {
      const right = agglomerateOracle(x, linkage);
      const merges = await agglomerate(x, linkage, silentContext);
      expect(
        largestDifference(
          merges.height,
          right.map((step) => step.height),
        ),
      ).toBeLessThan(1e-5);
      // The merges themselves only where no two heights are nearer than rounding.
      if (right.some((step, s) => s > 0 && step.height - (right[s - 1]?.height ?? 0) < 1e-4)) continue;
      expect([...merges.size]).toEqual(right.map((step) => step.size));
      expect([...merges.a]).toEqual(right.map((step) => step.a));
      expect([...merges.b]).toEqual(right.map((step) => step.b));
    }
  };
  await fc.assert(fc.asyncProperty(shape, fc.boolean(), check), { numRuns: 100 });
});

test('fuzz: equal rows and equal distances end in one tree of all rows', async () => {
  const shape = fc.record({ rows: fc.integer({ min: 2, max: 150 }), cols: fc.integer({ min: 1, max: 3 }), seed: fc.nat() });
  const check = async ({ rows, cols, seed }: { rows: number; cols: number; seed: number }) => {
    const x = uniformMatrix(rows, cols, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = Math.round((x.data[i] as number) * 3) / 3;
    for (const linkage of LINKAGES) {
      const merges = await agglomerate(x, linkage, silentContext);
      expect([...merges.a, ...merges.b].sort((a, b) => a - b)).toEqual(Array.from({ length: 2 * rows - 2 }, (_, i) => i));
      expect(merges.size.at(-1)).toBe(rows);
      expect([...merges.height]).toEqual([...merges.height].sort((a, b) => a - b));
    }
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 60 });
});

test('equal rows merge at exactly 0, near rows at their distance in float64', async () => {
  expect([...(await agglomerate(createMatrix(70, 5), 'ward', silentContext)).height].every((h) => h === 0)).toBe(true);
  const base = unitMatrix(1, 64, 1);
  const x = { rows: 2, cols: 64, data: Float32Array.of(...base.data, ...base.data) };
  x.data[64] = (base.data[0] as number) + 2 ** -20;
  const right = (x.data[64] as number) - (x.data[0] as number);
  expect((await agglomerate(x, 'average', silentContext)).height[0]).toBeCloseTo(right, 12);
});

test('a row of weight w is w equal rows: the same heights above 0, and the same groups', async () => {
  const x = uniformMatrix(40, 4, 5);
  const weights = Int32Array.from({ length: 40 }, (_, r) => 1 + ((r * 7) % 5));
  const repeated = [...weights].flatMap((weight, r) => new Array<number>(weight).fill(r));
  for (const linkage of LINKAGES) {
    for (const simd of [true, false]) {
      enableSimd(simd);
      const weighted = await agglomerate(x, linkage, silentContext, weights);
      const rows = await agglomerate(takeRows(x, repeated), linkage, silentContext);
      expect(largestDifference(weighted.height, rows.height.slice(-39))).toBeLessThan(1e-5);
      for (const clusters of [2, 5, 11]) {
        const spread = repeated.map((r) => cutTree(weighted, 40, { clusters })[r] as number);
        expect(spread).toEqual([...cutTree(rows, repeated.length, { clusters })]);
      }
      expect(weighted.size.at(-1)).toBe(40);
    }
  }
});

test('awkward sizes', async () => {
  for (const rows of [0, 1, 2, 63, 64, 65, 129]) {
    const x = blobMatrix(rows, 5, 3, 0.1, 1);
    const labels = cutTree(await agglomerate(x, 'ward', silentContext), rows, { clusters: 3 });
    if (rows > 2)
      expect(
        adjustedRandIndex(
          labels,
          Int32Array.from({ length: rows }, (_, i) => i % 3),
        ),
      ).toBe(1);
    expect(labels.length).toBe(rows);
  }
});

test('P2 WASM and plain loops give the same cut, and the same bits twice', async () => {
  const x = clusteredMatrix(400, 384, 2);
  const merges = await agglomerate(x, 'ward', silentContext);
  expect(await agglomerate(x, 'ward', silentContext)).toEqual(merges);
  enableSimd(false);
  const plain = await agglomerate(x, 'ward', silentContext);
  expect(largestDifference(merges.height, plain.height)).toBeLessThan(1e-5);
  expect(adjustedRandIndex(cutTree(merges, 400, { clusters: 12 }), cutTree(plain, 400, { clusters: 12 }))).toBeGreaterThan(0.99);
});

test('fuzz: by rounds in WASM Ward has the heights and cuts of the plain chain, in tight groups and far from the origin too', async () => {
  const shape = fc.record({
    rows: fc.constantFrom(62, 63, 64, 65, 127, 130, 200),
    cols: fc.integer({ min: 2, max: 9 }),
    groups: fc.constantFrom(1, 7, 30),
    // Nearer than float32 tells apart from products of rows that long.
    spread: fc.constantFrom(1, 1e-2, 1e-4),
    isFar: fc.boolean(),
    seed: fc.nat(),
  });
  const check = async ({ rows, cols, groups, spread, isFar, seed }: typeof shape extends fc.Arbitrary<infer T> ? T : never) => {
    const x = blobMatrix(rows, cols, groups, spread, seed);
    // Far out float32 has so few numbers that distances would be equal, and any of them may come first.
    const offset = isFar && spread === 1 ? 100 : 0;
    for (let i = 0; i < x.data.length; i++) x.data[i] = (x.data[i] as number) + offset;
    enableSimd(true);
    const wasm = await agglomerate(x, 'ward', silentContext);
    enableSimd(false);
    const plain = await agglomerate(x, 'ward', silentContext);
    const highest = plain.height.at(-1) as number;
    expect(largestDifference(wasm.height, plain.height)).toBeLessThan(2e-6 * highest + 1e-6);
    if (groups > 1 && spread < 1e-2) {
      expect(adjustedRandIndex(cutTree(wasm, rows, { clusters: groups }), cutTree(plain, rows, { clusters: groups }))).toBe(1);
    }
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 80 });
});

test('Ward comes to an end where all are equally near: rows of a grid, one-hot rows, thousands of equal rows', async () => {
  const grid = uniformMatrix(1500, 2, 1);
  for (let i = 0; i < grid.data.length; i++) grid.data[i] = Math.round(10 * (grid.data[i] as number));
  const hot = createMatrix(300, 300);
  for (let r = 0; r < 300; r++) hot.data[r * 301] = 1;
  for (const x of [grid, hot, createMatrix(5000, 3)]) {
    const merges = await agglomerate(x, 'ward', silentContext);
    expect(merges.size.at(-1)).toBe(x.rows);
    expect([...merges.a, ...merges.b].sort((a, b) => a - b)).toEqual(Array.from({ length: 2 * x.rows - 2 }, (_, i) => i));
  }
  // Equal distances of single rows, whichever come first: half of the 300 pair at sqrt 2, and no union is nearer.
  expect((await agglomerate(hot, 'ward', silentContext)).height[149]).toBeCloseTo(Math.SQRT2, 6);
});

test('more rows than their distances have room for are refused, and so is what is no number', async () => {
  await expect(agglomerate(createMatrix(20_001, 1), 'average', silentContext)).rejects.toThrow('20001 rows');
  await expect(agglomerate(createMatrix(100_001, 1), 'ward', silentContext)).rejects.toThrow('100001 rows');
  const bad = { rows: 1, cols: 1, data: Float32Array.of(Number.NaN) };
  await expect(agglomerate(bad, 'ward', silentContext)).rejects.toThrow('NaN');
});

test('long rows go the plain path, and rows too far apart for float32 are refused', async () => {
  const long = { rows: 3, cols: 1, data: Float32Array.of(0, 2e18, 5e18) };
  expect([...(await agglomerate(long, 'average', silentContext)).height].map((h) => h.toExponential(3))).toEqual([
    '2.000e+18',
    '4.000e+18',
  ]);
  const far = { rows: 3, cols: 1, data: Float32Array.of(0, 2e30, 5e30) };
  await expect(agglomerate(far, 'average', silentContext)).rejects.toThrow('too far');
  expect((await agglomerate(far, 'ward', silentContext)).height[0]).toBeCloseTo(2e30, -25);
});

test('P7 it can be cancelled', async () => {
  const stop = { ...silentContext, checkpoint: () => Promise.reject(new CancelledError()) };
  await expect(agglomerate(uniformMatrix(200, 3, 1), 'ward', stop)).rejects.toThrow(CancelledError);
});
