import { describe, expect, test } from 'vitest';
import {
  type AnalysisResult,
  DEFAULT_SETTINGS,
  type SurvivorChange,
  type TrackEvent,
  type Trust,
  UNMEASURED,
} from '../domain/index.ts';
import { isFinding, survivalInto, TOLD_KINDS, toldOf, toldOfTrack } from './told.ts';

const change = (measure: SurvivorChange['measure'], amount: number, low: number, high: number): SurvivorChange => ({
  ...{ measure, amount, low, high, before: 0.1, after: 0.1 + amount, strength: 3, chance: 0 },
});
const event = (kind: TrackEvent['kind'], track: number, changes: SurvivorChange[] = []): TrackEvent =>
  ({ kind, window: 1, before: 0, from: kind === 'emerge' ? [] : [track], to: [track], changes }) as unknown as TrackEvent;

const events = [
  event('survive', 1, [
    change('size', 0.05, 0.02, 0.08),
    change('compactness', -0.1, -0.2, -0.05),
    change('shift', 0.1, 0.05, 0.2),
  ]),
  event('survive', 2, [change('size', 0.05, -0.01, 0.11), change('compactness', 0.009, 0.001, 0.02)]),
  event('emerge', 3),
];
const trust: Trust = {
  ...UNMEASURED,
  events: events.map(() => ({ p: 0.3, stability: 0.9, verdict: 'noise' })),
  changes: [
    [
      { measure: 'size', p: 0.01, verdict: 'stable' },
      { measure: 'compactness', p: 0.1, verdict: 'tentative' },
      { measure: 'shift', p: 0.02, verdict: 'stable' },
    ],
    [
      { measure: 'size', p: 1, verdict: 'noise' },
      { measure: 'compactness', p: 0.01, verdict: 'noise' },
    ],
    [],
  ],
};
const result = (t: Trust): AnalysisResult => ({ settings: DEFAULT_SETTINGS, events, trust: t }) as unknown as AnalysisResult;

describe('what is told', () => {
  test('events that are no survival, and changes beyond their interval that are large enough', () => {
    expect(toldOf(result(trust)).map(({ kind, p, stability }) => [kind, p, stability])).toEqual([
      ['grow', 0.01, 0.9],
      ['loosen', 0.1, 0.9],
      ['shift', 0.02, 0.9],
      ['emerge', 0.3, 0.9],
    ]);
  });

  test('only what is stable is a finding', () => {
    expect(
      toldOf(result(trust))
        .filter(isFinding)
        .map(({ kind }) => kind),
    ).toEqual(['grow', 'shift']);
  });

  test('before trust is measured nothing is a finding, and nothing has a p', () => {
    const told = toldOf(result(UNMEASURED));
    expect(told.map(({ kind }) => kind)).toEqual(['grow', 'loosen', 'shift', 'emerge']);
    expect(told.filter(isFinding)).toEqual([]);
    expect(told.every(({ p, verdict }) => Number.isNaN(p) && verdict === null)).toBe(true);
  });

  test('of a track: its events, however sure, and of its changes the findings', () => {
    expect(toldOfTrack(result(trust), 1).map(({ kind }) => kind)).toEqual(['grow', 'shift']);
    expect(toldOfTrack(result(trust), 2)).toEqual([]);
    expect(toldOfTrack(result(trust), 3).map(({ kind }) => kind)).toEqual(['emerge']);
  });

  test('how a track went on into a window, with the trust of each change; not where it did not', () => {
    const survival = survivalInto(result(trust), 2, 1);
    expect(survival?.changes.map(({ change: c, trust: t }) => [c.measure, t?.p])).toEqual([
      ['size', 1],
      ['compactness', 0.01],
    ]);
    expect(survivalInto(result(UNMEASURED), 2, 1)?.changes[0]?.trust).toBeNull();
    expect([survivalInto(result(trust), 2, 0), survivalInto(result(trust), 3, 1)]).toEqual([null, null]);
  });

  test('a survival itself is no kind that is told', () => {
    expect(TOLD_KINDS).not.toContain('survive');
    expect(new Set(TOLD_KINDS).size).toBe(11);
  });
});
