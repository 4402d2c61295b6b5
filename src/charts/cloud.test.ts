import { expect, test } from 'vitest';
import { cloudDot, fitCloud } from './index.ts';

test('a cloud fills its box up to the padding, undistorted and the right way up', () => {
  const pixels = fitCloud(Float32Array.of(-1, -1, 3, 1, 1, 0), { width: 220, height: 110 }, 10);
  expect([...pixels]).toEqual([20, 100, 200, 10, 110, 55]);
  expect([...fitCloud(Float32Array.of(-1, -1, 1, 3), { width: 500, height: 100 }, 10)]).toEqual([230, 90, 270, 10]);
});

test('one point lies in the middle, none is no trouble, and dots shrink as they get many', () => {
  expect([...fitCloud(Float32Array.of(5, 5), { width: 200, height: 100 }, 10)]).toEqual([100, 50]);
  expect(fitCloud(new Float32Array(), { width: 200, height: 100 }, 10).length).toBe(0);
  const sides = [0, 1, 100, 1000, 10_000, 1_000_000].map(cloudDot);
  expect(sides).toEqual([...sides].sort((a, b) => b - a));
  expect(sides.at(-1)).toBeGreaterThan(1);
});
