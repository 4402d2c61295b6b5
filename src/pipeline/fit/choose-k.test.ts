import { expect, test } from 'vitest';
import { type Curve, chooseFits, chooseFitsAsOf } from './choose-k.ts';

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

test('P8 without look-ahead the k of a window is found over the windows up to it', () => {
  const curves = [curve(0.4, 0.41), curve(0.5, 0.2), curve(0.1, 0.9), curve(0.1, 0.9)];
  expect(chooseFitsAsOf(curves, 0.05)).toEqual({ common: [3, 2, 3, 3], indexes: [1, 0, 1, 1] });
  expect(chooseFits(curves.slice(0, 2), 0.05).indexes).not.toEqual(chooseFits(curves, 0.05).indexes.slice(0, 2));
  for (let n = 0; n <= curves.length; n++) {
    const { common, indexes } = chooseFitsAsOf(curves, 0.05);
    expect(chooseFitsAsOf(curves.slice(0, n), 0.05)).toEqual({ common: common.slice(0, n), indexes: indexes.slice(0, n) });
  }
});
