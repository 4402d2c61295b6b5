import { describe, expect, it } from 'vitest';
import {
  type AnalysisResult,
  DEFAULT_SETTINGS,
  type Outcome,
  type Sensitivity,
  type TrackEvent,
  UNMEASURED,
  UNTRIED,
  type Verdict,
} from '../../domain/index.ts';
import { stripLines, stripWords, summaryWords, variantWords } from './sensitivity-words.ts';

const event = (kind: TrackEvent['kind']): TrackEvent => ({
  ...{ window: 1, before: 0, kind, from: [1], to: [1], segments: [0, 1], users: 12, effect: 0.2 },
  ...{ tentative: false, host: null, sizeChange: null, centroidCosine: null, changes: [] },
});

/** Two changes: by k, by seed, by a window length, each variant with the outcomes of both, or null. */
const sensitivity = (...outcomes: (readonly [Outcome, Outcome] | null)[]): Sensitivity => ({
  changes: [1, 2],
  variants: [
    { group: 'k' as const, name: 'k − 1' },
    { group: 'k' as const, name: 'k + 1' },
    { group: 'seed' as const, name: 'seed 1' },
    { group: 'window' as const, name: 'P15D' },
  ].map((variant, i) => ({ ...variant, outcomes: outcomes[i] ?? null })),
});

const WHOLE = sensitivity(['survives', 'lost'], ['survives', 'lost'], ['survives', 'survives'], ['lost', 'unmeasured']);

function result(given: Sensitivity, verdicts: readonly [Verdict, Verdict], settings = DEFAULT_SETTINGS): AnalysisResult {
  const trust = {
    ...UNMEASURED,
    events: ['stable' as const, ...verdicts].map((verdict) => ({ p: 0.01, stability: 1, verdict })),
  };
  const events = [event('survive'), event('split'), event('merge')];
  return { events, sensitivity: given, trust, settings } as unknown as AnalysisResult;
}

describe('the strip in words', () => {
  it('names the choices by what they tell, and all of a group at once', () => {
    expect(stripLines(WHOLE, 1)).toEqual([
      'Another k: told again with all 2',
      'Another seed: told again with seed 1',
      'Another window length: not with 15 days',
    ]);
    expect(stripWords(WHOLE, 2)).toBe(
      'Told again with 1 of 3 other choices. Another k: not with all 2. Another seed: told again with seed 1. Another window length: can’t be seen with 15 days.',
    );
  });

  it('says what is still to come', () => {
    expect(stripLines(sensitivity(['survives', 'lost']), 1)).toEqual([
      'Another k: told again with k − 1; still to try: k + 1',
      'Another seed: still to try: seed 1',
      'Another window length: still to try: 15 days',
    ]);
  });

  it.each([
    ['P61D', '61 days'],
    ['PT1H', '1 hour'],
    ['P14D/P4D', '14 days every 4 days'],
    ['P1D/PT12H', '1 day every 12 hours'],
  ])('a window of %s is one of %s', (name, words) => {
    expect(variantWords({ group: 'window', name })).toBe(words);
  });
});

describe('the summary', () => {
  it('tells of the findings, by group, and how many of them are frail', () => {
    expect(summaryWords(result(WHOLE, ['stable', 'stable']), false)).toBe(
      '2 findings (split, merge, birth, death) told again, on average with another k 50%, another seed 100%, another window length 0%. 1 of them by fewer than half of the choices.',
    );
    expect(summaryWords(result(WHOLE, ['stable', 'noise']), false)).toBe(
      '1 finding (split, merge, birth, death) told again, on average with another k 100%, another seed 100%, another window length 0%.',
    );
  });

  it('tells of all changes where none is a finding', () => {
    expect(summaryWords(result(WHOLE, ['noise', 'tentative']), false)).toMatch(
      /^2 changes \(split, merge, birth, death\) told again/,
    );
  });

  it('says how far it is, and that it was stopped', () => {
    const some = result(sensitivity(['survives', 'lost']), ['stable', 'stable']);
    expect(summaryWords(some, true)).toMatch(/1 of 4 choices tried so far\.$/);
    expect(summaryWords(some, false)).toMatch(/1 of 4 choices tried, then stopped\.$/);
  });

  it('says why there is nothing, and nothing where nothing changed', () => {
    const none = result(UNTRIED, ['stable', 'stable']);
    expect(summaryWords(none, true)).toBe('Being measured, once trust is known.');
    expect(summaryWords(none, false)).toBe('Not measured: it was stopped before it could be.');
    const off = result(UNTRIED, ['stable', 'stable'], { ...DEFAULT_SETTINGS, sensitivity: false });
    expect(summaryWords(off, false)).toMatch(/switched off/);
    expect(summaryWords({ ...off, events: [event('survive')] }, false)).toBeNull();
  });

  it('does not invent a share where no choice could see the findings', () => {
    const blind = sensitivity(...Array.from({ length: 4 }, () => ['unmeasured', 'unmeasured'] as const));
    expect(summaryWords(result(blind, ['stable', 'stable']), false)).toBe('No other choice could see the 2 findings.');
  });
});
