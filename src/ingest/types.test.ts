import { describe, expect, test } from 'vitest';
import {
  type ColumnMapping,
  DEFAULT_CLEANING,
  DEFAULT_INTAKE,
  type Intake,
  type ReadResult,
  silentContext,
} from '../domain/index.ts';
import { eventLines, fileOf, reader } from './test-files.fixture.ts';

const MAPPING: ColumnMapping = {
  user: 'user',
  time: 'time',
  text: ['text'],
  type: null,
  item: 'item',
  value: 'value',
  label: null,
  timeFormat: 'iso',
  timeOrigin: null,
  template: null,
  numbers: [],
};

const read = (rows: string, mapping: Partial<ColumnMapping> = {}, intake: Partial<Intake> = {}): Promise<ReadResult> => {
  const file = fileOf('a.csv', `user;time;text;item;value\n${rows}\n`);
  return reader.read([file], { ...MAPPING, ...mapping }, { ...DEFAULT_INTAKE, ...intake }, silentContext);
};

test('times without a zone are read in the chosen one, daylight saving included; others in their own', async () => {
  const rows =
    'a;2024-01-15 12:00:00;x;;\na;2024-07-15 12:00:00;x;;\na;2024-07-15T12:00:00Z;x;;\na;2024-07-15T12:00:00+09:00;x;;';
  expect(eventLines(await read(rows, {}, { zone: 'Europe/Berlin' })).map((line) => line.slice(4, 20))).toEqual([
    '2024-01-15T11:00',
    '2024-07-15T03:00',
    '2024-07-15T10:00',
    '2024-07-15T12:00',
  ]);
});

test('P6 a day that never was, and a date of the other order, are set aside with their line', async () => {
  const { accounting, events } = await read('a;28/02/2018;x;;\na;29/02/2018;x;;\na;02/28/2018;x;;', { timeFormat: 'dmy' });
  expect(events.count).toBe(1);
  expect(accounting.files[0]).toMatchObject({ read: 3, setAside: [{ reason: 'time not readable', count: 2, lines: [3, 4] }] });
});

test('relative days count from their origin', async () => {
  const days = { timeFormat: 'relative-days', timeOrigin: '2014-02-01' } as const;
  const { events } = await read('a;-10;x;;\na;12;y;;', days);
  expect([...events.time].map((ms) => new Date(ms).toISOString().slice(0, 10))).toEqual(['2014-01-22', '2014-02-13']);
});

test.each([null, 'soon', '2014-02-30'])('relative days from %s are refused', async (timeOrigin) => {
  const days = { timeFormat: 'relative-days', timeOrigin } as const;
  await expect(read('a;12;y;;', days)).rejects.toMatchObject({ kind: 'input', code: 'time-origin' });
});

test('a zone that does not exist is refused', async () => {
  await expect(read('a;2024-01-15;x;;', {}, { zone: 'Mars/Olympus' })).rejects.toMatchObject({ code: 'bad-time-zone' });
});

test('values are read with the chosen decimal mark', async () => {
  const rows = 'a;2024-01-01;x;;1.234,5 €\na;2024-01-02;x;;1,5\na;2024-01-03;x;;1.5';
  expect([...(await read(rows, {}, { decimal: ',' })).events.value]).toEqual([1234.5, 1.5, Number.NaN]);
  expect([...(await read(rows)).events.value]).toEqual([Number.NaN, Number.NaN, 1.5]);
});

describe('ids', () => {
  const rows = '17850.0;2024-01-01;x;7.0;\n17850;2024-01-02;x;7;\n1.5;2024-01-03;x;007;';

  test('that look like numbers stay text', async () => {
    const { events } = await read(rows);
    expect([events.users, events.items]).toEqual([
      ['1.5', '17850', '17850.0'],
      ['007', '7', '7.0'],
    ]);
  });

  test('are the same with and without decimals where that was declared', async () => {
    const { events } = await read(rows, {}, { sameIds: true });
    expect([events.users, events.items]).toEqual([
      ['1.5', '17850'],
      ['007', '7'],
    ]);
  });
});

test('what counts as missing is a list that can be changed', async () => {
  const rows = '-;2024-01-01;x;;\nunknown;2024-01-02;x;;\na;2024-01-03;NA;;';
  expect((await read(rows)).events.users).toEqual(['unknown']);
  expect((await read(rows, {}, { missing: ['unknown'] })).events.users).toEqual(['-', 'a']);
});

describe('P6 a number on the list of missing cells is none', () => {
  const rows = 'a;1700000000;x;;-999\na;0;x;;5\na;1700000001;x;;-999.0';

  test('in the value column, while another writing of it stays a number', async () => {
    const { events } = await read(rows, { timeFormat: 'unix-seconds' }, { missing: ['-999', '0'] });
    expect([...events.value]).toEqual([Number.NaN, -999]);
  });

  test('in the time column, where the row is set aside', async () => {
    const { accounting } = await read(rows, { timeFormat: 'unix-seconds' }, { missing: ['-999', '0'] });
    expect(accounting.files[0]).toMatchObject({ read: 3, kept: 2, setAside: [{ reason: 'no time', count: 1, lines: [3] }] });
  });

  test('P2 among ids declared the same in every writing, whichever comes first', async () => {
    const ids = ['0;2024-01-01;x;;', '0.0;2024-01-02;x;;', 'a;2024-01-03;x;;'];
    const declared = { missing: ['0'], sameIds: true };
    for (const order of [ids, [...ids].reverse()]) {
      expect((await read(order.join('\n'), {}, declared)).events.users).toEqual(['a']);
    }
  });
});

test('P2 of repeated events of files with their columns in another order, the same one is kept whichever file comes first', async () => {
  const seconds = Array.from({ length: 40 }, (_, i) => `2024-01-01T00:00:${10 + i}`);
  const one = fileOf('one.csv', `user;time;text;item;value\n${seconds.map((at, i) => `u${i};${at};x;;1`).join('\n')}\n`);
  const two = fileOf('two.csv', `value;item;text;time;user\n${seconds.map((at, i) => `2;;x;${at};u${i}`).join('\n')}\n`);
  const intake = { ...DEFAULT_INTAKE, cleaning: { ...DEFAULT_CLEANING, repeatSeconds: 1 } };
  const [first, second] = await Promise.all(
    [
      [one, two],
      [two, one],
    ].map((files) => reader.read(files, MAPPING, intake, silentContext)),
  );
  expect(first?.events.count).toBe(seconds.length);
  expect(second?.events).toEqual(first?.events);
});
