import { describe, expect, it } from 'vitest';
import { layoutKCurves } from '../../charts/index.ts';
import { type AnalysisResult, DEFAULT_SETTINGS, type KChoice, type KPoint, type Settings } from '../../domain/index.ts';
import { choiceWords, figure, markWords, noCurveWords } from './k-words.ts';

const curve = [0.2, 0.5, 0.495, 0.3].map(
  (silhouette, i): KPoint => ({
    ...{ k: i + 2, silhouette, daviesBouldin: 1, calinskiHarabasz: 120 + i, inertia: [100, 50, 45, 40][i] ?? 0, stability: null },
  }),
);
const choice = (k: number, common: number): KChoice => ({ window: 0, k, common, curve });
const result = (settings: Partial<Settings>, segment: readonly number[] = []): AnalysisResult =>
  ({
    settings: { ...DEFAULT_SETTINGS, ...settings },
    profiles: {
      window: Uint32Array.from(segment, () => 0),
      thin: new Uint8Array(segment.length),
      segment: Int32Array.from(segment),
    },
  }) as unknown as AnalysisResult;

describe('how k was chosen', () => {
  it.each<[number, number, RegExp]>([
    [3, 3, /^3, chosen from 2 to 5: the common k, and its own best\.$/],
    [4, 4, /^4, .*: the common k; its own best, 3, is not better by more than the tolerance\.$/],
    [3, 5, /^3, .*: its own best, which beats the common 5 by more than the tolerance\.$/],
    [1, 3, /1 are left of the number chosen, because the others stayed empty/],
  ])('%i where %i is common', (k, common, words) => {
    expect(choiceWords(choice(k, common))).toMatch(words);
  });

  it('without a curve: density, a fixed k and too few users each say what they are', () => {
    const none: KChoice = { window: 0, k: 2, common: null, curve: [] };
    expect(noCurveWords(result({ algorithm: 'hdbscan' }, [0, 1, -1, 0]), none)).toBe(
      '2 segments of 15 users or more, found by density: no k is chosen, so there are no curves. 25% of the users are in none.',
    );
    expect(noCurveWords(result({ algorithm: 'dbscan' }), none)).toMatch(/^2 segments, found by density/);
    expect(noCurveWords(result({ k: 2 }), none)).toMatch(/fixed in the settings/);
    expect(noCurveWords(result({}), { ...none, k: 1 })).toMatch(/^1: there are too few different users/);
  });
});

it('a curve says its value at the chosen k, and its own choice', () => {
  const rows = layoutKCurves([choice(4, 4)], 0, { width: 200, rowHeight: 30, heading: 16, left: 30 })?.rows ?? [];
  expect(rows.map(markWords)).toEqual(['0.50 · best 3', '1.00 · best 2', '122 · best 5', '45.00 · elbow 3', '']);
});

it('figures of a hundred and more have no decimals', () => {
  expect([0.126, 99.99, 1234.5, -250].map(figure)).toEqual(['0.13', '99.99', '1,235', '-250']);
});
