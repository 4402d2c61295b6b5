import { expect, test } from 'vitest';
import { cutTree } from '../index.ts';
import { mergesOf } from './merges.ts';

// Rows 0-2 at 1, 1-3 at 3, 3-4 at 2: given out of order.
const merges = mergesOf(5, { from: Int32Array.of(0, 1, 3, 0), to: Int32Array.of(2, 3, 4, 1), height: [1, 3, 2, 7] });

test('joins become the steps of a linkage matrix, by height', () => {
  expect([...merges.a]).toEqual([0, 3, 1, 5]);
  expect([...merges.b]).toEqual([2, 4, 6, 7]);
  expect([...merges.height]).toEqual([1, 2, 3, 7]);
  expect([...merges.size]).toEqual([2, 2, 3, 5]);
});

test('cut by count and by height, labels numbered by lowest member', () => {
  expect([...cutTree(merges, 5, { clusters: 5 })]).toEqual([0, 1, 2, 3, 4]);
  expect([...cutTree(merges, 5, { clusters: 3 })]).toEqual([0, 1, 0, 2, 2]);
  expect([...cutTree(merges, 5, { clusters: 2 })]).toEqual([0, 1, 0, 1, 1]);
  expect([...cutTree(merges, 5, { clusters: 1 })]).toEqual([0, 0, 0, 0, 0]);
  expect([...cutTree(merges, 5, { height: 2 })]).toEqual([0, 1, 0, 2, 2]);
  expect([...cutTree(merges, 5, { height: 0 })]).toEqual([0, 1, 2, 3, 4]);
});

test('counts out of range are cut to what there is; no rows, no labels', () => {
  expect([...cutTree(merges, 5, { clusters: 9 })]).toEqual([0, 1, 2, 3, 4]);
  expect([...cutTree(merges, 5, { clusters: 0 })]).toEqual([0, 0, 0, 0, 0]);
  const none = mergesOf(0, { from: new Int32Array(), to: new Int32Array(), height: [] });
  expect(cutTree(none, 0, { clusters: 1 }).length).toBe(0);
});
