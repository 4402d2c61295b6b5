import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { CancelledError, createMatrix, createRandom, type Matrix, shuffle, silentContext, takeRows } from '../../domain/index.ts';
import { blobMatrix, clusteredMatrix, uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { adjustedRandIndex, type HdbscanOptions, hdbscan } from '../index.ts';
import { largestDifference } from '../reference/index.ts';
import { enableSimd } from '../wasm/index.ts';
import { spanningTreePlain } from './mst.ts';
import { spanningTreeWasm } from './mst.wasm.ts';
import { hdbscanOracle } from './oracle.ts';

afterEach(() => enableSimd(true));

const onLine = (...values: number[]): Matrix => ({ rows: values.length, cols: 1, data: Float32Array.from(values) });
const run = (x: Matrix, options: Partial<HdbscanOptions> = {}) =>
  hdbscan(x, { minClusterSize: 3, minSamples: 1, selection: 'eom', ...options }, CPU, silentContext);

test('two groups and a far row on a line, as by hand', async () => {
  // Gaps 1, 2 | 5 | 1, 1 | 20: all rows split off the last at 20, then split in two at 5.
  const found = await run(onLine(0, 1, 3, 8, 9, 10, 30));
  expect([...found.labels]).toEqual([0, 0, 0, 1, 1, 1, -1]);
  expect(found.clusters).toBe(2);
  expect([...found.tree.parent]).toEqual([-1, 0, 0]);
  expect([...found.tree.birth]).toEqual([Number.POSITIVE_INFINITY, 5, 5]);
  expect([...found.tree.death]).toEqual([5, 2, 1]);
  // 1 row until 20 and 6 until 5; 3 rows from 5 to 2; 3 rows from 5 to 1.
  const byHand = [1 / 20 + 6 / 5, 3 * (1 / 2 - 1 / 5), 3 * (1 - 1 / 5)];
  expect(largestDifference(found.tree.stability, byHand)).toBeLessThan(1e-12);
  expect([...found.probabilities]).toEqual([1, 1, 1, 1, 1, 1, 0]);
  // GLOSH of the far row: the densest there is below all rows ends at 1.
  expect(largestDifference(found.outlierScores, [0, 0, 0, 0, 0, 0, 1 - 1 / 20])).toBeLessThan(1e-7);
});

test('a row that leaves its cluster early has the probability end / its weight', async () => {
  const found = await run(onLine(0, 1, 2, 5, 20, 21, 22));
  expect([...found.labels]).toEqual([0, 0, 0, 0, 1, 1, 1]);
  expect(largestDifference(found.probabilities, [1, 1, 1, 1 / 3, 1, 1, 1])).toBeLessThan(1e-7);
  expect(largestDifference(found.outlierScores, [0, 0, 0, 2 / 3, 0, 0, 0])).toBeLessThan(1e-7);
});

test('excess of mass keeps a large cluster that leaf selection splits', async () => {
  // Left: two threes 2 apart, which hold 100 together; their own lives, from 2 to 1, are short against it.
  const x = onLine(0, 1, 2, 4, 5, 6, 106, 107, 108);
  const [eom, leaf] = [await run(x), await run(x, { selection: 'leaf' })];
  expect([...leaf.labels]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  // Own: 6 (1/2 - 1/100) = 2.94; the two: 2 x 3 (1 - 1/2) = 3 > 2.94, so they win; at a distance of 1.9 they would not.
  expect([...eom.labels]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  const nearer = onLine(0, 1, 2, 3.9, 4.9, 5.9, 106, 107, 108);
  expect([...(await run(nearer)).labels]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1]);
});

test('core distances count the row itself', async () => {
  const found = await run(onLine(0, 1, 3, 7), { minSamples: 3, minClusterSize: 2 });
  // Third nearest, itself first: 3, 2, 3, 6. Edges 0-1: 3, 1-2: 3, 2-3: 6.
  expect([...found.tree.rowWeight]).toEqual([3, 3, 3, 6]);
});

test('one cluster is found only where allowed; what left it before its end is noise', async () => {
  const x = onLine(0, 1, 2, 3, 9);
  expect((await run(x)).clusters).toBe(0);
  const one = await run(x, { allowSingleCluster: true });
  expect([...one.labels]).toEqual([0, 0, 0, 0, -1]);
});

test('equal rows: finite scores, one cluster a group', async () => {
  const x = onLine(...Array<number>(6).fill(0), ...Array<number>(6).fill(4), 2);
  const found = await run(x, { minSamples: 4 });
  expect([...found.labels]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, -1]);
  expect([...found.tree.stability].every(Number.isFinite)).toBe(true);
  expect(found.outlierScores[12]).toBe(1);
  expect((await run(createMatrix(70, 3))).clusters).toBe(0);
});

test('fewer rows than a cluster needs are noise', async () => {
  for (const rows of [0, 1, 2]) {
    const found = await run(uniformMatrix(rows, 2, 1));
    expect(found.labels).toEqual(new Int32Array(rows).fill(-1));
    expect(found.outlierScores).toEqual(new Float32Array(rows));
    expect(found.tree.parent.length).toBe(0);
  }
});

test('rows too long for float32 go the plain path', async () => {
  expect([...(await run(onLine(0, 1e30, 3e30, 8e30, 9e30, 10e30, 30e30))).labels]).toEqual([0, 0, 0, 1, 1, 1, -1]);
  expect((await run(onLine(-3e38, 3e38, 0), { minClusterSize: 2 })).clusters).toBe(0);
});

test('impossible sizes are refused', async () => {
  await expect(run(uniformMatrix(5, 2, 1), { minClusterSize: 1 })).rejects.toThrow('at least 2');
  await expect(run({ ...uniformMatrix(5, 2, 1), data: new Float32Array(10).fill(Number.NaN) })).rejects.toThrow('NaN');
});

const shapes = fc.record({
  rows: fc.integer({ min: 2, max: 40 }),
  cols: fc.integer({ min: 1, max: 6 }),
  seed: fc.nat(),
  // Whole multiples of a power of two: sums of their squares are exact, so that ties are ties on all paths.
  steps: fc.constantFrom(8, 64, 4096),
  offset: fc.constantFrom(0, 64),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

function gridMatrix({ rows, cols, seed, steps, offset }: Shape): Matrix {
  const x = uniformMatrix(rows, cols, seed);
  for (let i = 0; i < x.data.length; i++) x.data[i] = offset + Math.round((x.data[i] as number) * steps) / steps;
  return x;
}

/** Each row once: the oracle knows no weight of 0. */
function distinct(x: Matrix): Matrix {
  const rows = new Map<string, number>();
  for (let r = x.rows - 1; r >= 0; r--) rows.set(x.data.subarray(r * x.cols, (r + 1) * x.cols).join(), r);
  return takeRows(x, [...rows.values()]);
}

test('fuzz: labels, probabilities and outlier scores are those of the definitions, ties included', async () => {
  const asked = fc.record({ size: fc.integer({ min: 2, max: 6 }), samples: fc.integer({ min: 1, max: 6 }) });
  const check = async (shape: Shape, { size, samples }: { size: number; samples: number }, wasm: boolean) => {
    const x = distinct(gridMatrix(shape));
    enableSimd(wasm);
    for (const selection of ['eom', 'leaf'] as const) {
      const right = hdbscanOracle(x, size, samples, selection);
      const found = await run(x, { minClusterSize: size, minSamples: samples, selection });
      expect([...found.labels]).toEqual([...right.labels]);
      expect(largestDifference(found.probabilities, right.probabilities)).toBeLessThan(1e-6);
      expect(largestDifference(found.outlierScores, right.outlierScores)).toBeLessThan(1e-6);
    }
  };
  await fc.assert(fc.asyncProperty(shapes, asked, fc.boolean(), check), { numRuns: 150 });
});

test('fuzz: WASM finds the spanning tree of plain loops, edge for edge, equal rows included', async () => {
  const check = async (shape: Shape, copies: number, plateau: number) => {
    const base = gridMatrix(shape);
    const x = takeRows(
      base,
      Int32Array.from({ length: base.rows * copies }, (_, i) => i % base.rows),
    );
    const core = Float32Array.from({ length: x.rows }, (_, i) => (i % 7) * plateau);
    expect(await spanningTreeWasm(x, core, silentContext)).toEqual(await spanningTreePlain(x, core, silentContext));
  };
  await fc.assert(fc.asyncProperty(shapes, fc.integer({ min: 1, max: 6 }), fc.constantFrom(0, 0.25, 1), check), { numRuns: 150 });
});

test('WASM and plain loops agree on embeddings, at sizes across the cache', async () => {
  for (const [rows, cols] of [
    [700, 384],
    [333, 33],
    [2, 5],
    [5, 512],
  ] as const) {
    const x = clusteredMatrix(rows, cols, rows);
    const wasm = await run(x, { minSamples: 5 });
    enableSimd(false);
    const plain = await run(x, { minSamples: 5 });
    enableSimd(true);
    expect(wasm.labels).toEqual(plain.labels);
    expect(largestDifference(wasm.outlierScores, plain.outlierScores)).toBeLessThan(1e-6);
  }
});

test('planted blobs are found, with noise between them', async () => {
  const x = blobMatrix(600, 8, 5, 0.15, 3);
  const truth = Int32Array.from({ length: 600 }, (_, i) => i % 5);
  const noise = uniformMatrix(60, 8, 9);
  const both = { rows: 660, cols: 8, data: Float32Array.of(...x.data, ...noise.data) };
  const found = await run(both, { minClusterSize: 15, minSamples: 5 });
  expect(adjustedRandIndex(found.labels.subarray(0, 600), truth)).toBeGreaterThan(0.98);
  expect(found.labels.subarray(600).filter((l) => l === -1).length).toBeGreaterThan(54);
});

test('two moons are told apart', async () => {
  const random = createRandom(1);
  const data = Array.from({ length: 400 }, (_, i) => {
    const angle = Math.PI * random.next();
    const [dx, dy] = [0.1 * (random.next() - 0.5), 0.1 * (random.next() - 0.5)];
    return i % 2 ? [1 - Math.cos(angle) + dx, 0.5 - Math.sin(angle) + dy] : [Math.cos(angle) + dx, Math.sin(angle) + dy];
  });
  const found = await run({ rows: 400, cols: 2, data: Float32Array.from(data.flat()) }, { minClusterSize: 20, minSamples: 5 });
  expect(
    adjustedRandIndex(
      found.labels,
      Int32Array.from(data, (_, i) => i % 2),
    ),
  ).toBe(1);
});

test('P2 row order does not matter: the same partition and scores, bit for bit', async () => {
  const x = gridMatrix({ rows: 150, cols: 2, seed: 5, steps: 8, offset: 0 });
  const order = shuffle(
    Int32Array.from({ length: 150 }, (_, i) => i),
    createRandom(3),
  );
  const [found, shuffled] = [await run(x), await run(takeRows(x, order))];
  expect(
    adjustedRandIndex(
      order.map((r) => found.labels[r] as number),
      shuffled.labels,
    ),
  ).toBe(1);
  for (const values of ['probabilities', 'outlierScores'] as const) {
    expect([...shuffled[values]]).toEqual([...order].map((r) => found[values][r]));
  }
});

test('P7 it can be cancelled while it looks for neighbours, and while it grows the tree', async () => {
  const x = clusteredMatrix(1500, 64, 1);
  const stop = { ...silentContext, checkpoint: () => Promise.reject(new CancelledError()) };
  await expect(hdbscan(x, { minClusterSize: 5, selection: 'eom' }, CPU, stop)).rejects.toThrow(CancelledError);
  for (const grow of [spanningTreeWasm, spanningTreePlain]) {
    await expect(grow(x, new Float32Array(1500), stop)).rejects.toThrow(CancelledError);
  }
});
