import { expect, test } from 'vitest';
import { createMatrix, type Matrix, rowOf, silentContext, takeRows } from '../../domain/index.ts';
import { blobMatrix, clusteredMatrix, uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { createUmap, fuzzyGraph, knn, placeByNeighbours, trustworthiness, umapLayout } from '../index.ts';
import { enableSimd } from '../wasm/index.ts';
import { withoutHeldTies } from './held.ts';

const options = { neighbours: 15, minDist: 0.1, epochs: 200, seed: 1 };
const upTo = (rows: number): Uint32Array => Uint32Array.from({ length: rows }, (_, i) => i);
const graphOf = async (x: Matrix) => fuzzyGraph(await knn(x, 15, CPU, silentContext), silentContext);

/** The first rows laid out alone and held, the others started among their neighbours. */
async function layOnto(x: Matrix, held: number, epochs = 200): Promise<{ before: Matrix; after: Matrix }> {
  const [old, fresh] = [takeRows(x, upTo(held)), takeRows(x, upTo(x.rows).subarray(held))];
  const before = await umapLayout(old, options, CPU, silentContext);
  const placed = await placeByNeighbours(fresh, old, before, 15, CPU, silentContext);
  const start = { rows: x.rows, cols: 2, data: Float32Array.of(...before.data, ...placed.data) };
  return { before, after: await umapLayout(x, { ...options, epochs, start, held }, CPU, silentContext) };
}

/** Trustworthiness (Venna & Kaski 2001) at 15 neighbours of some rows, the neighbours being any. */
function trustOf(x: Matrix, layout: Matrix, rows: Uint32Array): number {
  const [n, k] = [x.rows, 15];
  const byDistance = (m: Matrix, row: number): Uint32Array => {
    const to = Float64Array.from(upTo(n), (i) =>
      rowOf(m, i).reduce((sum, v, c) => sum + (v - (rowOf(m, row)[c] as number)) ** 2, 0),
    );
    return upTo(n)
      .filter((i) => i !== row)
      .sort((a, b) => (to[a] as number) - (to[b] as number));
  };
  let penalty = 0;
  for (const row of rows) {
    const order = byDistance(x, row);
    for (const near of byDistance(layout, row).subarray(0, k)) penalty += Math.max(0, order.indexOf(near) + 1 - k);
  }
  return 1 - (2 * penalty) / (rows.length * k * (2 * n - 3 * k - 1));
}

test.each([0, 1, 63, 150, 299, 300])('of 300 rows the first %i that are held keep every bit of their places', async (held) => {
  const x = blobMatrix(300, 6, 4, 0.4, 1);
  const start = uniformMatrix(300, 2, 3);
  const { data } = await umapLayout(x, { ...options, epochs: 20, start, held }, CPU, silentContext);
  expect(data.subarray(0, 2 * held)).toEqual(start.data.subarray(0, 2 * held));
  for (let row = held; row < 300; row++) expect(rowOf({ rows: 300, cols: 2, data }, row)).not.toEqual(rowOf(start, row));
});

test('WASM and plain descents with held rows give the same bits', async () => {
  const graph = await graphOf(blobMatrix(301, 6, 4, 0.4, 1));
  const layout = async (simd: boolean): Promise<Float32Array> => {
    enableSimd(simd);
    const umap = createUmap(graph, uniformMatrix(301, 2, 5).data, { minDist: 0.1, epochs: 40, seed: 7, held: 100 }, CPU);
    await umap.step(40);
    return umap.positions;
  };
  try {
    expect(await layout(true)).toEqual(await layout(false));
  } finally {
    enableSimd(true);
  }
});

test('free rows end beside the held rows that they are like', async () => {
  const x = blobMatrix(400, 8, 5, 0.3, 2);
  const { after } = await layOnto(x, 300);
  const near = await knn(after, 10, CPU, silentContext);
  const alike = upTo(400)
    .subarray(300)
    .map((row) => [...near.ids.subarray(10 * row + 1, 10 * row + 10)].filter((id) => id % 5 === row % 5).length);
  expect(alike.reduce((a, b) => a + b, 0) / (100 * 9)).toBeGreaterThan(0.95);
});

test.each([
  ['blobs', () => blobMatrix(400, 8, 5, 0.6, 2)],
  ['clusters', () => clusteredMatrix(500, 32, 1)],
])(
  'trustworthiness on %s, half of the rows held, is within .02 of a fit of all, and so is that of the free rows',
  async (_, make) => {
    const x = make();
    const { after } = await layOnto(x, x.rows / 2);
    const whole = await umapLayout(x, options, CPU, silentContext);
    const trust = (layout: Matrix): Promise<number> => trustworthiness(x, layout, 15, silentContext);
    expect(await trust(after)).toBeGreaterThan((await trust(whole)) - 0.02);
    const free = upTo(x.rows).subarray(x.rows / 2);
    expect(trustOf(x, after, free)).toBeGreaterThan(trustOf(x, whole, free) - 0.02);
  },
);

test('rows that are like no held row find a place of their own', async () => {
  // The last fifth is a group that no held row belongs to.
  const known = blobMatrix(240, 8, 4, 0.3, 2);
  const fresh = Float32Array.from(uniformMatrix(60, 8, 9).data, (v, i) => 0.3 * v + (i % 8 === 0 ? 12 : -9));
  const x = { rows: 300, cols: 8, data: Float32Array.of(...known.data, ...fresh) };
  const { after } = await layOnto(x, 240);
  const near = await knn(after, 15, CPU, silentContext);
  const own = upTo(300)
    .subarray(240)
    .map((row) => [...near.ids.subarray(15 * row + 1, 15 * row + 15)].filter((id) => id >= 240).length);
  expect(own.reduce((a, b) => a + b, 0) / (60 * 14)).toBeGreaterThan(0.95);
});

test('a free row that equals a held one lies on it, and held rows that are equal stay where each was', async () => {
  const base = uniformMatrix(40, 4, 1);
  const x = takeRows(base, [...upTo(40), 3, 3, 7]);
  const start = uniformMatrix(43, 2, 3);
  const { data } = await umapLayout(x, { ...options, epochs: 20, start, held: 41 }, CPU, silentContext);
  expect(data.subarray(0, 82)).toEqual(start.data.subarray(0, 82));
  expect(data.subarray(82)).toEqual(Float32Array.of(...rowOf(start, 3), ...rowOf(start, 7)));
});

test('few rows are no trouble', async () => {
  for (const rows of [0, 1, 2, 17]) {
    for (const held of [0, Math.min(1, rows), rows]) {
      const start = uniformMatrix(rows, 2, 3);
      const { data } = await umapLayout(uniformMatrix(rows, 4, 1), { ...options, epochs: 5, start, held }, CPU, silentContext);
      expect(data.subarray(0, 2 * held)).toEqual(start.data.subarray(0, 2 * held));
      expect(data.every(Number.isFinite)).toBe(true);
    }
  }
  expect((await umapLayout(createMatrix(0, 3), { ...options, held: 0 }, CPU, silentContext)).rows).toBe(0);
});

test('ties between held rows are left out, all others are there', async () => {
  const graph = await graphOf(uniformMatrix(60, 4, 1));
  const rest = withoutHeldTies(graph, 25);
  const ties = ({ rows, offsets, tails, weights }: typeof graph): string[] =>
    Array.from({ length: rows }, (_, r) => r).flatMap((r) =>
      Array.from(tails.subarray(offsets[r], offsets[r + 1]), (tail, i) => `${r} ${tail} ${weights[(offsets[r] as number) + i]}`),
    );
  const kept = ties(graph).filter((tie) =>
    tie
      .split(' ')
      .slice(0, 2)
      .some((row) => Number(row) >= 25),
  );
  expect(ties(rest)).toEqual(kept);
  expect(kept.length).toBeLessThan(graph.tails.length);
  expect(withoutHeldTies(graph, 0)).toBe(graph);
  expect(withoutHeldTies(graph, 60).tails.length).toBe(0);
});
