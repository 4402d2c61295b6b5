import { describe, expect, test } from 'vitest';
import { type Cleaning, createRandom, type Intake, shuffle, silentContext } from '../../domain/index.ts';
import { clean } from './clean.ts';
import { countCleaning } from './count.ts';
import { type DraftRow, dirtyRows, draftOf, intakeOf, keptEvents, MAPPING, verdictsOf } from './draft.fixture.ts';

const run = (rows: readonly DraftRow[], cleaning: Partial<Cleaning>, intake: Partial<Intake> = {}) =>
  clean(draftOf(rows), intakeOf(cleaning, intake), MAPPING, silentContext);
const verdicts = async (rows: readonly DraftRow[], cleaning: Partial<Cleaning>, intake: Partial<Intake> = {}) =>
  verdictsOf(await run(rows, cleaning, intake));
const count = (rows: readonly DraftRow[], cleaning: Partial<Cleaning> = {}, intake: Partial<Intake> = {}) =>
  countCleaning(draftOf(rows), intakeOf(cleaning, intake), MAPPING, silentContext);

const HOUR = 3_600_000;
const SECOND = 1000;

test('nothing is touched where all is off and all rows are whole', async () => {
  const cleaned = await run([{ user: 'a' }, { user: 'a' }, { user: 'b', value: 3 }], {});
  expect(verdictsOf(cleaned)).toEqual([null, null, null]);
  expect([cleaned.reasons.length === 0 || cleaned.why.every((w) => w === 0), cleaned.touched]).toEqual([true, []]);
  expect(cleaned.value).toEqual(new Float64Array([Number.NaN, Number.NaN, 3]));
});

test('no rows are no error, whatever is chosen', async () => {
  for (const method of ['z-score', 'iqr', 'isolation-forest'] as const) {
    const cleaned = await run([], {
      duplicates: true,
      repeatSeconds: 1,
      missingText: 'from-item',
      outliers: { columns: [], method, limit: 1, action: 'cap' },
      fill: 'mean',
      minUserEvents: 2,
      maxDayEvents: 1,
    });
    expect(cleaned.keep.length).toBe(0);
  }
  expect(await count([])).toMatchObject({ duplicates: 0, repeats: 0, fewEvents: { rows: 0, users: 0 } });
});

describe('exact duplicates', () => {
  const rows: DraftRow[] = [{ user: 'a' }, { user: 'b' }, { user: 'a' }, { user: 'a', cells: { note: 'other' } }, { user: 'a' }];

  test('of rows that are equal in every cell the first is kept', async () => {
    expect(await verdicts(rows, { duplicates: true })).toEqual([null, null, 'exact duplicate', null, 'exact duplicate']);
    expect(await verdicts(rows, { duplicates: false })).toEqual([null, null, null, null, null]);
    expect((await count(rows)).duplicates).toBe(2);
  });

  test('both halves of the hash must agree', async () => {
    const draft = { ...draftOf([{ user: 'a' }, { user: 'b' }]), hashA: new Uint32Array(2) };
    const cleaned = await clean(draft, intakeOf({ duplicates: true }), MAPPING, silentContext);
    expect(verdictsOf(cleaned)).toEqual([null, null]);
  });
});

describe('repeated events', () => {
  const click = (seconds: number, more: DraftRow = {}): DraftRow => ({ time: seconds * SECOND, item: 'i', ...more });

  test('an event that comes at most n seconds after one that was kept is set aside; the next is measured from the kept one', async () => {
    const rows = [click(0), click(2), click(4), click(5), click(7.001)];
    const repeat = 'repeated within 3 s';
    expect(await verdicts(rows, { repeatSeconds: 3 })).toEqual([null, repeat, null, repeat, null]);
    expect((await count(rows, { repeatSeconds: 3 })).repeats).toBe(2);
    expect((await count(rows)).repeats).toBe(1);
  });

  test('another user, text, type or item is no repetition; another value is one', async () => {
    const rows = [
      click(0),
      click(0, { user: 'v' }),
      click(0, { text: 'other' }),
      click(0, { type: 'buy' }),
      click(0, { item: 'j' }),
      click(0.5, { value: 7 }),
    ];
    expect(await verdicts(rows, { repeatSeconds: 1 })).toEqual([null, null, null, null, null, 'repeated within 1 s']);
  });

  test('texts that are equal once normalised are repetitions', async () => {
    const rows = [click(0, { text: 'Tea' }), click(1, { text: 'TEA ' })];
    const text = { collapse: true, lowerCase: true, nfkc: false, stripHtml: false };
    expect(await verdicts(rows, { repeatSeconds: 1, text })).toEqual([null, 'repeated within 1 s']);
    expect(await verdicts(rows, { repeatSeconds: 1 })).toEqual([null, null]);
  });
});

describe('missing texts', () => {
  const rows: DraftRow[] = [
    { item: '1', text: 'cup' },
    { item: '1', text: 'mug' },
    { item: '1', text: ' mug ' },
    { item: '1', text: null },
    { item: '2', text: null },
    { text: null },
    { item: '1', text: ' \t' },
  ];

  test('rows without text are set aside', async () => {
    expect(await verdicts(rows, {})).toEqual([null, null, null, 'no text', 'no text', 'no text', 'no text']);
  });

  test('or take the text that their item has most often, and are set aside where there is none', async () => {
    const cleaned = await run(rows, { missingText: 'from-item' });
    expect(verdictsOf(cleaned)).toEqual([null, null, null, null, 'no text', 'no text', null]);
    expect(Array.from(cleaned.text.id, (id) => cleaned.text.words[id])).toEqual([
      'cup',
      'mug',
      'mug',
      'mug',
      undefined,
      undefined,
      'mug',
    ]);
    expect(cleaned.touched).toEqual([{ table: 0, what: 'text filled from item', count: 2 }]);
    expect(await count(rows.slice(0, 6))).toMatchObject({ missingText: 3, textFromItem: 1 });
  });

  test('P2 of several that are equally frequent the first in the order of texts is taken: shorter, then lower', async () => {
    const tie: DraftRow[] = [{ text: 'bb' }, { text: 'zz' }, { text: 'ccc' }, { text: null }].map((row) => ({
      item: '1',
      ...row,
    }));
    for (const order of [tie, tie.toReversed()]) {
      expect(
        keptEvents(draftOf(order), await run(order, { missingText: 'from-item' })).filter((e) => e.includes('bb')).length,
      ).toBe(2);
    }
  });
});

describe('users', () => {
  test('with fewer than n events are set aside, counted after all other rules', async () => {
    const rows: DraftRow[] = [{ user: 'a' }, { user: 'a', text: null }, { user: 'b' }, { user: 'b' }];
    expect(await verdicts(rows, { minUserEvents: 2 })).toEqual(['user with fewer than 2 events', 'no text', null, null]);
    expect((await count(rows, { minUserEvents: 3 })).fewEvents).toEqual({ rows: 4, users: 2 });
    expect((await count(rows, { minUserEvents: 2 })).fewEvents).toEqual({ rows: 0, users: 0 });
  });

  test('with more than n events on one day are set aside wholly; n events are none too many', async () => {
    const at = (user: string, ...hours: number[]): DraftRow[] => hours.map((h) => ({ user, time: h * HOUR, text: `${h}` }));
    const rows = [...at('bot', 1, 2, 3, 400), ...at('person', 22, 23, 24, 25)];
    const bot = 'user with more than 2 events on a day';
    expect(await verdicts(rows, { maxDayEvents: 2 })).toEqual([bot, bot, bot, bot, null, null, null, null]);
    expect((await count(rows, { maxDayEvents: 2 })).bots).toEqual({ rows: 4, users: 1 });
  });

  test('days are those of the chosen zone, 25 hours long where the clocks are set back', async () => {
    // 2024-11-03 in New York begins at 04:00 UTC and ends at 05:00 UTC of the 4th.
    const day = Date.UTC(2024, 10, 3);
    const rows: DraftRow[] = [4, 15, 28.9].map((h) => ({ time: day + h * HOUR, text: `${h}` }));
    const out = async (zone: string, hours = rows) => (await count(hours, { maxDayEvents: 2 }, { zone })).bots.rows;
    expect(await out('America/New_York')).toBe(3);
    expect(await out('UTC')).toBe(0);
    const later = rows.map((row) => ({ ...row, time: (row.time as number) + 0.2 * HOUR }));
    expect(await out('America/New_York', later)).toBe(0);
  });
});

describe('rows by a rule', () => {
  const rows: DraftRow[] = ['C536', 'c536', ' C1 ', '17C', '-3', '0', '-0.0', '5', 'x'].map((invoice) => ({
    cells: { invoice },
  }));
  const touched = async (rule: Cleaning['rules'][number]) =>
    (await verdicts([...rows, {}], { rules: [rule] })).flatMap((reason, row) => (reason === null ? [] : [row]));

  test('each test touches the rows that it says', async () => {
    expect(await touched({ column: 'invoice', test: 'starts-with', value: 'C' })).toEqual([0, 2]);
    expect(await touched({ column: 'invoice', test: 'contains', value: 'C' })).toEqual([0, 2, 3]);
    expect(await touched({ column: 'invoice', test: 'equals', value: 'C1' })).toEqual([2]);
    expect(await touched({ column: 'invoice', test: 'negative', value: '' })).toEqual([4]);
    expect(await touched({ column: 'invoice', test: 'zero', value: '' })).toEqual([5, 6]);
    expect(await touched({ column: 'invoice', test: 'starts-with', value: '' })).toEqual([]);
  });

  test('a row has the first rule that touches it as its reason; counts are of each rule alone', async () => {
    const rules = [
      { column: 'invoice', test: 'starts-with', value: 'C' },
      { column: 'invoice', test: 'contains', value: 'C' },
      { column: 'invoice', test: 'negative', value: '' },
    ] as const;
    expect((await verdicts(rows, { rules })).slice(0, 5)).toEqual([
      'invoice starts with "C"',
      null,
      'invoice starts with "C"',
      'invoice contains "C"',
      'invoice is negative',
    ]);
    expect((await count(rows, { rules })).rules).toEqual([2, 3, 1]);
  });

  test('a column that the rows do not have is told', async () => {
    await expect(run(rows, { rules: [{ column: 'gone', test: 'zero', value: '' }] })).rejects.toThrow(/no column "gone"/);
  });
});

describe('numbers', () => {
  const column = [...Array.from({ length: 20 }, (_, i) => i % 5), 400];
  const rows: DraftRow[] = [...column.map((value, i) => ({ text: `${i}`, value })), { text: 'none' }];
  const rule = { columns: [], method: 'iqr', limit: 1.5, action: 'set-aside' } as const;

  test('of hundreds of columns each tells its own outlier', async () => {
    const columns = Array.from({ length: 300 }, (_, c) => `c${c}`);
    // Row r lies far out in column r alone.
    const wide = Array.from({ length: 400 }, (_, r): DraftRow => {
      return { user: `u${r}`, numbers: Object.fromEntries(columns.map((name, c) => [name, c === r ? 1000 : (r * c) % 2])) };
    });
    const outliers = { columns, method: 'z-score', limit: 10, action: 'set-aside' } as const;
    const expected = wide.map((_, r) => (r < columns.length ? `outlier in c${r} (z-score)` : null));
    expect(await verdicts(wide, { outliers })).toEqual(expected);
  });

  test('outliers are marked, capped or set aside', async () => {
    expect((await verdicts(rows, { outliers: rule }))[20]).toBe('outlier in value (IQR)');
    const capped = await run(rows, { outliers: { ...rule, action: 'cap' } });
    // Quartiles 1 and 3: the limit is 3 + 1.5 * 2.
    expect(Array.from(capped.value.slice(18))).toEqual([3, 4, 6, Number.NaN]);
    expect(capped.touched).toEqual([{ table: 0, what: 'outlier capped in value (IQR)', count: 1 }]);
    const marked = await run(rows, { outliers: { ...rule, action: 'mark' } });
    expect([marked.value[20], marked.touched]).toEqual([400, [{ table: 0, what: 'outlier marked in value (IQR)', count: 1 }]]);
    expect((await count(rows, { outliers: rule })).outliers).toBe(1);
  });

  test('several columns are judged one by one; a column that is no value is only marked', async () => {
    const priced = rows.map((row, i) => ({ ...row, numbers: { price: i === 3 ? -900 : i % 3 } }));
    const cleaned = await run(priced, { outliers: { ...rule, columns: ['value', 'price'], action: 'cap' } });
    expect(cleaned.touched.map(({ what }) => what)).toEqual(['outlier capped in value (IQR)', 'outlier marked in price (IQR)']);
    expect((await count(priced, { outliers: { ...rule, columns: ['value', 'price'] } })).outliers).toBe(2);
  });

  test('a column that does not vary has no outliers, nor has one without numbers', async () => {
    for (const method of ['z-score', 'iqr', 'isolation-forest'] as const) {
      for (const value of [{ value: 5 }, {}]) {
        const same = Array.from({ length: 30 }, (_, i) => ({ text: `${i}`, ...value }));
        expect((await verdicts(same, { outliers: { ...rule, method } })).filter((v) => v !== null)).toEqual([]);
      }
    }
  });

  test('missing numbers are filled by mean, median or mode of the rows that are left, or left', async () => {
    const some: DraftRow[] = [
      { value: 1 },
      { value: 1 },
      { value: 2 },
      { value: 8 },
      {},
      { value: 1000, cells: { c: '-1' } },
    ].map((row, i) => ({ cells: { c: '1' }, ...row, text: `${i}` }));
    const rules = [{ column: 'c', test: 'negative', value: '' }] as const;
    const filled = async (fill: Cleaning['fill']) => (await run(some, { fill, rules })).value[4];
    expect(await filled('mean')).toBe(3);
    expect(await filled('median')).toBe(1.5);
    expect(await filled('mode')).toBe(1);
    expect(await filled('left')).toBeNaN();
    expect((await run(some, { fill: 'mean', rules })).touched).toEqual([
      { table: 0, what: 'value filled with the mean', count: 1 },
    ]);
    expect((await count(some)).missingNumbers).toBe(1);
  });
});

test('what was done to rows is counted by table, over the rows that are kept in the end', async () => {
  const rows: DraftRow[] = [
    { user: 'a', table: 0, text: 'Tea' },
    { user: 'a', table: 1, text: 'TEA' },
    { user: 'a', table: 1, text: 'tea' },
    { user: 'gone', table: 1, text: 'Tea' },
  ];
  const text = { collapse: true, lowerCase: true, nfkc: false, stripHtml: false };
  expect((await run(rows, { text, minUserEvents: 2 })).touched).toEqual([
    { table: 0, what: 'text normalised', count: 1 },
    { table: 1, what: 'text normalised', count: 1 },
  ]);
});

describe('P2', () => {
  const every: Cleaning = {
    duplicates: true,
    repeatSeconds: 2,
    missingText: 'from-item',
    outliers: { columns: ['value', 'price'], method: 'z-score', limit: 3, action: 'cap' },
    fill: 'mean',
    minUserEvents: 3,
    maxDayEvents: 400,
    text: { collapse: true, lowerCase: true, nfkc: true, stripHtml: true },
    rules: [{ column: 'invoice', test: 'starts-with', value: 'C' }],
  };

  test.each(['z-score', 'iqr', 'isolation-forest'] as const)('row order does not matter: %s', async (method) => {
    for (const action of ['cap', 'set-aside'] as const) {
      const cleaning = {
        ...every,
        outliers: { ...every.outliers, method, limit: method === 'isolation-forest' ? 0.6 : 2, action },
      } as Cleaning;
      const rows = dirtyRows(600, 5);
      const draft = draftOf(rows);
      const cleaned = await clean(draft, intakeOf(cleaning), MAPPING, silentContext);
      const counts = await countCleaning(draft, intakeOf(cleaning), MAPPING, silentContext);
      expect(cleaned.reasons.length).toBeGreaterThan(4);
      for (const seed of [1, 2, 3]) {
        const shuffled = draftOf(shuffle([...rows], createRandom(seed)));
        const again = await clean(shuffled, intakeOf(cleaning), MAPPING, silentContext);
        expect(keptEvents(shuffled, again)).toEqual(keptEvents(draft, cleaned));
        expect(again.touched).toEqual(cleaned.touched);
        expect(await countCleaning(shuffled, intakeOf(cleaning), MAPPING, silentContext)).toEqual(counts);
      }
    }
  });

  test('the same rows give the same bits', async () => {
    const rows = dirtyRows(300, 9);
    expect(await run(rows, every)).toEqual(await run(rows, every));
  });
});
