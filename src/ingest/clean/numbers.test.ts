import { describe, expect, test } from 'vitest';
import { createRandom, silentContext } from '../../domain/index.ts';
import { clean } from './clean.ts';
import { draftOf, intakeOf, MAPPING } from './draft.fixture.ts';
import { averagePath, isolationForest } from './forest.ts';
import oracle from './oracle.json' with { type: 'json' };
import { mean, mode, quantile, sortedNumbers, standardDeviation } from './spread.ts';

const all = (values: ArrayLike<number>): Uint32Array => Uint32Array.from({ length: values.length }, (_, i) => i);

describe.each(oracle.columns)('a column of numbers, against numpy and scipy: %#', (column) => {
  const sorted = sortedNumbers(Float64Array.from(column.values), all(column.values));

  test('mean, spread, quartiles and mode', () => {
    expect(mean(sorted)).toBeCloseTo(column.mean, 10);
    expect(standardDeviation(sorted)).toBeCloseTo(column.standardDeviation, 10);
    [0.25, 0.5, 0.75].forEach((share, i) => {
      expect(quantile(sorted, share)).toBeCloseTo(column.quartiles[i] as number, 10);
    });
    expect(mode(sorted)).toBe(column.mode);
  });

  test.each([
    ['z-score', 3, column.zScore],
    ['iqr', 1.5, column.iqr],
  ] as const)('outliers by %s', async (method, limit, rows) => {
    const draft = draftOf(column.values.map((value, i) => ({ text: `${i}`, value })));
    const outliers = { columns: [], method, limit, action: 'set-aside' } as const;
    const { keep } = await clean(draft, intakeOf({ outliers }), MAPPING, silentContext);
    expect([...keep].flatMap((k, row) => (k === 0 ? [row] : []))).toEqual(rows);
  });
});

test('numbers near the end of the range have a mean and a spread', () => {
  const sorted = Float64Array.of(-1.7e308, 1e308, 1.7e308, 1.7e308);
  expect(mean(sorted) / 1e308).toBeCloseTo(0.675, 12);
  expect(standardDeviation(sorted) / 1e308).toBeCloseTo(1.40067, 4);
});

test('of no numbers there is no figure', () => {
  const none = sortedNumbers(Float64Array.of(Number.NaN), Uint32Array.of(0));
  for (const figure of [mean(none), standardDeviation(none), quantile(none, 0.5), mode(none)]) expect(figure).toBeNaN();
});

/** Ranks, the mean one for equal values. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((v) => (sorted.indexOf(v) + sorted.lastIndexOf(v)) / 2);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const middle = (a.length - 1) / 2;
  const product = (x: readonly number[], y: readonly number[]) =>
    x.reduce((s, v, i) => s + (v - middle) * ((y[i] as number) - middle), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

describe('isolation forest', () => {
  test('the average path is that of the paper', () => {
    expect([averagePath(0), averagePath(1), averagePath(2)]).toEqual([0, 0, 1]);
    // c(256) as scikit-learn's _average_path_length gives it.
    expect(averagePath(256)).toBeCloseTo(10.2447709, 6);
  });

  test.each(oracle.forests.map((f, i) => [i, f] as const))('scores agree with scikit-learn: %d', async (_, { rows, scores }) => {
    const dims = (rows[0] as number[]).length;
    const values = Float64Array.from(rows.flat());
    const score = await isolationForest(values, dims, createRandom(0), silentContext);
    const found = rows.map((_row, i) => score(values, i * dims));
    expect(correlation(ranks(found), ranks(scores))).toBeGreaterThan(0.95);
    expect(Math.max(...found.map((s, i) => Math.abs(s - (scores[i] as number))))).toBeLessThan(0.06);
  });

  test('planted outliers have the highest scores', async () => {
    const { rows } = oracle.forests[0] as (typeof oracle.forests)[0];
    const draft = draftOf(rows.map(([x, y], i) => ({ text: `${i}`, numbers: { x: x as number, y: y as number } })));
    const outliers = { columns: ['x', 'y'], method: 'isolation-forest', limit: 0.6, action: 'set-aside' } as const;
    const { keep } = await clean(draft, intakeOf({ outliers }), MAPPING, silentContext);
    const out = [...keep].flatMap((k, row) => (k === 0 ? [row] : []));
    expect(out.filter((row) => row >= 380).length).toBe(20);
    expect(out.length).toBeLessThan(40);
  });
});
