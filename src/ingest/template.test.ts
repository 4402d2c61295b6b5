import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import {
  type ColumnMapping,
  DEFAULT_CLEANING,
  DEFAULT_INTAKE,
  fillTemplate,
  type Intake,
  silentContext,
  templateOf,
} from '../domain/index.ts';
import { collapse } from './cells.ts';
import { fileOf, reader } from './test-files.fixture.ts';

const MAPPING: ColumnMapping = {
  ...{ user: 'user', time: 'time', text: ['action', 'title', 'category'], template: '{action} {title} - {category}' },
  ...{ type: null, item: null, value: null, label: null, timeFormat: 'iso', timeOrigin: null, numbers: [] },
};

interface Row {
  readonly user?: string;
  readonly cells: readonly (string | number)[];
}

const csvOf = (header: readonly string[], rows: readonly Row[]): string =>
  Papa.unparse({
    fields: ['user', 'time', ...header],
    data: rows.map(({ user = 'u', cells }, i) => [user, `2024-05-01T00:00:${String(i % 60).padStart(2, '0')}`, ...cells]),
  });

async function readRows(csv: string, mapping: ColumnMapping = MAPPING, intake: Partial<Intake> = {}) {
  const all = { ...DEFAULT_INTAKE, ...intake };
  const { events, accounting } = await reader.read([fileOf('log.csv', csv)], mapping, all, silentContext);
  return { events, texts: Array.from(events.text, (id) => events.texts[id]), account: accounting.files[0] };
}

const TEXTS = ['action', 'title', 'category'];

describe('texts by a template', () => {
  test('are made of the cells of each row; a row all of whose cells are empty is set aside', async () => {
    const rows = [
      ['viewed', 'Lamp', 'Home'],
      ['viewed', '', 'Home'],
      ['', 'Lamp', 'NA'],
      ['', ' ', '-'],
    ];
    const { texts, account } = await readRows(
      csvOf(
        TEXTS,
        rows.map((cells) => ({ cells })),
      ),
    );
    expect(texts).toEqual(['viewed Lamp - Home', 'viewed - Home', 'Lamp']);
    expect(account?.setAside).toMatchObject([{ reason: 'no text', count: 1, lines: [5] }]);
  });

  const cell = fc.constantFrom('', ' ', 'NA', 'tea', ' red  tea ', '字', 'a "b", c', '{x}', '(', 'line\nbreak');
  const templates = fc.constantFrom(
    ...[
      '{action} {title} - {category}',
      '{title} ({action}, {category})',
      '「{title}」{action}: {{{category}',
      '{category}{category}',
    ],
    ...['See {title}', '{action} / {title} / {category} …', null],
  );

  test('are what filling it in row by row gives, for any cells', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 40 }),
        templates,
        async (cells, template) => {
          const mapping = { ...MAPPING, template };
          const own = templateOf(mapping);
          const plain = cells.map((row) =>
            fillTemplate(
              own,
              own.columns.map((name) => {
                const trimmed = (row[TEXTS.indexOf(name)] as string).trim();
                return trimmed === '' || trimmed === 'NA' ? null : trimmed;
              }),
            ),
          );
          const rows: Row[] = cells.map((row, i) => ({ user: `u${String(i).padStart(3, '0')}`, cells: row }));
          // A row that has a text, so that there always is an event.
          rows.push({ user: 'u999', cells: ['a', 'b', 'c'] });
          const { texts } = await readRows(csvOf(TEXTS, rows), mapping);
          expect(texts.slice(0, -1)).toEqual(plain.flatMap((text) => (text === null ? [] : [collapse(text)])));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('P2 without a template, texts are as with the one that is proposed', async () => {
    const rows = [
      ['a', 'b', 'c'],
      ['a', '', 'c'],
      ['', '', 'c'],
      ['a b', '', ''],
    ].map((cells) => ({ cells }));
    const joined = await readRows(csvOf(TEXTS, rows), { ...MAPPING, template: null });
    const proposed = await readRows(csvOf(TEXTS, rows), { ...MAPPING, template: '{action} {title} {category}' });
    expect(proposed.events).toEqual(joined.events);
    expect(joined.texts).toEqual(['a b c', 'a c', 'c', 'a b']);
  });

  test('of one column have what stands around it', async () => {
    const mapping = { ...MAPPING, text: ['title'], template: 'Watched: {title}' };
    const { texts } = await readRows(csvOf(['title'], [{ cells: ['Heat'] }, { cells: [''] }]), mapping);
    expect(texts).toEqual(['Watched: Heat']);
  });

  test('are cleaned as a whole, and a missing one is taken from its item', async () => {
    const mapping = { ...MAPPING, text: ['action', 'title'], template: '<b>{title}</b> {action}', item: 'item' };
    const csv = csvOf(['action', 'title', 'item'], [{ cells: ['SEEN', 'Tea', '1'] }, { cells: ['', '', '1'] }]);
    const cleaning = { ...DEFAULT_CLEANING, missingText: 'from-item' as const };
    const text = { ...cleaning.text, stripHtml: true, lowerCase: true };
    const { texts, account } = await readRows(csv, mapping, { cleaning: { ...cleaning, text } });
    expect(texts).toEqual(['tea seen', 'tea seen']);
    expect(account?.touched).toContainEqual({ what: 'text filled from item', count: 1 });
  });

  test('may be made of columns of a catalogue and of computed ones', async () => {
    const files = [
      fileOf('log.csv', 'user,time,film\nann,2024-05-01,1\nbob,2024-05-02,2\n'),
      fileOf('films.csv', 'film,title,year\n1,Heat,1995\n2,Alien,\n'),
    ];
    const mapping = { ...MAPPING, text: ['title', 'year', 'who'], template: '{title} ({year}) by {who}' };
    const intake: Intake = {
      ...DEFAULT_INTAKE,
      join: { table: 'films.csv', on: 'film', key: 'film' },
      derived: [{ name: 'who', sql: '\'Mx \' || "user"' }],
    };
    const { events } = await reader.read(files, mapping, intake, silentContext);
    expect([...events.texts].sort()).toEqual(['Alien by Mx bob', 'Heat (1995) by Mx ann']);
  });

  test('are not made by one that names another column: where and what is told before anything is read', async () => {
    await expect(readRows('no table', { ...MAPPING, template: '{title} {user}' })).rejects.toMatchObject({
      ...{ kind: 'input', code: 'template', message: 'At character 9 of the template "user" is none of the text columns.' },
      hint: expect.stringContaining('action, title, category'),
    });
  });
});

describe('further columns of numbers', () => {
  const mapping: ColumnMapping = { ...MAPPING, text: ['title'], template: null, value: 'price', numbers: ['seconds', 'stars'] };
  const HEADER = ['title', 'price', 'seconds', 'stars'];
  const rows = [
    { user: 'b', cells: ['t', '1,5', '2', '3'] },
    { user: 'a', cells: ['t', '1,5', '12,25', ''] },
    { user: 'b', cells: ['t', '1,5', '2', '1'] },
    { user: 'a', cells: ['t', '1,5', 'soon', '1.000,5'] },
  ];

  test('come with the events in the order of the mapping, read with the decimal mark of the value; what is no number is missing', async () => {
    const { events, account } = await readRows(csvOf(HEADER, rows), mapping, { decimal: ',' });
    expect(events.numbers.map(({ name, values }) => [name, ...values])).toEqual([
      ['seconds', 12.25, Number.NaN, 2, 2],
      ['stars', Number.NaN, 1000.5, 3, 1],
    ]);
    expect([account?.read, account?.kept]).toEqual([4, 4]);
  });

  test('P2 whatever the order of rows and columns, the events are the same', async () => {
    // At one time, so that the numbers alone order them.
    const at = (list: readonly Row[]): string => csvOf(HEADER, list).replaceAll(/T00:00:\d\d/g, 'T00:00:00');
    const forth = await readRows(at(rows), mapping, { decimal: ',' });
    const back = await readRows(at(rows.toReversed()), mapping, { decimal: ',' });
    expect(back.events).toEqual(forth.events);
    const [, stars] = forth.events.numbers;
    expect([...(stars?.values ?? [])]).toEqual([Number.NaN, 1000.5, 1, 3]);
  });

  test('are pulled to the limits of an outlier rule that names them, as the value is', async () => {
    const cells = [...Array.from({ length: 20 }, (_, i) => ['t', '1', String(i % 2), '1']), ['t', '1', '500', '1']];
    const cap = { columns: ['seconds'], method: 'iqr', limit: 1.5, action: 'cap' } as const;
    const cleaning = { ...DEFAULT_CLEANING, duplicates: false, outliers: cap };
    const { events, account } = await readRows(
      csvOf(
        HEADER,
        cells.map((c) => ({ cells: c })),
      ),
      mapping,
      { cleaning },
    );
    expect(Math.max(...(events.numbers[0]?.values ?? []))).toBe(2.5);
    expect(account?.touched).toEqual([{ what: 'outlier capped in seconds (IQR)', count: 1 }]);
  });

  test('a column that is not there is told', async () => {
    const wrong = { ...mapping, numbers: ['seconds', 'dwell'] };
    await expect(readRows(csvOf(HEADER, rows), wrong)).rejects.toThrow(/no column "dwell"/);
  });
});
