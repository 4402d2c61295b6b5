import { expect, test } from 'vitest';
import { createRandom, shuffle } from './index.ts';

test('P2 the same seed gives the same stream, another seed another', () => {
  const take = (seed: number): number[] => {
    const r = createRandom(seed);
    return Array.from({ length: 5 }, () => r.next());
  };
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
});

test('next is uniform: mean and variance of 100,000 draws', () => {
  const r = createRandom(1);
  const draws = Array.from({ length: 100_000 }, () => r.next());
  const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
  const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.005);
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001);
});

test('shuffle keeps every item', () => {
  expect([...shuffle([1, 2, 3, 4, 5, 6, 7], createRandom(3))].sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
