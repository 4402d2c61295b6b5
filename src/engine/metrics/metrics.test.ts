import { expect, test } from 'vitest';
import { silentContext } from '../../domain/index.ts';
import { uniformMatrix } from '../../testing/index.ts';
import { adjustedRandIndex, trustworthiness } from '../index.ts';
import { sklearn, storedMatrix } from '../reference/index.ts';

test('the adjusted Rand index is that of scikit-learn', () => {
  for (const { a, b, ari } of sklearn.ari) {
    expect(adjustedRandIndex(a, b)).toBeCloseTo(ari, 12);
    expect(adjustedRandIndex(b, a)).toBeCloseTo(ari, 12);
  }
  expect(adjustedRandIndex([], [])).toBe(1);
});

test('trustworthiness is that of scikit-learn, and 1 for the data itself', async () => {
  const { x, layout, k, trustworthiness: expected } = sklearn.trustworthiness;
  expect(await trustworthiness(storedMatrix(x), storedMatrix(layout), k, silentContext)).toBeCloseTo(expected, 12);
  const own = uniformMatrix(80, 3, 1);
  expect(await trustworthiness(own, own, 7, silentContext)).toBe(1);
});
