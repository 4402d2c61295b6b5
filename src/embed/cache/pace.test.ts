import { expect, test } from 'vitest';
import { createPace } from './index.ts';

test('progress tells texts, texts per second and tokens per second', () => {
  let now = 0;
  const pace = createPace(3958, 0, () => now);
  expect(pace.note(0, 0)).toBe('0 of 3,958 texts');
  now = 1714;
  expect(pace.note(1200, 15_900)).toBe('1,200 of 3,958 texts · 700 texts/s · 9,300 tokens/s');
});

test('texts that had their vector already count as done, and in no rate', () => {
  let now = 0;
  const pace = createPace(1000, 900, () => now);
  expect(pace.note(0, 0)).toBe('900 of 1,000 texts');
  now = 2000;
  expect(pace.note(50, 500)).toBe('950 of 1,000 texts · 25 texts/s · 250 tokens/s');
});

test('rates are those of the last seconds, not of the whole run', () => {
  let now = 0;
  const pace = createPace(10_000, 0, () => now);
  let texts = 0;
  let note = '';
  const work = (perSecond: number): void => {
    for (let i = 0; i < 100; i++) {
      now += 100;
      texts += perSecond / 10;
      note = pace.note(texts, texts * 5);
    }
  };
  work(1000);
  expect(note).toContain('1,000 texts/s · 5,000 tokens/s');
  work(100);
  expect(note).toContain('100 texts/s · 500 tokens/s');
});

test('no rate is told before it means something', () => {
  let now = 0;
  const pace = createPace(10, 0, () => now);
  now = 300;
  expect(pace.note(1, 8)).toBe('1 of 10 texts');
});

test('a pause counts in no rate', () => {
  let now = 0;
  const pace = createPace(1000, 0, () => now);
  now = 1000;
  pace.note(100, 1000);
  now += 60_000;
  pace.held(60_000);
  now += 1000;
  expect(pace.note(200, 2000)).toBe('200 of 1,000 texts · 100 texts/s · 1,000 tokens/s');
});
