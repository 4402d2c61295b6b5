import { expect, test } from 'vitest';
import { dealRefits, keyOfRefit, poolAt, poolsAsOf, refitsOf } from './refit-pools.ts';

test('re-fits are dealt over the windows in turn', () => {
  expect(dealRefits([2, 5], 5).map(keyOfRefit)).toEqual(['2 0', '5 0', '2 1', '5 1', '2 2']);
  expect(dealRefits([], 9)).toEqual([]);
  expect(dealRefits([1], 0)).toEqual([]);
});

test('P8 the pool of a window is of the windows up to it, and later ones leave it as it is', () => {
  const pools = poolsAsOf([0, 1, 4, 7], 99);
  expect(pools.map(({ plans }) => plans.length)).toEqual([99, 99, 99, 99]);
  for (const { from, plans } of pools) expect(Math.max(...plans.map(({ window }) => window))).toBe(from);
  expect(poolsAsOf([0, 1], 99)).toEqual(pools.slice(0, 2));
});

test('each re-fit is made once, though several pools hold it: 99 (1 + 1/2 + 1/3) and what rounding adds', () => {
  const plans = refitsOf(poolsAsOf([0, 1, 2], 99));
  expect(new Set(plans.map(keyOfRefit)).size).toBe(plans.length);
  expect(plans).toHaveLength(99 + 49 + 33);
});

test('a window is judged by the last pool at or before it', () => {
  const pools = poolsAsOf([2, 5], 9);
  expect([0, 2, 4, 5, 8].map((w) => poolAt(pools, w)?.from)).toEqual([undefined, 2, 2, 5, 5]);
});
