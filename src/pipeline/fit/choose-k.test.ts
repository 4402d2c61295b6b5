import { expect, test } from 'vitest';
import { type Curve, chooseFits } from './choose-k.ts';

/** Silhouettes for k = 2, 3, ... */
const curve = (...silhouettes: number[]): Curve => silhouettes.map((silhouette, i) => ({ k: i + 2, silhouette }));
const chosenK = (curves: readonly Curve[], tolerance: number): number[] =>
  chooseFits(curves, tolerance).indexes.map((index, w) => curves[w]?.[index]?.k ?? -1);

const flat = [curve(0.07, 0.069, 0.068), curve(0.06, 0.069, 0.07), curve(0.065, 0.07, 0.061)];

test('on flat curves one k serves all windows, though their maxima differ', () => {
  expect(chosenK(flat, 0.01)).toEqual([3, 3, 3]);
  expect(chosenK(flat, 0)).toEqual([2, 4, 3]);
});

test('a window whose own best is clearly better departs from the common k', () => {
  expect(chosenK([curve(0.3, 0.5, 0.4), curve(0.3, 0.5, 0.4), curve(0.3, 0.47, 0.5)], 0.01)).toEqual([3, 3, 4]);
});

test('a window too small to try the common k takes its own best', () => {
  expect(chosenK([curve(0.2, 0.3, 0.4), curve(0.2, 0.3, 0.4), curve(0.3, 0.2)], 0.01)).toEqual([4, 4, 2]);
});

test('a window with a single fit takes it, and does not vote', () => {
  expect(chosenK([[{ k: 1, silhouette: 0 }], curve(0.2, 0.3)], 0.01)).toEqual([1, 3]);
  expect(chosenK([[{ k: 1, silhouette: 0 }]], 0.01)).toEqual([1]);
});

test('ties go to the lower k', () => {
  expect(chosenK([curve(0.3, 0.3, 0.3)], 0.01)).toEqual([2]);
});

test('a negative silhouette is a silhouette', () => {
  expect(chosenK([curve(-0.3, -0.1, -0.2)], 0)).toEqual([3]);
});
