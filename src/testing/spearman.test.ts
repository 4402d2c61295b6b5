import { describe, expect, it } from 'vitest';
import oracle from './scipy-spearman.json' with { type: 'json' };
import { spearman } from './spearman.ts';

describe('Spearman`s rank correlation', () => {
  it.each(oracle.cases)('is that of scipy: $name', ({ a, b, rho }) => {
    expect(spearman(a, b)).toBeCloseTo(rho, 12);
  });

  it('is NaN where there is nothing to correlate, as by scipy', () => {
    for (const [a, b] of [
      [[], []],
      [[1], [2]],
      [
        [1, 1, 1],
        [1, 2, 3],
      ],
    ] as const)
      expect(spearman(a, b)).toBeNaN();
  });

  it('two lists of other lengths are a mistake', () => {
    expect(() => spearman([1], [1, 2])).toThrow('1 values beside 2');
  });
});
