import { expect, test } from 'vitest';
import { intervalRange, layoutInterval } from './interval.ts';

const interval = (amount: number, low: number, high: number) => ({ amount, low, high });

test('changes of either sign: zero is in the middle, and the farthest limit touches the edge', () => {
  const all = [interval(0.1, -0.1, 0.3), interval(-0.2, -0.5, 0.1)];
  const range = intervalRange(all);
  expect(range).toEqual([-0.5, 0.5]);
  expect(layoutInterval(all[1]!, range, 110)).toEqual({ zero: 55, at: 35, low: 5, high: 65 });
});

test('amounts that are never below zero begin at the left', () => {
  const range = intervalRange([interval(0.1, 0, 0.2)]);
  expect(layoutInterval(interval(0.1, 0.05, 0.2), range, 110)).toEqual({ zero: 5, at: 55, low: 30, high: 105 });
});

test('no intervals, or only zeros: all stays within the width', () => {
  for (const all of [[], [interval(0, 0, 0)]]) {
    const { zero, at, low, high } = layoutInterval(interval(0, 0, 0), intervalRange(all), 100);
    expect([zero, at, low, high]).toEqual([5, 5, 5, 5]);
  }
  expect(layoutInterval(interval(9, 9, 9), [-1, 1], 100).at).toBe(95);
});
