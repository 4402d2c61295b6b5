import { describe, expect, test } from 'vitest';
import { generateLog, type LogRow, toCsv } from './index.ts';

const year = generateLog({ seed: 1 });

const monthOf = (row: LogRow): number => Number(row.timestamp.slice(5, 7)) - 1;

/** Users of a segment in a month. */
const usersOf = (segment: string, month: number, { truth } = year): Set<string> =>
  new Set(truth.assignments.filter((a) => a.segment === segment && a.month === month).map((a) => a.user));

const countTitles = (users: Set<string>, month: number, words: RegExp): number[] => {
  const counts = new Map<string, number[]>();
  for (const row of year.rows) {
    if (monthOf(row) !== month || !users.has(row.user_id)) continue;
    const both = counts.get(row.user_id) ?? [0, 0];
    counts.set(row.user_id, both);
    both[words.test(row.title) ? 1 : 0] = (both[words.test(row.title) ? 1 : 0] as number) + 1;
  }
  return [...counts.values()].map(([without = 0, withWords = 0]) => withWords / (without + withWords));
};

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('the log', () => {
  test('P2 the same seed gives the same rows, another seed others', () => {
    const small = (seed: number): string => toCsv(generateLog({ seed, users: 30 }).rows);
    expect(small(5)).toBe(small(5));
    expect(small(5)).not.toBe(small(6));
  });

  test('a larger population holds the smaller one', () => {
    const ids = new Set(Array.from({ length: 20 }, (_, i) => `u${String(i + 1).padStart(4, '0')}`));
    const of = (users: number): LogRow[] => generateLog({ seed: 2, users }).rows.filter((r) => ids.has(r.user_id));
    expect(of(50)).toEqual(of(20));
  });

  test('about 2,000 users, 12 months, 12 interests, several hundred titles, under 6 MB', () => {
    const distinct = (pick: (row: LogRow) => unknown): number => new Set(year.rows.map(pick)).size;
    expect(distinct((r) => r.user_id)).toBeGreaterThan(1980);
    expect(distinct(monthOf)).toBe(12);
    expect(distinct((r) => r.interest)).toBe(12);
    expect(distinct((r) => r.title)).toBeGreaterThan(400);
    expect(distinct((r) => r.title)).toBe(distinct((r) => r.item_id));
    expect(toCsv(year.rows).length).toBeLessThan(6_000_000);
  });

  test('rows ascend by time and user', () => {
    const keys = year.rows.map((r) => r.timestamp + r.user_id);
    expect([...keys].sort()).toEqual(keys);
  });

  test('popularity falls off: a fifth of the titles has a third of the events or more', () => {
    const counts = new Map<string, number>();
    for (const { title } of year.rows) counts.set(title, (counts.get(title) ?? 0) + 1);
    const sorted = [...counts.values()].sort((a, b) => b - a);
    const top = sorted.slice(0, Math.floor(sorted.length / 5)).reduce((a, b) => a + b, 0);
    expect(top / year.rows.length).toBeGreaterThan(0.33);
  });

  test('the main interest has 80 to 88 % of the events of steady users', () => {
    const users = usersOf('astronomy', 3);
    const rows = year.rows.filter((r) => monthOf(r) === 3 && users.has(r.user_id));
    const share = rows.filter((r) => r.interest === 'astronomy').length / rows.length;
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(0.88);
  });

  test('some months are thin, some are missed', () => {
    const { assignments } = year.truth;
    const thin = assignments.filter((a) => a.events < 3).length / assignments.length;
    expect(thin).toBeGreaterThan(0.03);
    expect(thin).toBeLessThan(0.12);
  });

  test('the csv has one line a row and quotes what needs it', () => {
    const csv = toCsv(year.rows.slice(0, 10));
    expect(csv.trimEnd().split('\n')).toHaveLength(11);
    expect(toCsv([{ ...(year.rows[0] as LogRow), title: 'a, "b"' }])).toContain('"a, ""b"""');
  });

  test('a story does not fit in seven months', () => {
    expect(() => generateLog({ seed: 1, months: 7 })).toThrow(RangeError);
  });
});

describe('the planted story', () => {
  const planted = (kind: string) => {
    const event = year.truth.events.find((e) => e.kind === kind);
    if (!event) throw new Error(`no ${kind} planted`);
    return event;
  };
  const monthFor = (kind: string): number => {
    const event = planted(kind);
    return event.kind === 'drift' ? event.firstMonth : event.month;
  };

  test('one of each kind', () => {
    expect(year.truth.events.map((e) => e.kind).sort()).toEqual(['disappear', 'drift', 'emerge', 'merge', 'split']);
  });

  test('split: before it each user reads both topics, after it one', () => {
    const month = monthFor('split');
    const before = countTitles(usersOf('music', month - 1), month - 1, /Guitar/);
    expect(mean(before)).toBeGreaterThan(0.35);
    expect(mean(before)).toBeLessThan(0.5);
    expect(usersOf('music', month).size).toBe(0);
    expect(mean(countTitles(usersOf('guitar', month), month, /Guitar/))).toBeGreaterThan(0.8);
    expect(mean(countTitles(usersOf('opera', month), month, /Guitar/))).toBe(0);
  });

  test('merge: the reverse', () => {
    const month = monthFor('merge');
    expect(mean(countTitles(usersOf('cars', month - 1), month - 1, /Cars?\b/))).toBeGreaterThan(0.8);
    const after = countTitles(usersOf('transport', month), month, /Cars?\b/);
    expect(mean(after)).toBeGreaterThan(0.3);
    expect(mean(after)).toBeLessThan(0.55);
    expect(usersOf('railways', month).size).toBe(0);
  });

  test('birth: users come from several segments and from outside', () => {
    const month = monthFor('emerge');
    expect(usersOf('programming', month - 1).size).toBe(0);
    const born = usersOf('programming', month);
    expect(born.size).toBeGreaterThan(50);
    const origin = year.truth.assignments.filter((a) => a.month === month - 1 && born.has(a.user));
    expect(new Set(origin.map((a) => a.segment)).size).toBeGreaterThanOrEqual(5);
  });

  test('death: users leave or move to others', () => {
    const month = monthFor('disappear');
    const before = usersOf('yoga', month - 1);
    expect(usersOf('yoga', month).size).toBe(0);
    const after = year.truth.assignments.filter((a) => a.month === month && before.has(a.user));
    expect(after.length).toBeGreaterThan(before.size * 0.3);
    expect(after.length).toBeLessThan(before.size * 0.6);
  });

  test('drift: the segment stays, its titles change step by step', () => {
    const shares = Array.from({ length: 12 }, (_, m) => mean(countTitles(usersOf('history', m), m, /Egypt/)));
    expect(shares[0]).toBe(0);
    expect(shares[11]).toBeGreaterThan(0.75);
    for (let m = 1; m < 12; m++) expect((shares[m] as number) - (shares[m - 1] as number)).toBeLessThan(0.2);
  });
});

test('unchanging: every user keeps one segment, no one joins or leaves, nothing is planted', () => {
  const still = generateLog({ seed: 3, users: 200, unchanging: true });
  expect(still.truth.events).toEqual([]);
  const segments = new Map<string, Set<string>>();
  for (const a of still.truth.assignments) segments.set(a.user, (segments.get(a.user) ?? new Set()).add(a.segment));
  expect([...segments.values()].every((s) => s.size === 1)).toBe(true);
  const perMonth = still.truth.months.map((_, m) => still.truth.assignments.filter((a) => a.month === m).length);
  expect(Math.min(...perMonth)).toBeGreaterThan(150);
});
