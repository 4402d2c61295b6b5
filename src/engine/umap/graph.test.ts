import { expect, test } from 'vitest';
import { createMatrix, silentContext } from '../../domain/index.ts';
import { uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { distinctRows } from '../distinct.ts';
import { fitCurve, fuzzyGraph, knn } from '../index.ts';
import { storedMatrix } from '../reference/index.ts';
import { forceTables, HIGHEST_BITS, LOWEST_BITS, TABLE_SHIFT, TABLE_STEP } from './forces.ts';
import umapLearn from './umap-learn.json' with { type: 'json' };

test('the curve is that of umap-learn for every minDist and spread', () => {
  for (const { minDist, spread, a, b } of umapLearn.curves) {
    const fitted = fitCurve(minDist, spread);
    expect(fitted.a / a, `a at ${minDist}, ${spread}`).toBeCloseTo(1, 4);
    expect(fitted.b / b, `b at ${minDist}, ${spread}`).toBeCloseTo(1, 4);
  }
});

test('the graph has the ties and weights of umap-learn', async () => {
  const { x, k, ties } = umapLearn.graph;
  const { rows, offsets, tails, weights } = await fuzzyGraph(await knn(storedMatrix(x), k, CPU, silentContext), silentContext);
  const ours: number[][] = [];
  for (let r = 0; r < rows; r++) {
    for (let e = offsets[r] as number; e < (offsets[r + 1] as number); e++)
      ours.push([r, tails[e] as number, weights[e] as number]);
  }
  ours.sort((a, b) => (a[0] as number) - (b[0] as number) || (a[1] as number) - (b[1] as number));
  expect(ours.map(([from, to]) => [from, to])).toEqual(ties.map(([from, to]) => [from, to]));
  for (const [i, tie] of ours.entries()) expect(tie[2]).toBeCloseTo(ties[i]?.[2] as number, 4);
});

test('rows at one place are tied fully, and a single row to nothing', async () => {
  const same = await fuzzyGraph(await knn(createMatrix(5, 2), 5, CPU, silentContext), silentContext);
  expect([...same.offsets]).toEqual([0, 4, 8, 12, 16, 20]);
  expect(same.weights.every((w) => w === 1)).toBe(true);
  for (const rows of [0, 1]) {
    const graph = await fuzzyGraph(await knn(createMatrix(rows, 2), 5, CPU, silentContext), silentContext);
    expect([graph.rows, graph.tails.length]).toEqual([rows, 0]);
  }
});

test('the tables of forces lie within 1.5e-3 of the formulas', () => {
  for (const { a, b } of [fitCurve(0.1), fitCurve(0), fitCurve(0.99)]) {
    const { pull, push } = forceTables({ a, b });
    const bits = new Int32Array(1);
    const value = new Float32Array(bits.buffer);
    for (let at = LOWEST_BITS; at < HIGHEST_BITS; at += 77777) {
      bits[0] = at;
      const d2 = value[0] as number;
      const place = (at - LOWEST_BITS) / (1 << TABLE_SHIFT);
      const share = ((at - LOWEST_BITS) % (1 << TABLE_SHIFT)) * TABLE_STEP;
      const read = (table: Float32Array): number => {
        const low = table[Math.floor(place)] as number;
        return low + share * ((table[Math.floor(place) + 1] as number) - low);
      };
      const attraction = (2 * a * b * d2 ** (b - 1)) / (1 + a * d2 ** b);
      const repulsion = (2 * b) / ((0.001 + d2) * (1 + a * d2 ** b));
      expect(Math.abs(read(pull) / attraction - 1)).toBeLessThan(1.5e-3);
      expect(Math.abs(read(push) / repulsion - 1)).toBeLessThan(1.5e-3);
    }
  }
});

test('equal rows are one, in order of first appearance; -0 equals 0', async () => {
  const x = { rows: 5, cols: 2, data: Float32Array.of(1, 2, 0, 0, 1, 2, -0, 0, 2, 1) };
  const { rows, firsts, of } = await distinctRows(x, silentContext);
  expect([...of]).toEqual([0, 1, 0, 1, 2]);
  expect([...firsts]).toEqual([0, 1, 4]);
  expect([...rows.data]).toEqual([1, 2, 0, 0, 2, 1]);
  expect((await distinctRows(uniformMatrix(500, 3, 1), silentContext)).rows.rows).toBe(500);
  expect((await distinctRows(createMatrix(0, 3), silentContext)).rows.rows).toBe(0);
});
