import { expect, test } from 'vitest';
import type { Segment } from '../../domain/index.ts';
import type { UserMixture } from '../../state/index.ts';
import { focusWord, mixtureWords } from './words.ts';

const segment = {} as Segment;
const mixture = (share: number, secondary: Segment | null): UserMixture => ({
  ...{ parts: [{ segment, share }], rest: 1 - share, entropy: 1.354, mostEntropy: 3, secondary },
});

test('a second interest makes a user mixed; else half in one segment is focused, less is spread out', () => {
  expect(focusWord(mixture(0.7, segment))).toBe('mixed');
  expect(focusWord(mixture(0.5, null))).toBe('focused');
  expect(focusWord(mixture(0.49, null))).toBe('spread out');
  expect(focusWord({ parts: [], secondary: null })).toBe('spread out');
});

test('a second interest is named only where there is one', () => {
  expect(mixtureWords(mixture(0.8, null), '')).toBe('Focused: entropy 1.35 of at most 3.00 bits.');
  expect(mixtureWords(mixture(0.6, segment), 'tea')).toBe('Mixed: entropy 1.35 of at most 3.00 bits. Second interest: “tea”.');
});
