import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareCodePoints,
  DEFAULT_SETTINGS,
  type EventTable,
  hashString,
  type Matrix,
  makeWindows,
  NO_ID,
  type ProfileTable,
  type Settings,
  silentContext,
  type TimeWindow,
} from '../domain/index.ts';
import { buildProfiles, dropMuted, inverseUserFrequency, poolVectors, type Rarity, rarityOf } from './index.ts';

const DAY = 86_400_000;

interface Row {
  readonly user: string;
  readonly day: number;
  readonly text: string;
  readonly type?: string;
  readonly label?: string;
}

/** The table that the reader would make of the rows. */
function tableOf(rows: readonly Row[]): EventTable {
  const distinct = (values: readonly (string | undefined)[]): string[] =>
    [...new Set(values.filter((v) => v !== undefined))].sort(compareCodePoints);
  const users = distinct(rows.map((r) => r.user));
  const texts = distinct(rows.map((r) => r.text));
  const types = distinct(rows.map((r) => r.type));
  const labels = distinct(rows.map((r) => r.label));
  const id = (values: string[], value: string | undefined): number => (value === undefined ? NO_ID : values.indexOf(value));
  const sorted = [...rows].sort(
    (a, b) =>
      compareCodePoints(a.user, b.user) ||
      a.day - b.day ||
      compareCodePoints(a.text, b.text) ||
      compareCodePoints(a.type ?? '', b.type ?? '') ||
      compareCodePoints(a.label ?? '', b.label ?? ''),
  );
  const ids = (pick: (row: Row) => number): Uint32Array => Uint32Array.from(sorted, pick);
  return {
    count: rows.length,
    users,
    texts,
    types,
    items: [],
    labels,
    user: ids((r) => id(users, r.user)),
    time: Float64Array.from(sorted, (r) => r.day * DAY),
    text: ids((r) => id(texts, r.text)),
    type: ids((r) => id(types, r.type)),
    item: ids(() => NO_ID),
    label: ids((r) => id(labels, r.label)),
    value: new Float64Array(rows.length).fill(Number.NaN),
    numbers: [],
  };
}

const ROWS: readonly Row[] = [
  { user: 'ann', day: 0, text: 'x' },
  { user: 'ann', day: 1, text: 'x', type: 'buy' },
  { user: 'ann', day: 9.5, text: 'y', type: 'view' },
  { user: 'bob', day: 10, text: 'x', label: 'b' },
  { user: 'bob', day: 10, text: 'z', label: 'a' },
  { user: 'bob', day: 12, text: 'z' },
];

const windowsOf = (rows: readonly Row[], spec = 'P10D'): TimeWindow[] =>
  makeWindows(spec, 'UTC', Math.min(...rows.map((r) => r.day)) * DAY, Math.max(...rows.map((r) => r.day)) * DAY);

const build = (rows: readonly Row[], settings: Partial<Settings> = {}, spec = 'P10D'): Promise<ProfileTable> =>
  buildProfiles(tableOf(rows), windowsOf(rows, spec), { ...DEFAULT_SETTINGS, ...settings }, silentContext);

const weightsOf = (p: ProfileTable, i: number): number[] => [...p.weights.subarray(p.offsets[i], p.offsets[i + 1])];

describe('P3 the unit is the user', () => {
  test('one profile a user and window; texts ascend; counts are weights', async () => {
    const p = await build(ROWS);
    expect([...p.window]).toEqual([0, 1]);
    expect([...p.user]).toEqual([0, 1]);
    expect([...p.events]).toEqual([3, 3]);
    expect([...p.textIds]).toEqual([0, 1, 0, 2]);
    expect([...p.weights]).toEqual([2, 1, 1, 2]);
  });

  test('a window is half-open: an event at its end belongs to the next', async () => {
    expect([...(await build(ROWS)).window]).toEqual([0, 1]);
  });

  test('fewer than minEvents events make a profile thin', async () => {
    expect([...(await build(ROWS, { minEvents: 3 })).thin]).toEqual([0, 0]);
    expect([...(await build(ROWS, { minEvents: 4 })).thin]).toEqual([1, 1]);
  });

  test('the label is the most frequent one, the lowest id on ties', async () => {
    expect([...(await build(ROWS)).label]).toEqual([NO_ID, 0]);
  });

  test('profiles are ordered by window, hash of user, user', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({ user: `u${i}`, day: i % 2, text: 't' }));
    const p = await build(rows, {}, 'P1D');
    const { users } = tableOf(rows);
    const key = (i: number): number => (p.window[i] as number) * 2 ** 32 + hashString(users[p.user[i] as number] as string);
    for (let i = 1; i < p.count; i++) expect(key(i)).toBeGreaterThanOrEqual(key(i - 1));
  });
});

describe('weight of an event = a(type) * 2^(-(end - t) / halfLife) * idf(text)', () => {
  test('type weights; types not named weigh 1', async () => {
    expect(weightsOf(await build(ROWS, { typeWeights: { buy: 5 } }), 0)).toEqual([6, 1]);
  });

  test('a type that weighs 0 is as if it had never been in the files: no user, text, label, idf or time', () => {
    const seen = ROWS.map((r) => ({ ...r, type: 'buy' }));
    const muted = [
      { user: 'aaa', day: -40, text: 'w', type: 'view', label: 'c' },
      { user: 'ann', day: 99, text: 'y', type: 'view' },
    ];
    const typeWeights = { view: 0, toString: 0 };
    const left = dropMuted(tableOf([...seen, ...muted]), { typeWeights });
    expect(left).toEqual(tableOf(seen));
    expect(inverseUserFrequency(left)).toEqual(inverseUserFrequency(tableOf(seen)));
    expect(dropMuted(tableOf(ROWS), { typeWeights: { view: 0 } }).count).toBe(5);
  });

  test('P8 idf without look-ahead counts the users and texts up to the end of each window', async () => {
    const rows = [
      { user: 'ann', day: 0, text: 'x' },
      { user: 'bob', day: 0, text: 'y' },
      { user: 'ann', day: 1, text: 'y' },
      { user: 'cyd', day: 1, text: 'x' },
      { user: 'ann', day: 2, text: 'x' },
      { user: 'dan', day: 2, text: 'z' },
    ];
    const table = tableOf(rows);
    const windows = [0, 1, 2].map((d) => ({ start: d * DAY, end: (d + 1) * DAY, name: `${d}`, partial: false }));
    const rarity = rarityOf(table, { idf: true, lookAhead: false }) as Rarity;
    for (const [w, window] of windows.entries()) {
      const cut = tableOf(rows.filter((r) => r.day <= w));
      const expected = inverseUserFrequency(cut);
      for (const [id, text] of cut.texts.entries()) expect(rarity(table.texts.indexOf(text), window)).toBe(expected[id]);
    }
    const all = rarityOf(table, { idf: true, lookAhead: true }) as Rarity;
    expect(all(0, windows[0] as TimeWindow)).not.toBe(rarity(0, windows[0] as TimeWindow));
    expect(rarityOf(table, { idf: false, lookAhead: false })).toBeNull();
  });

  test('all types muted: no events are left; none muted: the table itself', () => {
    const table = tableOf(ROWS.map((r) => ({ ...r, type: 'buy' })));
    expect(dropMuted(table, { typeWeights: { buy: 0 } })).toMatchObject({ count: 0, users: [], texts: [], types: [] });
    expect(dropMuted(table, { typeWeights: { buy: 2 } })).toBe(table);
  });

  test('decay runs from the end of the window', async () => {
    const [x, y] = weightsOf(await build(ROWS, { halfLifeDays: 5 }), 0);
    expect(x).toBeCloseTo(2 ** (-10 / 5) + 2 ** (-9 / 5), 6);
    expect(y).toBeCloseTo(2 ** (-0.5 / 5), 6);
  });

  test('idf counts users, not events', async () => {
    const p = await build(ROWS, { idf: true });
    // N = 2; x is with both users, y and z with one each.
    expect(weightsOf(p, 0)[0]).toBeCloseTo(2 * (Math.log(3 / 3) + 1), 6);
    expect(weightsOf(p, 1)[1]).toBeCloseTo(2 * (Math.log(3 / 2) + 1), 6);
  });

  test('a rolling window holds events that others hold too', async () => {
    const p = await build(ROWS, {}, 'P10D/P1D');
    const total = p.events.reduce((a, b) => a + b, 0);
    const expected = windowsOf(ROWS, 'P10D/P1D').reduce(
      (sum, w) => sum + ROWS.filter((r) => r.day * DAY >= w.start && r.day * DAY < w.end).length,
      0,
    );
    expect(total).toBe(expected);
    expect(total).toBeGreaterThan(ROWS.length);
  });
});

test('P2 row order does not matter', async () => {
  const row = fc.record({
    user: fc.constantFrom('a', 'b', 'ç', '名'),
    day: fc.integer({ min: 0, max: 30 }),
    text: fc.constantFrom('p', 'q', 'r'),
    type: fc.constantFrom('buy', 'view'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.nat()), async (rows, keys) => {
      const shuffled = rows
        .map((r) => ({ r, key: keys.next().value ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ r }) => r);
      const settings = { halfLifeDays: 3, idf: true };
      expect(await build(shuffled, settings)).toEqual(await build(rows, settings));
    }),
    { numRuns: 50 },
  );
});

test('no events, no profiles', async () => {
  const p = await buildProfiles(tableOf([]), [], DEFAULT_SETTINGS, silentContext);
  expect(p.count).toBe(0);
  expect([...p.offsets]).toEqual([0]);
});

describe('pooling', () => {
  const vectors: Matrix = { rows: 3, cols: 2, data: Float32Array.of(1, 0, 0, 1, -1, 0) };

  test('the weighted sum is normalised', async () => {
    const m = await poolVectors(await build(ROWS), vectors, silentContext);
    expect(m.rows).toBe(2);
    expect([...m.data]).toEqual([Math.fround(2 / Math.sqrt(5)), Math.fround(1 / Math.sqrt(5)), -1, 0]);
  });

  test('a zero sum stays zero', async () => {
    const rows = [ROWS[0] as Row, { user: 'ann', day: 1, text: 'z' }, { user: 'bob', day: 1, text: 'y' }];
    const m = await poolVectors(await build(rows), { ...vectors, data: Float32Array.of(1, 0, 0, 1, -1, 0) }, silentContext);
    expect([...m.data].sort()).toEqual([0, 0, 0, 1].sort());
  });

  test('a strong decay does not lose the direction', async () => {
    const m = await poolVectors(await build(ROWS, { halfLifeDays: 0.15 }), vectors, silentContext);
    for (let r = 0; r < m.rows; r++) expect(Math.hypot(m.data[2 * r] as number, m.data[2 * r + 1] as number)).toBeCloseTo(1, 6);
  });
});
