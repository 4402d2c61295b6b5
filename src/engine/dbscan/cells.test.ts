import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CancelledError, createMatrix, type Matrix, rowOf, silentContext, takeRows } from '../../domain/index.ts';
import { blobMatrix, clusteredMatrix, uniformMatrix } from '../../testing/index.ts';
import { CPU, type DbscanOptions, dbscan, kDistances, kneeOf } from '../index.ts';
import { sklearn, storedMatrix } from '../reference/index.ts';
import { onlyPart, withRows } from '../wasm/index.ts';
import { cellOrder, farTiles } from './cells.ts';
import { dbscanOracle } from './dbscan.cpu.ts';

const run = (x: Matrix, options: DbscanOptions) => dbscan(x, options, CPU, silentContext);

async function expectSame(x: Matrix, options: DbscanOptions, cells: readonly number[]): Promise<void> {
  const right = await dbscanOracle(x, options, silentContext);
  for (const count of cells) expect(await run(x, { ...options, cells: count }), `${count} cells`).toEqual(right);
}

/** Pairs of tiles that are left out, of all. */
async function leftOut(x: Matrix, eps: number, cells: number): Promise<number> {
  const sorted = takeRows(x, await cellOrder(x, cells, null, silentContext));
  const tiles = Math.ceil(x.rows / 64);
  const share = await withRows(sorted, silentContext, null, async (rows) => {
    const part = onlyPart(rows)!;
    const far = part.arena.i32(await farTiles(rows, part, sorted, eps, silentContext), tiles * tiles);
    for (const [pair, isFar] of far.entries()) if (isFar) expectApart(sorted, Math.floor(pair / tiles), pair % tiles, eps);
    return far.reduce((sum, isFar) => sum + isFar, 0) / far.length;
  });
  return share as number;
}

function expectApart(x: Matrix, s: number, t: number, eps: number): void {
  for (let a = s * 64; a < Math.min(x.rows, s * 64 + 64); a++) {
    for (let b = t * 64; b < Math.min(x.rows, t * 64 + 64); b++) {
      const [p, q] = [rowOf(x, a), rowOf(x, b)];
      if (Math.hypot(...p.map((v, i) => v - (q[i] as number))) <= eps) expect.fail(`rows ${a} and ${b} are close`);
    }
  }
}

test('k-means cells never change a label: with the stored sets of scikit-learn', async () => {
  for (const stored of sklearn.dbscan) await expectSame(storedMatrix(stored.x), stored, [1, 3, 12]);
});

test('k-means cells never change a label: on embeddings at the knee, in tight blobs, at awkward sizes', async () => {
  const x = clusteredMatrix(500, 48, 3);
  const eps = kneeOf(await kDistances(x, 10, CPU, silentContext))?.distance as number;
  await expectSame(x, { eps, minPts: 10 }, [1, 8, 40]);
  await expectSame(blobMatrix(700, 5, 9, 0.05, 4), { eps: 0.1, minPts: 5 }, [9, 700, 2000]);
  for (const rows of [0, 1, 64, 65, 129]) await expectSame(uniformMatrix(rows, 3, rows + 1), { eps: 0.3, minPts: 3 }, [2]);
  await expectSame(createMatrix(200, 4), { eps: 0, minPts: 200 }, [3]);
});

test('fuzz: any number of cells, pairs at exactly eps, rows far from the origin', async () => {
  const shape = fc.record({
    rows: fc.integer({ min: 60, max: 400 }),
    cols: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(),
    cells: fc.integer({ min: 1, max: 30 }),
    minPts: fc.integer({ min: 1, max: 9 }),
    steps: fc.constantFrom(4, 16, 4096),
    offset: fc.constantFrom(0, 64, 1000),
  });
  const check = async ({
    rows,
    cols,
    seed,
    cells,
    minPts,
    steps,
    offset,
  }: typeof shape extends fc.Arbitrary<infer T> ? T : never) => {
    const x = blobMatrix(rows, cols, 5, 0.1, seed);
    for (let i = 0; i < x.data.length; i++) x.data[i] = offset + Math.round((x.data[i] as number) * steps) / steps;
    for (const eps of [1 / steps, 0.25]) await expectSame(x, { eps, minPts }, [cells]);
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 40 });
});

test('tiles that are left out hold no close pair, and in tight blobs most are', async () => {
  expect(await leftOut(blobMatrix(2000, 6, 4, 0.02, 5), 0.05, 4)).toBeGreaterThan(0.5);
  expect(await leftOut(uniformMatrix(600, 3, 6), 0.1, 10)).toBeGreaterThan(0);
  expect(await leftOut(uniformMatrix(300, 3, 6), 5, 10)).toBe(0);
});

test('P7 it can be cancelled while cells are made; a number of cells that is none is refused', async () => {
  const stop = { ...silentContext, checkpoint: () => Promise.reject(new CancelledError()) };
  await expect(cellOrder(blobMatrix(500, 4, 3, 0.1, 1), 5, null, stop)).rejects.toThrow(CancelledError);
  for (const cells of [-1, 2.5]) await expect(run(createMatrix(3, 1), { eps: 1, minPts: 1, cells })).rejects.toThrow('cells');
});
