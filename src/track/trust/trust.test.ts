import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type EventKind, type Matrix, type TrackEvent, type WindowSegment } from '../../domain/index.ts';
import { directionOf, range, segmentsOf, track } from '../cases.fixture.ts';
import { windowUsers } from '../change/index.ts';
import {
  alikeStability,
  bestJaccards,
  falseEventRate,
  jaccard,
  judge,
  matchHalves,
  meanStability,
  pValue,
  type Refit,
  type TrustRule,
  verdictOf,
} from './index.ts';

const RULE: TrustRule = { stableP: 0.05, noiseP: 0.2, stable: 0.75, unstable: 0.6, minUsers: 10 };

const refit = (events: readonly [EventKind, number, number?][], window = 0, segments = 4): Refit => ({
  window,
  segments,
  events: events.map(([kind, effect, stability = 0.9]) => ({ kind, effect, stability })),
  survivors: [],
});
/** So many re-fits, of which the first `told` tell a split of that effect. */
const refits = (count: number, told: number, effect = 0.3): Refit[] =>
  Array.from({ length: count }, (_, i) => refit(i < told ? [['split', effect]] : []));

describe('effect sizes', () => {
  const effectsOf = (months: Parameters<typeof track>[0]): [string, number][] =>
    track(months).events.map(({ kind, effect }) => [kind, effect]);

  test('split and merge: the share of the common users beside the part that goes on', () => {
    const whole = { users: range(0, 60) };
    const parts = [{ users: range(0, 36) }, { users: range(36, 60) }];
    const other = { users: range(100, 140) };
    expect(effectsOf([{ segments: [whole, other] }, { segments: [...parts, other] }])).toEqual([
      ['split', 24 / 100],
      ['survive', 0],
    ]);
    expect(effectsOf([{ segments: [...parts, other] }, { segments: [whole, other] }])).toEqual([
      ['merge', 24 / 100],
      ['survive', 0],
    ]);
  });

  test('emerge and disappear: the segment less what one other gave or took, in its window', () => {
    // Of the new segment's 20 users 6 come from a, too few to say more.
    const [a, b] = [{ users: range(0, 40) }, { users: [...range(0, 6), ...range(50, 64)], angle: 200 }];
    const rest = { users: range(6, 40) };
    expect(effectsOf([{ segments: [a] }, { segments: [rest, b] }])).toEqual([
      ['survive', 0],
      ['emerge', 14 / 54],
    ]);
    expect(effectsOf([{ segments: [rest, b] }, { segments: [a] }])).toEqual([
      ['survive', 0],
      ['disappear', 14 / 54],
    ]);
  });

  test('users without a segment do not count', () => {
    const [a, b] = [{ users: range(0, 30) }, { users: range(50, 60), angle: 200 }];
    expect(effectsOf([{ segments: [a] }, { segments: [a, b], noise: [99] }])).toEqual([
      ['survive', 0],
      ['emerge', 0.25],
    ]);
    expect(effectsOf([{ segments: [a, b], noise: [99] }, { segments: [a] }])).toEqual([
      ['survive', 0],
      ['disappear', 0.25],
    ]);
  });

  test('reorganise: the share of the common users on its ribbons', () => {
    // Three segments of 60 whose thirds are dealt out anew, and one that stays.
    const old = [range(0, 60), range(60, 120), range(120, 180), range(200, 220)];
    const third = (i: number): number[] => [0, 60, 120].flatMap((from) => range(from + 20 * i, from + 20 * i + 20));
    const fresh = [third(0), third(1), third(2), range(200, 220)];
    const month = (lists: number[][]) => ({ segments: lists.map((users) => ({ users })) });
    const events = track([month(old), month(fresh)]).events;
    expect(events.map(({ kind, effect }) => [kind, effect])).toEqual([
      ['survive', 0],
      ['reorganise', 0.9],
    ]);
  });

  test('an event names the segments it concerns, those of the earlier window first', () => {
    const months = [
      { segments: [{ users: range(0, 60) }, { users: range(100, 140) }] },
      { segments: [{ users: range(0, 36) }, { users: range(36, 60) }, { users: range(100, 140) }] },
    ];
    expect(track(months).events.map(({ segments }) => segments)).toEqual([
      [0, 2, 3],
      [1, 4],
    ]);
  });
});

describe('no-change re-fits', () => {
  const half = (lists: readonly (readonly number[])[], stability?: number[]) => ({
    segments: segmentsOf([{ segments: lists.map((users, i) => ({ users, angle: 40 * i })) }]),
    stability: stability ?? lists.map(() => 1),
    users: windowUsers(present, tasteOf(present)),
  });
  /** Each user's own direction near that of the first 40 or of the rest, the same in both halves. */
  const tasteOf = (users: Uint32Array): Matrix => {
    const degrees = Array.from(users, (user) => (user < 40 ? 0 : 90) + (user % 10));
    return { rows: users.length, cols: 2, data: Float32Array.from(degrees.flatMap((d) => [...directionOf(d)])) };
  };
  const present = Uint32Array.from(range(0, 80));

  test('halves that agree tell nothing; survivors keep what chance did to size and centre', () => {
    const told = matchHalves(
      3,
      half([range(0, 40), range(40, 80)]),
      half([range(0, 50), range(50, 80)]),
      present,
      DEFAULT_SETTINGS.matching,
    );
    expect(told).toMatchObject({ window: 3, segments: 2, events: [] });
    const amounts = (s: number, measure: string) => told.survivors[s]?.changes.find((c) => c.measure === measure);
    expect([amounts(0, 'size')?.amount, amounts(1, 'size')?.amount]).toEqual([0.125, -0.125]);
    // The ten users who went over stand far from the first centre; where they left, those who stay are as close as before.
    expect(amounts(0, 'compactness')?.amount).toBeLessThan(-0.05);
    expect(amounts(1, 'compactness')?.amount).toBeCloseTo(0, 2);
    expect(amounts(0, 'shift')?.amount).toBeGreaterThan(0.02);
    expect(amounts(1, 'shift')?.amount).toBe(0);
    expect(told.survivors.map((s) => s.stability)).toEqual([1, 1]);
  });

  test('a half that divides a segment tells a split, with the least stability of those it names', () => {
    const whole = half([range(0, 40), range(40, 80)], [0.9, 0.8]);
    const divided = half([range(0, 40), range(40, 60), range(60, 80)], [0.95, 0.4, 0.7]);
    const told = matchHalves(0, whole, divided, present, DEFAULT_SETTINGS.matching);
    expect(told.segments).toBe(2.5);
    expect(told.events).toEqual([{ kind: 'split', effect: 0.25, stability: 0.4 }]);
  });

  test('a half segment has the stability of the most alike segment of the window', () => {
    const window = segmentsOf([{ segments: [{ users: range(0, 40) }, { users: range(40, 80) }] }]);
    const found = alikeStability(half([range(0, 10), range(35, 80)]).segments, window, (i) => [0.3, 0.7][i] as number);
    expect(found).toEqual([0.3, 0.7]);
    expect(alikeStability(half([range(0, 3)]).segments, [] as WindowSegment[], () => 1)).toEqual([Number.NaN]);
  });
});

describe('p of an event', () => {
  test('(1 + r) / (R + 1), r counting re-fits with an event of its kind at least as strong', () => {
    expect(pValue('split', 0.3, refits(99, 0))).toBe(0.01);
    expect(pValue('split', 0.3, refits(99, 4))).toBe(0.05);
    expect(pValue('split', 0.31, refits(99, 4))).toBe(0.01);
    expect(pValue('merge', 0.1, refits(99, 4))).toBe(0.01);
    expect(
      pValue('split', 0.1, [
        refit([
          ['split', 0.2],
          ['split', 0.3],
        ]),
        refit([]),
      ]),
    ).toBe(2 / 3);
    expect(pValue('split', 0.1, [])).toBeNaN();
  });

  test('a return is held against emergences', () => {
    expect(pValue('resurface', 0.1, [refit([['emerge', 0.2]]), refit([])])).toBe(2 / 3);
  });
});

describe('the verdict', () => {
  const verdict = (p: number, stability: number, users = 10, uncertain = false) =>
    verdictOf({ p, stability }, users, uncertain, RULE);

  test('stable needs all of p, stability, users and certainty', () => {
    expect(verdict(0.05, 0.75)).toBe('stable');
    expect(verdict(0.06, 0.75)).toBe('tentative');
    expect(verdict(0.05, 0.74)).toBe('tentative');
    expect(verdict(0.05, 0.75, 9)).toBe('tentative');
    expect(verdict(0.05, 0.75, 10, true)).toBe('tentative');
  });

  test('noise is what re-fits show as often, or what rests on segments that dissolve', () => {
    expect(verdict(0.21, 1)).toBe('noise');
    expect(verdict(0.2, 1)).toBe('tentative');
    expect(verdict(0.01, 0.59)).toBe('noise');
  });

  test('what was not measured is never stable', () => {
    expect(verdict(Number.NaN, 1)).toBe('tentative');
    expect(verdict(0.01, Number.NaN)).toBe('tentative');
  });

  test('an event is judged by its kind, effect, users and certainty', () => {
    const event = { kind: 'split', effect: 0.3, users: 40, tentative: false } as TrackEvent;
    expect(judge(event, 0.8, refits(99, 4), RULE)).toEqual({ p: 0.05, stability: 0.8, verdict: 'stable' });
    expect(judge({ ...event, tentative: true }, 0.8, refits(99, 0), RULE).verdict).toBe('tentative');
    expect(judge({ ...event, users: 3 }, 0.8, refits(99, 0), RULE).verdict).toBe('tentative');
  });
});

describe('the false-event rate', () => {
  test('mean over the re-fits of events that are no survival, a segment; before and after the verdict', () => {
    const rate = falseEventRate(
      [
        ...refits(98, 2),
        refit([
          ['merge', 0.5],
          ['emerge', 0.1, 0.5],
        ]),
      ],
      1,
      RULE,
    );
    expect(rate.refits).toBe(99);
    expect(rate.raw).toBeCloseTo((2 / 4 + 2 / 4) / 99, 12);
    // Both splits have one twin among the 98 others (p = 2/99), the merge none; the emergence rests on a segment that dissolves.
    expect(rate.stable).toBeCloseTo((2 / 4 + 1 / 4) / 99, 12);
  });

  test('per window; a window without re-fits has none, and no segments are no events', () => {
    const rate = falseEventRate([refit([['split', 0.2]], 0, 2), refit([], 2, 0)], 3, RULE);
    expect(rate.perWindow.map(({ raw }) => raw)).toEqual([0.5, Number.NaN, 0]);
    expect(rate.raw).toBe(0.25);
    expect(falseEventRate([], 1, RULE).raw).toBeNaN();
  });

  test('what happens in most re-fits is never stable', () => {
    expect(falseEventRate(refits(99, 60), 1, RULE).stable).toBe(0);
  });
});

describe('stability', () => {
  const setOf = (values: readonly number[]): Uint32Array => Uint32Array.from([...new Set(values)].sort((a, b) => a - b));

  test('fuzz: the Jaccard coefficient is that of the sets', () => {
    const users = fc.array(fc.nat(20));
    fc.assert(
      fc.property(users, users, (a, b) => {
        const [left, right] = [new Set(a), new Set(b)];
        const both = [...left].filter((u) => right.has(u)).length;
        const all = new Set([...a, ...b]).size;
        expect(jaccard(setOf(a), setOf(b))).toBe(all === 0 ? 0 : both / all);
      }),
    );
  });

  test('each cluster against its most alike in the sample, both restricted to the drawn rows', () => {
    const original = Int32Array.of(0, 0, 0, 1, 1, 1, 2, -1);
    const drawn = Uint32Array.of(0, 1, 3, 4, 7);
    // Sample clusters: {0, 1}, {3}, {4, 7}.
    const found = bestJaccards(original, 3, drawn, Int32Array.of(0, 0, 1, 2, 2));
    expect([...found]).toEqual([1, 1 / 2, Number.NaN]);
  });

  test('the mean is over the samples in which it was drawn', () => {
    const runs = [Float64Array.of(1, Number.NaN, Number.NaN), Float64Array.of(0.5, 0.25, Number.NaN)];
    expect([...meanStability(runs, 3)]).toEqual([0.75, 0.25, Number.NaN]);
  });
});
