import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_MISSING, type DecimalMark } from '../domain/index.ts';
import { missingTest, normaliseId } from './cells.ts';
import { numberParser, numberWriting } from './numbers.ts';

describe('numbers are read as people write them', () => {
  test.each<[DecimalMark, string, number]>([
    ['.', '12', 12],
    ['.', '-12.50', -12.5],
    ['.', '.5', 0.5],
    ['.', '5.', 5],
    ['.', '+1.5e3', 1500],
    ['.', ' 7 ', 7],
    ['.', '-0', 0],
    ['.', '1,234', 1234],
    ['.', '1,234,567.89', 1234567.89],
    ['.', '12,34,567.5', 1234567.5],
    ['.', '1 234.5', 1234.5],
    ['.', '1\u00a0234', 1234],
    ['.', '1\u2009234\u2009567', 1234567],
    ['.', '1\u202f234', 1234],
    ['.', "1'234.50", 1234.5],
    ['.', '1’234', 1234],
    ['.', '$1,234.50', 1234.5],
    ['.', 'US$ 3', 3],
    ['.', '-$3', -3],
    ['.', '$-3', -3],
    ['.', '€ 3.10', 3.1],
    ['.', '3 EUR', 3],
    ['.', 'GBP 3', 3],
    ['.', '￥100', 100],
    ['.', '100元', 100],
    ['.', '(3.00)', -3],
    ['.', '($3.00)', -3],
    ['.', '3.00-', -3],
    ['.', '−3', -3],
    ['.', '12 %', 0.12],
    ['.', '-12.5%', -0.125],
    ['.', '33.3%', 0.333],
    ['.', '1,234.5e-2', 12.345],
    [',', '1,5', 1.5],
    [',', '1.234', 1234],
    [',', '1.234,5', 1234.5],
    [',', '1 234,5', 1234.5],
    [',', ',5', 0.5],
    [',', '-3,20 €', -3.2],
    [',', '12,5 %', 0.125],
    [',', '1,5E3', 1500],
    [',', '12', 12],
  ])('%s as decimal mark: %s', (decimal, text, expected) => {
    expect(numberParser(decimal)(text)).toBe(expected);
  });
});

describe('what is no number as a whole is none', () => {
  test.each<[DecimalMark, string]>([
    ['.', '1,5'],
    ['.', '1,23'],
    ['.', '1,2345'],
    ['.', '1.234.567'],
    ['.', '1,234 567'],
    ['.', '12 34'],
    ['.', '1,234,56'],
    [',', '1.5'],
    [',', '1,234,567'],
    ['.', ''],
    ['.', '-'],
    ['.', '$'],
    ['.', '(3'],
    ['.', '3)'],
    ['.', '(-3)'],
    ['.', '--3'],
    ['.', '-3-'],
    ['.', '3 pieces'],
    ['.', '1e999'],
    ['.', 'NaN'],
    ['.', 'Infinity'],
    ['.', '0x10'],
    ['.', '17850 17851'],
  ])('%s as decimal mark: "%s"', (decimal, text) => {
    expect(numberParser(decimal)(text)).toBeNaN();
  });
});

test('long runs of blanks, digits and signs are given up at once', () => {
  for (const part of [' ', '1', '1 ', '1,', ',123', '-', '(', '$', '. ']) {
    const long = part.repeat(100_000);
    const most = long.slice(0, 390);
    for (const run of [long, most])
      for (const text of [`x${run}`, `-${run}x`, `(${run}x`, `1${run}x`]) expect(numberParser('.')(text), part).toBeNaN();
  }
});

test('every number that Intl writes in a language comes back', () => {
  const number = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((n) => Math.round(n * 100) / 100);
  const languages = [
    ['en-US', '.'],
    ['en-IN', '.'],
    ['de-DE', ','],
    ['fr-FR', ','],
    ['de-CH', '.'],
    ['sv-SE', ','],
  ] as const;
  fc.assert(
    fc.property(number, fc.constantFrom(...languages), (n, [language, decimal]) => {
      const written = new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(n);
      expect(numberParser(decimal)(written)).toBeCloseTo(n, 6);
    }),
  );
});

describe('the decimal mark is that with which more of a column are numbers', () => {
  test.each<[string, string[], DecimalMark, boolean]>([
    ['points only', ['1.5', '2'], '.', false],
    ['commas only', ['1,5', '2'], ',', false],
    ['a comma groups', ['1,234.5', '2,000'], '.', false],
    ['a point groups', ['1.234,5', '2.000'], ',', false],
    ['one cell tells', ['1.234', '2.345', '3,5'], ',', false],
    ['whole numbers', ['1', '2'], '.', false],
    ['1.234 alone', ['1.234', '2.345'], '.', true],
    ['1,234 alone', ['1,234', '2,345'], '.', true],
  ])('%s', (_, values, mark, ambiguous) => {
    expect(numberWriting(values)).toEqual({ mark, ambiguous, share: 1 });
  });

  test('words count against it, and no value at all is no number', () => {
    expect(numberWriting(['1', 'x', 'y', '2'])).toEqual({ mark: '.', ambiguous: false, share: 0.5 });
    expect(numberWriting([])).toEqual({ mark: '.', ambiguous: false, share: 0 });
  });
});

describe('cells', () => {
  test('missing: the empty cell, and what is in the list, exactly', () => {
    const missing = missingTest(DEFAULT_MISSING);
    for (const cell of ['', 'NA', 'N/A', 'null', 'NULL', '-', String.raw`\N`]) expect(missing(cell), cell).toBe(true);
    for (const cell of ['na', 'None', '--', '0', ' ']) expect(missing(cell), cell).toBe(false);
    expect([missingTest([])(''), missingTest([])('NA'), missingTest(['?'])('?')]).toEqual([true, false, true]);
  });

  test.each([
    ['17850.0', '17850'],
    ['17850.00', '17850'],
    ['-1.0', '-1'],
    ['17850', '17850'],
    ['1.5', '1.5'],
    ['1.50', '1.50'],
    ['007.0', '007'],
    ['1.0.0', '1.0.0'],
    ['a1.0', 'a1.0'],
    ['17.850,0', '17.850,0'],
    ['', ''],
  ])('the id %s is %s', (id, same) => {
    expect(normaliseId(id)).toBe(same);
  });
});
