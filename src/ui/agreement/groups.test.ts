import { expect, test } from 'vitest';
import { type AnalysisResult, meanAgreement, type Segment } from '../../domain/index.ts';
import { FIGURE_WORDS, groupRows } from './groups.ts';

const FIGURES = { ari: 0.1, ami: 0.2, homogeneity: 0.3, completeness: 0.4, vMeasure: 0.5, purity: 0.6, accuracy: 0.7, f1: 0.8 };
const segment = (window: number, number: number, track: number) => ({ window, number, track }) as Segment;
const group = (label: string, users: number, of: number | null) => ({
  ...{ label, users, segment: of, precision: of === null ? null : 0.5, recall: of === null ? 0 : 0.5, f1: of === null ? 0 : 0.5 },
});
const RESULT = {
  segments: [segment(0, 0, 7), segment(1, 0, 8), segment(1, 1, 7)],
  agreement: [{ window: 1, users: 9, ...FIGURES, groups: [group('jam', 2, 1), group('tea', 5, 0), group('ale', 2, null)] }],
} as unknown as AnalysisResult;

test('groups stand the largest first, each with the segment of that window that was matched with it', () => {
  const rows = groupRows(RESULT, 1);
  expect(rows.map(({ label, users, segment }) => [label, users, segment?.track ?? null])).toEqual([
    ['tea', 5, 8],
    ['jam', 2, 7],
    ['ale', 2, null],
  ]);
  expect(rows[2]).toMatchObject({ precision: null, recall: 0, f1: 0 });
});

test('a window without two users of a known group has no rows', () => {
  expect(groupRows(RESULT, 0)).toEqual([]);
});

test('every figure of agreement is told by name, once', () => {
  expect(FIGURE_WORDS.map(([key]) => key).sort()).toEqual(Object.keys(meanAgreement([FIGURES]) ?? {}).sort());
});
