import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, modeProblems, settingProblems } from './index.ts';

test('one fit over all windows is refused where no look ahead is allowed, and only there', () => {
  expect(modeProblems({ mode: 'global', lookAhead: false })).toMatchObject([{ path: 'mode' }]);
  expect(modeProblems({ mode: 'global', lookAhead: true })).toEqual([]);
  expect(modeProblems({ mode: 'evolving', lookAhead: false })).toEqual([]);
  expect(settingProblems({ ...DEFAULT_SETTINGS, mode: 'global' })).toEqual([]);
});

test('segments evolve unless told', () => {
  expect(DEFAULT_SETTINGS.mode).toBe('evolving');
});
