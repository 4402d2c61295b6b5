import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cleaning, silentContext } from '../../domain/index.ts';
import { clean } from './clean.ts';
import { countCleaning } from './count.ts';
import { type DraftRow, dirtyRows, draftOf, intakeOf, MAPPING } from './draft.fixture.ts';

/** The slow, obvious way to find the rows that each rule touches. */

type Touched = (rows: readonly DraftRow[]) => boolean[];

const same = (a: DraftRow, b: DraftRow, parts: readonly (keyof DraftRow)[]): boolean =>
  parts.every((part) => JSON.stringify(a[part]) === JSON.stringify(b[part]));
const ALL = ['user', 'time', 'text', 'type', 'item', 'label', 'value', 'numbers', 'cells'] as const;

const duplicates: Touched = (rows) => rows.map((row, i) => rows.slice(0, i).some((other) => same(row, other, ALL)));

const fewEvents =
  (least: number): Touched =>
  (rows) =>
    rows.map((row) => rows.filter((other) => other.user === row.user).length < least);

const bots =
  (most: number, zone: string): Touched =>
  (rows) => {
    const day = (row: DraftRow): string => new Date(row.time ?? 0).toLocaleDateString('en-US', { timeZone: zone });
    const busy = rows.filter((row) => rows.filter((o) => o.user === row.user && day(o) === day(row)).length > most);
    return rows.map((row) => busy.some(({ user }) => user === row.user));
  };

/** How many of each moment are repeats; which of several at one moment is kept can't be seen in a count. */
function repeatCount(rows: readonly DraftRow[], seconds: number): number {
  const key = (row: DraftRow): string => JSON.stringify([row.user, row.text, row.type, row.item]);
  return [...new Set(rows.map(key))].reduce((count, group) => {
    const times = rows
      .filter((row) => key(row) === group)
      .map((row) => row.time ?? 0)
      .sort((a, b) => a - b);
    const kept: number[] = [];
    for (const time of times) if (kept.length === 0 || time - (kept.at(-1) as number) > seconds * 1000) kept.push(time);
    return count + times.length - kept.length;
  }, 0);
}

const fillable: Touched = (rows) =>
  rows.map((row) => row.text === null && rows.some((other) => other.item === row.item && other.text !== null));

const sum = (touched: readonly boolean[]): number => touched.filter(Boolean).length;
const rowsOf = (seed: number, size: number): DraftRow[] =>
  dirtyRows(size, seed).map((row) => ({ ...row, time: (row.time ?? 0) * 9000 }));

describe.each([0, 1, 2, 3, 40, 200])('%d rows', (size) => {
  test.each([1, 2, 3])('every count is that of the obvious way: seed %d', async (seed) => {
    const rows = rowsOf(seed, size);
    const intake = intakeOf({ repeatSeconds: 30, minUserEvents: 4, maxDayEvents: 6 }, { zone: 'America/New_York' });
    const counts = await countCleaning(draftOf(rows), intake, MAPPING, silentContext);
    expect(counts).toMatchObject({
      duplicates: sum(duplicates(rows)),
      repeats: repeatCount(rows, 30),
      missingText: rows.filter(({ text }) => text === null).length,
      textFromItem: sum(fillable(rows)),
      missingNumbers: rows.filter(({ value }) => value === undefined).length,
    });
    expect(counts.fewEvents.rows).toBe(sum(fewEvents(4)(rows)));
    expect(counts.bots.rows).toBe(sum(bots(6, 'America/New_York')(rows)));
  });
});

const choices: fc.Arbitrary<Cleaning> = fc.record({
  duplicates: fc.boolean(),
  repeatSeconds: fc.option(fc.integer({ min: 0, max: 100 })),
  missingText: fc.constantFrom('set-aside', 'from-item'),
  outliers: fc.option(
    fc.record({
      columns: fc.subarray(['value', 'price']),
      method: fc.constantFrom('z-score', 'iqr', 'isolation-forest'),
      limit: fc.double({ min: 0.1, max: 4, noNaN: true }),
      action: fc.constantFrom('mark', 'cap', 'set-aside'),
    }),
  ),
  fill: fc.constantFrom('left', 'mean', 'median', 'mode'),
  minUserEvents: fc.option(fc.integer({ min: 1, max: 9 })),
  maxDayEvents: fc.option(fc.integer({ min: 1, max: 50 })),
  text: fc.record({ collapse: fc.boolean(), lowerCase: fc.boolean(), nfkc: fc.boolean(), stripHtml: fc.boolean() }),
  rules: fc.subarray([
    { column: 'invoice', test: 'starts-with', value: 'C' } as const,
    { column: 'invoice', test: 'negative', value: '' } as const,
  ]),
});

test('P6 whatever is chosen, a row is kept and whole, or has a reason; what is told of kept rows is of kept rows', () =>
  fc.assert(
    fc.asyncProperty(choices, fc.integer({ min: 0, max: 80 }), fc.nat(), async (cleaning, size, seed) => {
      const rows = rowsOf(seed, size);
      // Columns of rules are there even if no row has them.
      const draft = draftOf([...rows, { cells: { invoice: '1' }, numbers: { price: 1 } }]);
      const cleaned = await clean(draft, intakeOf(cleaning), MAPPING, silentContext);
      const kept = [...cleaned.keep].flatMap((keep, row) => (keep === 1 ? [row] : []));
      for (const row of kept) expect(cleaned.text.words[cleaned.text.id[row] as number]).toBeTruthy();
      for (const [row, keep] of cleaned.keep.entries())
        if (keep === 0) expect(cleaned.reasons[cleaned.why[row] as number]).toBeTruthy();
      for (const { count } of cleaned.touched) expect(count).toBeLessThanOrEqual(kept.length);
      const users = new Map<number, number>();
      for (const row of kept) users.set(draft.user.id[row] as number, (users.get(draft.user.id[row] as number) ?? 0) + 1);
      expect(Math.min(...users.values(), Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(cleaning.minUserEvents ?? 1);
      const filled = cleaning.fill !== 'left' && kept.some((row) => !Number.isNaN(draft.value[row] as number));
      if (filled) expect(kept.every((row) => !Number.isNaN(cleaned.value[row] as number))).toBe(true);
    }),
    { numRuns: 150, seed: 20260101 },
  ));
