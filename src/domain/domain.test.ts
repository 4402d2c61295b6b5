import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AppError,
  CancelledError,
  codePointLength,
  compareCodePoints,
  createContext,
  createMatrix,
  deriveSeed,
  inputError,
  isCancelled,
  normaliseRows,
  rowOf,
  takeRows,
  toAppError,
} from './index.ts';

test('P2 texts sort by code points, as UTF-8 bytes do', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
  expect(compareCodePoints('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
  expect(codePointLength('a\u{1F600}b')).toBe(3);
});

test('a seed for one purpose is not the seed for another', () => {
  const seeds = ['map', 'k-means', 'sample'].flatMap((purpose) => [deriveSeed(1, purpose), deriveSeed(2, purpose)]);
  expect(new Set(seeds).size).toBe(seeds.length);
});

test('rows are taken in the order asked and normalised to unit length; a zero row stays zero', () => {
  const m = createMatrix(3, 2);
  m.data.set([3, 4, 0, 0, 5, 12]);
  const taken = normaliseRows(takeRows(m, [2, 1, 0]));
  expect([...rowOf(taken, 0)].map((v) => v.toFixed(4))).toEqual(['0.3846', '0.9231']);
  expect([...rowOf(taken, 1)]).toEqual([0, 0]);
  expect(m.data[0]).toBe(3);
});

test('P7 a checkpoint lets messages in once its slice is used up, and stops a cancelled job', async () => {
  const controller = new AbortController();
  const ctx = createContext('read', () => {}, controller.signal, 0);
  let heard = false;
  setTimeout(() => {
    heard = true;
  }, 0);
  for (let i = 0; i < 50 && !heard; i++) await ctx.checkpoint();
  expect(heard).toBe(true);
  controller.abort();
  await expect(ctx.checkpoint()).rejects.toThrow(CancelledError);
});

test('errors: ours come back as they were, others count as our mistake, with their cause', () => {
  const ours = inputError('code', 'What was found.', 'What to do.', new Error('why'));
  expect(toAppError(ours)).toBe(ours);
  expect(AppError.fromData(ours.toData())).toMatchObject({ kind: 'input', code: 'code', hint: 'What to do.' });
  expect(toAppError(new TypeError('oops'))).toMatchObject({ kind: 'bug', detail: expect.stringContaining('TypeError: oops') });
  expect(isCancelled(new CancelledError())).toBe(true);
  expect(isCancelled(ours)).toBe(false);
});
