import { expect, test } from 'vitest';
import { DAY, HOUR } from '../domain/index.ts';
import { windowsHint } from './windows-hint.ts';

const over = (days: number, counts: readonly number[] = [3, 2, 1, 4]) => ({
  ...{ from: 0, step: 1, counts, first: Date.UTC(2024, 0, 1), last: Date.UTC(2024, 0, 1) + days * DAY },
});

test('windows that cut the time into some pieces need no word', () => {
  expect(windowsHint('month', over(365))).toBeNull();
  expect(windowsHint('hour', over(2))).toBeNull();
});

test('one window for all is told, with a shorter one', () => {
  expect(windowsHint('month', over(1))).toBe('All events may fall into one window. By the hour there are about 25.');
  expect(windowsHint('month', over(0))).toBeNull();
  expect(windowsHint('hour', { ...over(0), last: Date.UTC(2024, 0, 1) + HOUR / 2 })).toBeNull();
});

test('very many windows are told: with a longer one, or with the events that lie far off', () => {
  expect(windowsHint('month', over(22 * 365))).toBe('About 264 windows. By the year there are about 22.');
  const strays = windowsHint('hour', over(50, [9, ...new Array<number>(90).fill(0), 1]));
  expect(strays).toMatch(/^About 1,201 windows, most of them without an event: .*\(2024-01-01, 2024-02-20\)/);
});

test('no events, or a length that is none, need no word', () => {
  expect(windowsHint('month', over(365, []))).toBeNull();
  expect(windowsHint('fortnight', over(365))).toBeNull();
});
