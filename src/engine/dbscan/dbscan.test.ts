import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createMatrix, type Matrix, rowOf, silentContext, takeRows } from '../../domain/index.ts';
import { blobMatrix, clusteredMatrix, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { CPU, type Dbscan, type DbscanOptions, dbscan, kDistances, kneeOf } from '../index.ts';
import { sklearn, storedMatrix } from '../reference/index.ts';
import { enableSimd } from '../wasm/index.ts';
import { dbscanOracle } from './dbscan.cpu.ts';
import { dbscanWasm } from './dbscan.wasm.ts';

afterEach(() => enableSimd(true));

const run = (x: Matrix, options: DbscanOptions) => dbscan(x, options, CPU, silentContext);

async function expectOracle(x: Matrix, options: DbscanOptions, what: string): Promise<Dbscan> {
  const found = await run(x, options);
  expect(found, what).toEqual(await dbscanOracle(x, options, silentContext));
  return found;
}

function distance(x: Matrix, a: number, b: number): number {
  let sum = 0;
  for (const [i, v] of rowOf(x, a).entries()) sum += (v - (rowOf(x, b)[i] as number)) ** 2;
  return Math.sqrt(sum);
}

/** The labels of the rows of `core` alone, numbered by their first row. */
function coreLabels(labels: ArrayLike<number>, core: readonly number[]): number[] {
  const numbers = new Map<number, number>();
  for (const r of core) if (!numbers.has(labels[r] as number)) numbers.set(labels[r] as number, numbers.size);
  return core.map((r) => numbers.get(labels[r] as number) as number);
}

for (const stored of sklearn.dbscan) {
  test(`cores, their clusters and noise are those of scikit-learn: ${stored.name}`, async () => {
    const x = storedMatrix(stored.x);
    for (const { labels, core, clusters } of [await run(x, stored), await dbscanOracle(x, stored, silentContext)]) {
      expect([...core.keys()].filter((r) => core[r] === 1)).toEqual(stored.core);
      // Ours are numbered by their lowest core already.
      expect(stored.core.map((r) => labels[r])).toEqual(coreLabels(stored.labels, stored.core));
      expect(clusters).toBe(Math.max(...stored.labels) + 1);
      for (let r = 0; r < x.rows; r++) {
        expect(labels[r] === -1).toBe(stored.labels[r] === -1);
        if (core[r] === 1 || labels[r] === -1) continue;
        const adjacent = stored.core.filter((c) => distance(x, r, c) <= stored.eps).map((c) => labels[c] as number);
        expect(labels[r]).toBe(Math.min(...adjacent));
      }
    }
  });
}

test('WASM has the labels of the oracle at awkward sizes', async () => {
  for (const rows of [0, 1, 2, 63, 64, 65, 129, 200]) {
    for (const cols of [1, 3, 20]) {
      const x = uniformMatrix(rows, cols, rows + 1);
      for (const minPts of [1, 2, 5, 63, 64, 65]) {
        await expectOracle(x, { eps: 0.1 * cols, minPts }, `${rows} x ${cols}, minPts ${minPts}`);
      }
    }
  }
});

test('WASM has the labels of the oracle on embeddings at the knee, across bands of tiles', async () => {
  const x = clusteredMatrix(700, 384, 3);
  const eps = kneeOf(await kDistances(x, 10, CPU, silentContext))?.distance as number;
  const { clusters } = await expectOracle(x, { eps, minPts: 10 }, 'clustered');
  expect(clusters).toBeGreaterThan(1);
  await expectOracle(unitMatrix(300, 64, 4), { eps: 1.2, minPts: 4 }, 'unit');
});

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 150 }),
  cols: fc.integer({ min: 1, max: 9 }),
  minPts: fc.integer({ min: 1, max: 12 }),
  seed: fc.nat(),
  eps: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
  offset: fc.constantFrom(0, 64, 1000),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

/** The value from eps upwards in steps of 2e-4 that no pair is within 1e-4 of. */
function offAllPairs(x: Matrix, eps: number): number {
  const taken = new Set<number>();
  for (let a = 0; a < x.rows; a++) for (let b = 0; b < a; b++) taken.add(Math.round((distance(x, a, b) - eps) / 2e-4));
  let steps = 0;
  while (taken.has(steps)) steps++;
  return eps + steps * 2e-4;
}

test('fuzz: WASM has the labels of the oracle with every pair off eps by 1e-4', async () => {
  const check = async ({ rows, cols, minPts, seed, eps, offset }: Shape) => {
    const x = blobMatrix(rows, cols, 4, 0.3, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = (x.data[i] as number) + offset;
    await expectOracle(x, { eps: offAllPairs(x, eps), minPts }, 'off eps');
  };
  await fc.assert(fc.asyncProperty(shapes, check), { numRuns: 100 });
});

test('fuzz: pairs at exactly eps, and closer to it than float32 can tell, are decided by float64', async () => {
  const check = async ({ rows, cols, minPts, seed, offset }: Shape, steps: number) => {
    const x = uniformMatrix(rows, cols, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = offset + Math.round((x.data[i] as number) * steps) / steps;
    for (const eps of [0, 1 / steps, (1 - 1e-12) / steps, (1 + 1e-12) / steps]) {
      await expectOracle(x, { eps, minPts }, `eps ${eps}`);
    }
  };
  await fc.assert(fc.asyncProperty(shapes, fc.constantFrom(1, 2, 4), check), { numRuns: 60 });
});

test('P2 the order of the rows, and so of the tiles, changes neither cores nor their clusters', async () => {
  const x = blobMatrix(300, 4, 6, 0.5, 5);
  const order = Array.from({ length: 300 }, (_, r) => (r * 77 + 13) % 300);
  const options = { eps: 0.4, minPts: 5 };
  const [plain, moved] = [await run(x, options), await run(takeRows(x, order), options)];
  expect([...moved.core]).toEqual(order.map((r) => plain.core[r]));
  const cores = [...moved.core.keys()].filter((at) => moved.core[at] === 1);
  const before = order.map((r) => plain.labels[r] as number);
  expect(plain.clusters).toBeGreaterThan(1);
  expect(cores.map((at) => moved.labels[at])).toEqual(coreLabels(before, cores));
});

test('a border row goes to the adjacent cluster whose lowest core row comes first', async () => {
  // Row 0 is within 1 of a core on either side; of the cores, 2 on the right comes before 5 on the left.
  const x = { rows: 7, cols: 1, data: Float32Array.of(0, 1.5, 1, 1.75, -1.5, -1, -1.75) };
  const { labels, core, clusters } = await expectOracle(x, { eps: 1, minPts: 4 }, 'two clusters');
  expect([[...labels], [...core], clusters]).toEqual([[0, 0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 0, 1, 0], 2]);
});

test('duplicates are one cluster at eps 0; too few rows are all noise', async () => {
  const same = await run(createMatrix(130, 5), { eps: 0, minPts: 130 });
  expect([same.clusters, same.labels.every((l) => l === 0), same.core.every((c) => c === 1)]).toEqual([1, true, true]);
  const few = await run(createMatrix(130, 5), { eps: 0, minPts: 131 });
  expect([few.clusters, few.labels.every((l) => l === -1), few.core.every((c) => c === 0)]).toEqual([0, true, true]);
});

test('the plain path gives the same where there is no SIMD or rows are too long for float32', async () => {
  const x = blobMatrix(150, 3, 3, 0.4, 2);
  const wasm = await run(x, { eps: 0.5, minPts: 4 });
  enableSimd(false);
  expect(await run(x, { eps: 0.5, minPts: 4 })).toEqual(wasm);
  enableSimd(true);
  const long = { ...x, data: x.data.map((v) => v * 2 ** 90) };
  expect(await dbscanWasm(long, { eps: 2 ** 89, minPts: 4 }, silentContext)).toBeNull();
  expect(await run(long, { eps: 2 ** 89, minPts: 4 })).toEqual(wasm);
});

test('what is no eps, no minPts or no number is refused', async () => {
  const x = uniformMatrix(5, 2, 1);
  for (const [eps, minPts] of [[-1, 2] as const, [Number.NaN, 2] as const, [1, 0] as const, [1, 1.5] as const]) {
    await expect(run(x, { eps, minPts })).rejects.toThrow(/DBSCAN was asked for/);
  }
  x.data[3] = Number.NaN;
  await expect(run(x, { eps: 1, minPts: 2 })).rejects.toThrow(/no usable number/);
});

test('P7 it can be cancelled while it works, on both paths, and works again after', async () => {
  const stop = Object.assign(new Error('stop'), { name: 'CancelledError' });
  const x = uniformMatrix(2000, 16, 1);
  for (const simd of [true, false]) {
    enableSimd(simd);
    let left = 5;
    const ctx = { progress: () => {}, checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(stop)) };
    await expect(dbscan(x, { eps: 0.5, minPts: 5 }, CPU, ctx)).rejects.toBe(stop);
  }
  enableSimd(true);
  await expectOracle(takeRows(x, [...Array(300).keys()]), { eps: 0.8, minPts: 3 }, 'after');
});
