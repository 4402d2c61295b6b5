import { describe, expect, test } from 'vitest';
import { type AnalysisResult, changeKind, DEFAULT_SETTINGS, hashString } from '../domain/index.ts';
import { group, tryOut, type Visit } from './fakes.fixture.ts';

const MONTHS = [0, 1, 2, 3];
const CHANGE = 2;

/** Seven of eight users in each month, as chance has it, so that shares waver a little. */
const mostOf = (visits: readonly Visit[]): Visit[] =>
  visits.filter(({ user, month }) => hashString(`${user} ${month}`) % 8 !== 0);

/** Three interests of 70 users each; `first` is what those of the first read in a month. */
const story = (first: (month: number) => Visit[]): Visit[] =>
  mostOf(MONTHS.flatMap((m) => [...first(m), ...group(1, m, 100, 170, 8), ...group(2, m, 200, 270, 8)]));

const still = (month: number): Visit[] => group(0, month, 0, 70, 8);

const run = (visits: readonly Visit[], refits = 99): Promise<AnalysisResult> =>
  tryOut(visits, { settings: { k: 3, trust: { ...DEFAULT_SETTINGS.trust, refits, bootstraps: 10 } } });

/** "grow in 2 of 1" for each stable change. */
const told = ({ events, trust }: AnalysisResult): string[] =>
  events.flatMap((event, i) =>
    event.changes.flatMap((change, c) =>
      trust.changes[i]?.[c]?.verdict === 'stable' ? [`${changeKind(change)} in ${event.window} of ${event.to[0]}`] : [],
    ),
  );

/** The track that user u001 is on. */
const trackOfFirst = ({ users, profiles, segments }: AnalysisResult): number => {
  const p = [...profiles.user].findIndex((user) => users[user] === 'u001');
  return segments[profiles.segment[p] as number]?.track as number;
};

describe('what is planted in one month is told of that month and segment', () => {
  test('nothing planted: nothing told, and each survival has its three intervals', async () => {
    const result = await run(story(still));
    expect(result.events.map(({ kind }) => kind)).toEqual(Array(9).fill('survive'));
    expect(result.events.flatMap(({ changes }) => changes.map(({ measure }) => measure))).toEqual(
      Array(9).fill(['size', 'compactness', 'shift']).flat(),
    );
    for (const { low, high, amount } of result.events.flatMap(({ changes }) => changes)) {
      expect(low).toBeLessThanOrEqual(amount);
      expect(high).toBeGreaterThanOrEqual(amount);
    }
    expect(told(result)).toEqual([]);
    expect(result.trust.falseChangeRate.stable).toBeLessThan(0.05);
  });

  test('growth: twice the users from one month on; the shares of the others shrink', async () => {
    const result = await run(story((m) => [...still(m), ...(m < CHANGE ? [] : group(0, m, 300, 400, 8))]));
    const first = trackOfFirst(result);
    expect(told(result)).toContain(`grow in ${CHANGE} of ${first}`);
    expect(told(result).every((line) => / in 2 of /.test(line))).toBe(true);
    expect(told(result).filter((line) => /^(grow|shift|tighten|loosen)/.test(line))).toEqual([`grow in ${CHANGE} of ${first}`]);
  });

  test('shift: the same users read a second thing, too', async () => {
    const both = (m: number): Visit[] => [...group(0, m, 0, 70, 5), ...group(3, m, 0, 70, 3)];
    const result = await run(story((m) => (m < CHANGE ? still(m) : both(m))));
    const lines = told(result);
    expect(lines).toContain(`shift in ${CHANGE} of ${trackOfFirst(result)}`);
    expect(lines.every((line) => line.endsWith(` in ${CHANGE} of ${trackOfFirst(result)}`))).toBe(true);
  });

  test('loosening: each user reads something else beside, from one month on', async () => {
    const scattered = (m: number): Visit[] => [
      ...group(0, m, 0, 70, 6),
      ...[3, 4, 5, 6, 7].flatMap((topic, i) => group(topic, m, 14 * i, 14 * (i + 1), 2)),
    ];
    const result = await run(story((m) => (m < CHANGE ? still(m) : scattered(m))));
    expect(told(result)).toContain(`loosen in ${CHANGE} of ${trackOfFirst(result)}`);
    expect(told(result).some((line) => / in [13] of /.test(line))).toBe(false);
  });
});

test('P2 the same changes and the same trust in them, whatever the order of the rows', async () => {
  const visits = story((m) => [...still(m), ...(m < CHANGE ? [] : group(0, m, 300, 340, 8))]);
  const [forth, back] = [await run(visits, 9), await run([...visits].reverse(), 9)];
  expect(back.events).toEqual(forth.events);
  expect(back.trust.changes).toEqual(forth.trust.changes);
  expect(back.trust.falseChangeRate).toEqual(forth.trust.falseChangeRate);
});

test('without re-fits the intervals are there, and no change is told', async () => {
  const result = await run(
    story((m) => [...still(m), ...(m < CHANGE ? [] : group(0, m, 300, 400, 8))]),
    0,
  );
  expect(result.events.filter(({ window, changes }) => window === CHANGE && (changes[0]?.low ?? 0) > 0)).toHaveLength(1);
  expect(told(result)).toEqual([]);
  expect(result.trust.falseChangeRate.stable).toBeNaN();
});
