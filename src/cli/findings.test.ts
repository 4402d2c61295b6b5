import { expect, test } from 'vitest';
import type { AnalysisResult, SurvivorChange, Trust } from '../domain/index.ts';
import { findingCounts, findingWords } from './findings.ts';

const change = (measure: SurvivorChange['measure'], amount: number): SurvivorChange =>
  ({ measure, amount }) as unknown as SurvivorChange;

test('only what is stable counts, changes by their direction; a survival itself is no finding', () => {
  const events = [
    { kind: 'split', changes: [] },
    { kind: 'split', changes: [] },
    { kind: 'survive', changes: [change('size', -0.1), change('compactness', 0.1), change('shift', 0.1)] },
    { kind: 'survive', changes: [change('size', 0.1)] },
  ];
  const trust = {
    events: ['stable', 'noise', 'stable', 'stable'].map((verdict) => ({ verdict })),
    changes: [[], [], ['stable', 'tentative', 'stable'], ['noise']].map((list) => list.map((verdict) => ({ verdict }))),
  } as unknown as Trust;
  const counts = findingCounts({ events, trust } as unknown as AnalysisResult);
  expect(counts).toEqual({ split: 1, shrink: 1, shift: 1 });
  expect(findingWords(counts)).toBe('Findings (stable events and changes): 1 split, 1 shrink, 1 shift');
  expect(findingWords({})).toBe('Findings (stable events and changes): none');
});
