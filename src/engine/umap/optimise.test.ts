import { expect, test } from 'vitest';
import { createMatrix, type Matrix, silentContext } from '../../domain/index.ts';
import { blobMatrix, uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { createUmap, fuzzyGraph, knn, trustworthiness, umapLayout } from '../index.ts';
import { storedMatrix } from '../reference/index.ts';
import { enableSimd, hasSimd } from '../wasm/index.ts';
import umapLearn from './umap-learn.json' with { type: 'json' };

const options = { neighbours: 15, minDist: 0.1, epochs: 200 };
const graphOf = async (x: Matrix) => fuzzyGraph(await knn(x, 15, CPU, silentContext), silentContext);
const startFor = (rows: number): Float32Array => uniformMatrix(rows, 2, 5).data;
const seeds = [1, 2];

/** Mean trustworthiness over seeds. */
async function meanTrust(x: Matrix, algorithm: 'own' | 'umap-js'): Promise<number> {
  let sum = 0;
  for (const seed of seeds) {
    const layout = await umapLayout(x, { ...options, algorithm, seed }, CPU, silentContext);
    sum += await trustworthiness(x, layout, 15, silentContext);
  }
  return sum / seeds.length;
}

for (const name of ['swissRoll', 'blobs'] as const) {
  test(`trustworthiness on ${name} is within .01 of umap-learn and of umap-js, or better`, async () => {
    const x = storedMatrix(umapLearn[name].x);
    const learned = umapLearn[name].trustworthiness;
    const ours = await meanTrust(x, 'own');
    expect(ours).toBeGreaterThan(learned.reduce((sum, t) => sum + t, 0) / learned.length - 0.01);
    expect(ours).toBeGreaterThan((await meanTrust(x, 'umap-js')) - 0.01);
  });
}

test('P2 the same bits twice, and however the epochs are cut', async () => {
  const graph = await graphOf(blobMatrix(300, 6, 4, 0.4, 1));
  const make = () => createUmap(graph, startFor(300), { minDist: 0.1, epochs: 30, seed: 7 }, CPU);
  const [whole, cut, run] = [make(), make(), make()];
  await whole.step(30);
  for (const count of [1, 0, 7, 22]) await cut.step(count);
  await run.run(silentContext);
  expect(cut.positions).toEqual(whole.positions);
  expect(run.positions).toEqual(whole.positions);
  expect([cut.epoch, run.epoch, whole.epochs]).toEqual([30, 30, 30]);
});

test('positions move with every step, are finite, and stay where they are after the last', async () => {
  const start = startFor(200);
  const umap = createUmap(await graphOf(uniformMatrix(200, 5, 1)), start, { minDist: 0.1, epochs: 3, seed: 1 }, CPU);
  expect(umap.positions).toEqual(start);
  for (let i = 0; i < 3; i++) {
    const before = umap.positions.slice();
    await umap.step(1);
    expect(umap.positions).not.toEqual(before);
    expect(umap.positions.every(Number.isFinite)).toBe(true);
  }
  const last = umap.positions.slice();
  await umap.step(5);
  expect(umap.positions).toEqual(last);
});

test('WASM and plain descents give the same bits', async () => {
  const graph = await graphOf(blobMatrix(301, 6, 4, 0.4, 1));
  const layout = async (simd: boolean): Promise<Float32Array> => {
    enableSimd(simd);
    const umap = createUmap(graph, startFor(301), { minDist: 0.1, epochs: 40, seed: 7 }, CPU);
    await umap.step(40);
    return umap.positions;
  };
  try {
    expect(hasSimd()).toBe(true);
    expect(await layout(true)).toEqual(await layout(false));
  } finally {
    enableSimd(true);
  }
});

test('rows that start at one point stay finite', async () => {
  const umap = createUmap(
    await graphOf(uniformMatrix(100, 5, 1)),
    new Float32Array(200),
    { minDist: 0.1, epochs: 20, seed: 1 },
    CPU,
  );
  await umap.step(20);
  expect(umap.positions.every(Number.isFinite)).toBe(true);
});

test('no rows and rows without ties are left as they are', async () => {
  for (const rows of [0, 1]) {
    const umap = createUmap(await graphOf(createMatrix(rows, 2)), startFor(rows), { minDist: 0.1, epochs: 5, seed: 1 }, CPU);
    await umap.run(silentContext);
    expect([umap.epoch, ...umap.positions]).toEqual([5, ...startFor(rows)]);
  }
});

test('P7 an epoch of many ties is cut: no more than a few milliseconds of work between two checkpoints', async () => {
  const rows = 20_000;
  // A ring: neighbours by index, as many ties as real data has.
  const ids = Uint32Array.from({ length: rows * 15 }, (_, i) => (Math.floor(i / 15) + (i % 15)) % rows);
  const distances = Float32Array.from(ids, (_, i) => i % 15);
  const graph = await fuzzyGraph({ k: 15, ids, distances }, silentContext);
  let checkpoints = 0;
  const ctx = { progress: () => {}, checkpoint: async () => void checkpoints++ };
  await createUmap(graph, startFor(rows), { minDist: 0.1, epochs: 2, seed: 1 }, CPU).run(ctx);
  expect(checkpoints).toBe(2 * Math.ceil(graph.tails.length / (1 << 16)));
});

test('given lists and a given start are used', async () => {
  const x = blobMatrix(100, 6, 4, 0.4, 1);
  const lists = await knn(x, 15, CPU, silentContext);
  const own = await umapLayout(x, { ...options, epochs: 5, seed: 1 }, CPU, silentContext);
  expect(await umapLayout(x, { ...options, epochs: 5, seed: 1, lists }, CPU, silentContext)).toEqual(own);
  const start = uniformMatrix(100, 2, 3);
  const still = await umapLayout(x, { ...options, epochs: 0, seed: 1, start }, CPU, silentContext);
  for (const [i, value] of still.data.entries()) expect(Math.abs(value - (start.data[i] as number))).toBeLessThan(2e-3);
});
