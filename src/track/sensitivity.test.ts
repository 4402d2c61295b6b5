import { describe, expect, test } from 'vitest';
import { type Outcome, type Sensitivity, survivalOf, UNTRIED } from '../domain/index.ts';
import { type Block, type Month, presentOf, range, segmentsOf, track, windowsOf } from './cases.fixture.ts';
import { type Story, survivals, usersConcerned } from './index.ts';

const storyOf = (months: readonly Month[], times = windowsOf(months)): Story => ({
  windows: times,
  present: presentOf(months),
  segments: segmentsOf(months),
  events: track(months).events,
});

const changesOf = ({ events }: Story) => events.filter(({ kind }) => kind !== 'survive');
const outcomes = (run: Story, other: Story, sameWindows = true): Outcome[] => survivals(run, changesOf(run), other, sameWindows);

const month = (...segments: readonly Block[]): Month => ({ segments });
const whole = { users: range(0, 60) };
const parts = [{ users: range(0, 36) }, { users: range(36, 60) }];
const other = { users: range(100, 140) };
const newcomers = { users: range(200, 230), angle: 200 };

/** In window 1 the whole splits. */
const SPLIT = storyOf([month(whole, other), month(...parts, other), month(...parts, other)]);
const STEADY = storyOf([month(whole, other), month(whole, other), month(whole, other)]);

describe('the users concerned', () => {
  const concerned = (months: readonly Month[]): [string, number[]][] =>
    changesOf(storyOf(months)).map((event) => [event.kind, [...usersConcerned(event, segmentsOf(months))]]);

  test('split and merge: who is in a segment of it before and after', () => {
    const late = { users: [...range(36, 60), ...range(300, 303)] };
    expect(concerned([month(whole, other), month(parts[0] as Block, late, other)])).toEqual([['split', range(0, 60)]]);
    expect(concerned([month(...parts, other), month({ users: range(5, 60) }, other)])).toEqual([['merge', range(5, 60)]]);
  });

  test('emerge and disappear: the members', () => {
    expect(concerned([month(whole), month(whole, newcomers)])).toEqual([['emerge', range(200, 230)]]);
    expect(concerned([month(whole, newcomers), month(whole)])).toEqual([['disappear', range(200, 230)]]);
  });
});

describe('a change survives', () => {
  test('in a story that is the same, and is lost in one without it', () => {
    expect(outcomes(SPLIT, SPLIT)).toEqual(['survives']);
    expect(outcomes(SPLIT, STEADY)).toEqual(['lost']);
  });

  test('where it is told a window later, not two', () => {
    const after = (windows: number): Story =>
      storyOf([0, 1, 2, 3].map((w) => (w < 1 + windows ? month(whole, other) : month(...parts, other))));
    expect([0, 1, 2].map((windows) => outcomes(SPLIT, after(windows))[0])).toEqual(['survives', 'survives', 'lost']);
  });

  test('only by an event of its kind', () => {
    // The same 24 users are new, and have come from outside.
    const emerges = storyOf([month(parts[0] as Block, other), month(...parts, other), month(...parts, other)]);
    expect(outcomes(emerges, SPLIT)).toEqual(['lost']);
  });

  test('by an emergence where it was a return: the two are one kind', () => {
    const gone = { ...newcomers, angle: 200 };
    const returns = storyOf([month(whole, gone), month(whole), month(whole), month(whole, gone)]);
    expect(changesOf(returns).map(({ kind }) => kind)).toEqual(['disappear', 'resurface']);
    const comes = storyOf([month(whole), month(whole), month(whole), month(whole, newcomers)]);
    // Before they come, nobody is there to see them go.
    expect(outcomes(returns, comes)).toEqual(['unmeasured', 'survives']);
  });

  test('from a Jaccard coefficient of one half of the users on', () => {
    const emerging = (from: number, to: number): Story =>
      storyOf([month(whole), month(whole, { users: range(from, to), angle: 200 })]);
    const run = emerging(200, 230);
    // All others were there to be told of as well, so nothing is left out of the comparison.
    const told = (from: number, to: number): Outcome | undefined => {
      const made = emerging(from, to);
      const all = Uint32Array.from([...range(0, 60), ...range(180, 260)]);
      const present = [all, all];
      return survivals({ ...run, present }, changesOf(run), { ...made, present }, true)[0];
    };
    expect(told(210, 240)).toBe('survives');
    expect(told(211, 241)).toBe('lost');
  });

  test('users that the other story could not tell of are left out of the comparison', () => {
    // Of the 30 newcomers 18 are there, and make a segment of their own.
    const run = storyOf([month(whole), month(whole, newcomers)]);
    const fewer = storyOf([month(whole), month(whole, { users: range(200, 218), angle: 200 })]);
    expect(outcomes(run, fewer)).toEqual(['survives']);
  });
});

describe('a change is unmeasured', () => {
  test('where fewer than half of its users are there to be seen', () => {
    const run = storyOf([month(whole), month(whole, newcomers)]);
    const seen = (users: number): Outcome[] =>
      outcomes(run, storyOf([month(whole), { segments: [whole], noise: range(200, 200 + users) }]));
    expect(seen(14)).toEqual(['unmeasured']);
    expect(seen(15)).toEqual(['lost']);
  });

  test('where the other story has no two windows with segments', () => {
    expect(outcomes(SPLIT, storyOf([month(whole, other)]), false)).toEqual(['unmeasured']);
    expect(outcomes(SPLIT, storyOf([]), false)).toEqual(['unmeasured']);
  });

  test('no change, no outcome', () => {
    expect(outcomes(STEADY, SPLIT)).toEqual([]);
  });
});

describe('other windows: the time is where either window of the event overlaps that of the change', () => {
  const span = (start: number, end: number) => ({ start, end, name: `${start}`, partial: false });
  const double = (splitsIn: number): Story =>
    storyOf(
      [0, 1, 2, 3].map((w) => (w < splitsIn ? month(whole, other) : month(...parts, other))),
      [span(0, 2), span(2, 4), span(4, 6), span(6, 8)],
    );

  test('twice as long: the change of window 1 is seen from [0, 2) to [2, 4), not later', () => {
    expect(outcomes(SPLIT, double(1), false)).toEqual(['survives']);
    expect(outcomes(SPLIT, double(2), false)).toEqual(['lost']);
  });

  test('half as long: within window 1, and into and out of it', () => {
    const half = (splitsIn: number): Story =>
      storyOf(
        [0, 1, 2, 3, 4, 5].map((w) => (w < splitsIn ? month(whole, other) : month(...parts, other))),
        [0, 1, 2, 3, 4, 5].map((w) => span(w / 2, (w + 1) / 2)),
      );
    const told = [1, 2, 3, 4, 5].map((splitsIn) => outcomes(SPLIT, half(splitsIn), false)[0]);
    expect(told).toEqual(['lost', 'survives', 'survives', 'survives', 'lost']);
  });
});

describe('the share survived', () => {
  const SENSITIVITY: Sensitivity = {
    changes: [3, 7],
    variants: [
      { group: 'k', name: 'k − 1', outcomes: ['survives', 'unmeasured'] },
      { group: 'k', name: 'k + 1', outcomes: ['lost', 'unmeasured'] },
      { group: 'seed', name: 'seed 1', outcomes: ['survives', 'unmeasured'] },
      { group: 'seed', name: 'seed 2', outcomes: null },
    ],
  };

  test('is of the variants that could tell and were made, of all or of a group', () => {
    expect(survivalOf(SENSITIVITY, 3)).toEqual({ survived: 2, measured: 3, share: 2 / 3 });
    expect(survivalOf(SENSITIVITY, 3, 'k')).toEqual({ survived: 1, measured: 2, share: 0.5 });
    expect(survivalOf(SENSITIVITY, 3, 'eps')).toEqual({ survived: 0, measured: 0, share: null });
  });

  test('is not known where none could tell, and not there for an event that was not tried', () => {
    expect(survivalOf(SENSITIVITY, 7)).toEqual({ survived: 0, measured: 0, share: null });
    expect(survivalOf(SENSITIVITY, 4)).toBeNull();
    expect(survivalOf(UNTRIED, 0)).toBeNull();
  });
});
