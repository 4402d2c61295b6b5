import { expect, test } from 'vitest';
import {
  childrenOf,
  groupsAt,
  heightOf,
  heightOfCut,
  type InterestTree,
  leavesUnder,
  moveCut,
  NO_LEVELS,
  nodeOfSegments,
  nodesOfCut,
} from './index.ts';

/** Segments 0 .. 4: 0-2 at 1, 3-4 at 2, 1 with 3-4 at 3, all at 7. */
const tree: InterestTree = {
  a: Int32Array.of(0, 3, 1, 5),
  b: Int32Array.of(2, 4, 6, 7),
  height: Float64Array.of(1, 2, 3, 7),
  names: Array.from({ length: 9 }, (_, i) => `n${i}`),
  terms: [],
};

test('a node holds the segments of both that it joins', () => {
  expect(leavesUnder(tree, 8)).toEqual([0, 2, 1, 3, 4]);
  expect(leavesUnder(tree, 7)).toEqual([1, 3, 4]);
  expect(leavesUnder(tree, 3)).toEqual([3]);
  expect([childrenOf(tree, 7), childrenOf(tree, 1)]).toEqual([[1, 6], null]);
  expect([heightOf(tree, 7), heightOf(tree, 1)]).toEqual([3, 0]);
});

test('a cut into k groups has k nodes that hold each segment once', () => {
  expect([1, 2, 3, 4, 5].map((k) => nodesOfCut(tree, k))).toEqual([[8], [5, 7], [1, 5, 6], [1, 3, 4, 5], [0, 1, 2, 3, 4]]);
  expect([...nodeOfSegments(tree, 3)]).toEqual([5, 1, 5, 6, 6]);
  expect([nodesOfCut(tree, 0), nodesOfCut(tree, 99)]).toEqual([[8], [0, 1, 2, 3, 4]]);
  expect(nodesOfCut(NO_LEVELS.tree, 3)).toEqual([]);
});

test('a cut by height keeps the joins up to it, and the height of a cut gives the cut back', () => {
  expect([0, 1, 2.5, 3, 7].map((height) => groupsAt(tree, height))).toEqual([5, 4, 3, 2, 1]);
  for (const groups of [1, 2, 3, 4, 5]) expect(groupsAt(tree, heightOfCut(tree, groups))).toBe(groups);
});

test('a cut moves no farther than leaves each level finer than the one before', () => {
  expect(moveCut([2, 3, 5], 1, 4, 5)).toEqual([2, 4, 5]);
  expect(moveCut([2, 3, 5], 1, 9, 5)).toEqual([2, 4, 5]);
  expect(moveCut([2, 3, 5], 0, 0, 5)).toEqual([1, 3, 5]);
  expect(moveCut([2, 3, 4], 2, 99, 5)).toEqual([2, 3, 5]);
});
