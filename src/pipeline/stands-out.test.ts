import { expect, test } from 'vitest';
import { createMatrix, createRandom, dot, type Matrix, normaliseRows, rowOf } from '../domain/index.ts';
import { standardNormal } from '../testing/index.ts';
import { standsOut } from './stands-out.ts';

const DIMS = 64;

const fifthOf = (x: Matrix, query: Float32Array): number =>
  Array.from({ length: x.rows }, (_, i) => dot(rowOf(x, i), query)).sort((a, b) => b - a)[4] ?? 0;
const judged = (x: Matrix, query: Float32Array): boolean => standsOut(x, query, fifthOf(x, query));

/** Texts about topics, each a direction of its own that a text lies as far towards as its rest is long; topic t is a share of them. */
function topics(rows: number, shares: readonly number[]): Matrix {
  const [random, out] = [createRandom(7), createMatrix(rows, DIMS)];
  const ends = shares.map((_, t) => shares.slice(0, t + 1).reduce((a, b) => a + b, 0));
  for (let r = 0; r < rows; r++) {
    const row = rowOf(out, r);
    for (let i = 0; i < DIMS; i++) row[i] = standardNormal(random) / Math.sqrt(DIMS);
    const topic = ends.findIndex((end) => (r + 0.5) / rows < end);
    if (topic >= 0) row[topic] = (row[topic] as number) + 1;
  }
  return normaliseRows(out);
}

const towards = (axis: number): Float32Array => Float32Array.from({ length: DIMS }, (_, i) => (i === axis ? 1 : 0));
/** Queries about what no text is about. */
const STRANGE = Array.from({ length: 20 }, (_, i) => towards(40 + i));

test.each([
  ['twelve topics', new Array<number>(12).fill(1 / 12)],
  ['two topics', [0.5, 0.5]],
])('of %s what is asked for one stands out, and hardly ever what is near to none', (_, shares) => {
  const texts = topics(400, shares);
  for (const topic of shares.keys()) expect(judged(texts, towards(topic)), `topic ${topic}`).toBe(true);
  expect(STRANGE.filter((query) => judged(texts, query)).length).toBeLessThanOrEqual(2);
});

test('fewer than a hundred texts are not judged, and neither are none', () => {
  const told = (rows: number) => STRANGE.filter((query) => judged(topics(rows, []), query)).length;
  expect(told(99)).toBe(20);
  expect(told(100)).toBeLessThanOrEqual(2);
  expect(standsOut(createMatrix(0, DIMS), towards(0), 0)).toBe(true);
});

test('of many texts, which some stand for, and of texts that are all the same', () => {
  expect(judged(topics(9001, new Array(12).fill(1 / 12)), towards(3))).toBe(true);
  const same = { rows: 200, cols: DIMS, data: new Float32Array(200 * DIMS).fill(0.125) };
  expect(judged(same, towards(0))).toBe(true);
});
