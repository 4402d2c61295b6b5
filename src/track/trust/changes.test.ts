import { describe, expect, test } from 'vitest';
import type { ChangeMeasure, SurvivorChange, TrackEvent } from '../../domain/index.ts';
import { type ChangeRule, changeNull, changeP, falseChangeRate, judgeChanges, type Refit } from './index.ts';

const RULE: ChangeRule = {
  ...{ stableP: 0.05, noiseP: 0.2, stable: 0.75, unstable: 0.6, minUsers: 10, changeP: 0.05 },
  least: { size: 0.1, compactness: 0.01, shift: 0.005 },
};

/** From a share, or a compactness, of a half; the interval is a tenth of the amount to either side. */
const change = (measure: ChangeMeasure, strength: number, amount = 0.1 * Math.sign(strength)): SurvivorChange => ({
  ...{ measure, strength, amount, chance: 0, before: 0.5, after: 0.5 + amount },
  low: amount - 0.1 * Math.abs(amount),
  high: amount + 0.1 * Math.abs(amount),
});
const refit = (survivors: readonly SurvivorChange[][], stability = 0.9): Refit => ({
  ...{ window: 0, segments: 4, events: [] },
  survivors: survivors.map((changes) => ({ changes, stability })),
});
const event = (changes: SurvivorChange[], rest: Partial<TrackEvent> = {}): TrackEvent =>
  ({ kind: 'survive', users: 40, tentative: false, changes, ...rest }) as TrackEvent;
/** So many re-fits, of which the first `strong` have a survivor that grew by that many standard errors. */
const refits = (count: number, strong: number, strength: number): Refit[] =>
  Array.from({ length: count }, (_, i) => refit([[change('size', 0.1)], [change('size', i < strong ? strength : 0.5)]]));

describe('p of a change', () => {
  test('(1 + r) / (R + 1), r counting re-fits of which some survivor changed by as many standard errors', () => {
    const all = [refit([[change('size', 1)], [change('size', 3)]]), refit([[change('size', 2)]]), refit([[change('size', 0.5)]])];
    const chance = changeNull(all);
    expect(changeP(change('size', 2), 1, chance)).toBe(3 / 4);
    expect(changeP(change('size', 3.1), 1, chance)).toBe(1 / 4);
    expect(changeP(change('size', 0), 1, chance)).toBe(1);
  });

  test('two-sided for size and compactness, one-sided for a shift', () => {
    const all = [refit([[change('size', -3), change('compactness', -3), change('shift', -3)]]), refit([])];
    const chance = changeNull(all);
    expect(changeP(change('size', 2), 1, chance)).toBe(2 / 3);
    expect(changeP(change('compactness', -2), 1, chance)).toBe(2 / 3);
    expect(changeP(change('shift', 2), 1, chance)).toBe(1 / 3);
  });

  test('no smaller than the p of users drawn anew, for all that go on between the two windows', () => {
    const chance = changeNull(refits(999, 0, 1));
    // Two-sided 0.05 and 0.0027 of the standard normal.
    expect(changeP(change('compactness', -1.959964), 1, chance)).toBeCloseTo(0.05, 6);
    expect(changeP(change('size', 3), 1, chance)).toBeCloseTo(0.0026998, 6);
    expect(changeP(change('size', 3), 10, chance)).toBeCloseTo(1 - 0.9973002 ** 10, 6);
    expect(changeP(change('shift', 1.959964), 1, chance)).toBeCloseTo(0.025, 6);
    expect(changeP(change('size', 5), 10, chance)).toBe(1 / 1000);
  });

  test('not known without re-fits; a survivor that could not be measured shows no change', () => {
    expect(changeP(change('size', 3), 1, changeNull([]))).toBeNaN();
    expect(changeP(change('shift', 1), 1, changeNull([refit([[change('size', 9)]])]))).toBe(1 / 2);
  });
});

describe('the verdict on a change', () => {
  const verdicts = (e: TrackEvent, stability = 0.9, all = refits(99, 4, 3)) =>
    judgeChanges(e, stability, 1, changeNull(all), RULE).map(({ verdict }) => verdict);

  test('as for events: by p, stability, users and certainty', () => {
    expect(judgeChanges(event([change('size', -3)]), 0.9, 1, changeNull(refits(99, 4, 3)), RULE)).toEqual([
      { measure: 'size', p: 0.05, verdict: 'stable' },
    ]);
    expect(verdicts(event([change('size', 3)]), 0.9, refits(99, 5, 3))).toEqual(['tentative']);
    expect(verdicts(event([change('size', 3)]), 0.7)).toEqual(['tentative']);
    expect(verdicts(event([change('size', 3)], { users: 9 }))).toEqual(['tentative']);
    expect(verdicts(event([change('size', 3)], { tentative: true }))).toEqual(['tentative']);
    expect(verdicts(event([change('size', 3)]), 0.9, [])).toEqual(['tentative']);
    expect(verdicts(event([change('size', 3)]), 0.9, refits(99, 20, 3))).toEqual(['noise']);
    expect(verdicts(event([change('size', 3)]), 0.5)).toEqual(['noise']);
  });

  test('the largest p of a stable change is its own setting', () => {
    const strict = (strong: number) =>
      judgeChanges(event([change('size', 3)]), 0.9, 1, changeNull(refits(99, strong, 3)), { ...RULE, changeP: 0.03 })[0]?.verdict;
    expect([strict(2), strict(3)]).toEqual(['stable', 'tentative']);
  });

  test('a change that is beyond chance but smaller than the least is noise', () => {
    // Of a share of one half: a tenth of it is 0.05.
    expect(verdicts(event([change('size', 9, 0.049)]))).toEqual(['noise']);
    expect(verdicts(event([change('size', 9, -0.05)]))).toEqual(['stable']);
    const content = [
      change('compactness', 9, 0.009),
      change('compactness', 9, -0.01),
      change('shift', 9, 0.0049),
      change('shift', 9, 0.005),
    ];
    expect(verdicts(event(content))).toEqual(['noise', 'stable', 'noise', 'stable']);
  });

  test('a change whose interval leaves none open is noise', () => {
    expect(verdicts(event([{ ...change('size', 9), low: 0 }]))).toEqual(['noise']);
    expect(verdicts(event([{ ...change('size', -9), high: 0 }]))).toEqual(['noise']);
  });
});

describe('the false-change rate', () => {
  const rate = (all: readonly Refit[]) => falseChangeRate(all, changeNull(all), RULE);

  test('share of the re-fits’ survivors with a stable change, each p taken against the others', () => {
    const grown = [change('size', 3), change('shift', 3)];
    const all = [...refits(98, 3, 3), refit([grown, [change('size', 0.1)]])];
    // Three of 98 others, and the one itself: p = 4 / 99 for each of the four.
    expect(rate(all)).toEqual({
      survivors: 2 * 99,
      stable: 4 / 198,
      byMeasure: { size: 4 / 198, compactness: 0, shift: 1 / 198 },
    });
  });

  test('what happens in most re-fits, is too small or rests on segments that dissolve is not told', () => {
    expect(rate(refits(99, 60, 3)).stable).toBe(0);
    expect(rate([...refits(98, 0, 1), refit([[change('size', 3, 0.01)]])]).stable).toBe(0);
    expect(rate([...refits(98, 0, 1), refit([[change('size', 3)]], 0.5)]).stable).toBe(0);
    expect(rate([...refits(98, 0, 1), refit([[change('size', 3)]])]).stable).toBe(1 / 197);
  });

  test('not known without a survivor; never stable with one re-fit', () => {
    expect(rate([]).stable).toBeNaN();
    expect(rate([refit([])])).toMatchObject({ survivors: 0, stable: Number.NaN });
    expect(rate([refit([[change('size', 3)]])]).stable).toBe(0);
  });
});
