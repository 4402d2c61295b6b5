import { expect, test } from 'vitest';
import { sklearn } from '../../engine/reference/index.ts';
import { centroidShift, jensenShannonDistance } from './index.ts';

test('the Jensen-Shannon distance is that of scipy to base 2, and the same from either side', () => {
  for (const { p, q, distance } of sklearn.jensenShannon) {
    expect(jensenShannonDistance(p, q)).toBeCloseTo(distance, 7);
    expect(jensenShannonDistance(q, p)).toBeCloseTo(distance, 7);
  }
});

test('shares that are the same have distance 0, those with nothing in common 1, whatever the counts', () => {
  expect(jensenShannonDistance([0.1, 0.2, 0.7], [0.1, 0.2, 0.7])).toBe(0);
  expect(jensenShannonDistance([3, 0, 4], [0, 9, 0])).toBe(1);
  expect(jensenShannonDistance([3, 1, 0], [30, 10, 0])).toBe(0);
});

test('a side without users has no shares', () => {
  expect(jensenShannonDistance([0, 0], [1, 2])).toBeNull();
  expect(jensenShannonDistance([1, 2], [0, 0])).toBeNull();
  expect(jensenShannonDistance([], [])).toBeNull();
});

test('the centroid shift is 1 - cosine, whatever the lengths', () => {
  expect(centroidShift([1, 0], [5, 0])).toBe(0);
  expect(centroidShift([1, 0], [0, 2])).toBeCloseTo(1, 15);
  expect(centroidShift([3, 0], [-1, 0])).toBe(2);
  expect(centroidShift([1, 0], [1, Math.sqrt(3)])).toBeCloseTo(0.5, 15);
});

test('a shift far below rounding of the cosine is still seen', () => {
  expect((centroidShift([1, 0], [1, 1e-10]) as number) / 5e-21).toBeCloseTo(1, 6);
});

test('a centroid without length has no direction', () => {
  expect(centroidShift([0, 0], [1, 0])).toBeNull();
  expect(centroidShift([1, 0], [0, 0])).toBeNull();
});
