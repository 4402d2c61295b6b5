import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import {
  type ByteSource,
  type Cleaning,
  type ColumnMapping,
  DEFAULT_CLEANING,
  DEFAULT_INTAKE,
  type Intake,
  silentContext,
  type TextLanguages,
} from '../domain/index.ts';
import { openDuckDbInNode } from './duckdb.node.ts';
import { setAsideCsv } from './set-aside-csv.ts';
import { surveyFiles } from './survey.ts';
import { fileOf, reader } from './test-files.fixture.ts';

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

const CSV = [
  'user,time,text,item,value',
  'ann,2024-05-01,tea,1,2',
  'bob,2024-05-01,cup,2,-3',
  'ann,2024-05-01,tea,1,2',
  ',2024-05-02,tea,1,2',
  'cy,2024-05-03,"a, ""b""",3,',
  'bob,2024-05-31,,2,4',
  'dan,soon,tea,1,5',
  'ann,2024-05-01,tea,1,2',
].join('\n');
const FILE = fileOf('log.csv', CSV);

const intakeOf = (cleaning: Partial<Cleaning> = {}, more: Partial<Intake> = {}): Intake => ({
  ...DEFAULT_INTAKE,
  ...more,
  cleaning: { ...DEFAULT_CLEANING, ...cleaning },
});
/** Says how many texts it was given, and the first of them. */
const look = (texts: readonly string[]): TextLanguages => ({
  looked: texts.length,
  lettered: texts.length,
  shares: [{ language: texts[0] ?? '', script: 'Latin', share: 1 }],
});
const survey = (files: readonly ByteSource[] = [FILE], intake = intakeOf()) =>
  surveyFiles(files, MAPPING, intake, silentContext, openDuckDbInNode, look);
const csv = async (reason: string, files: readonly ByteSource[] = [FILE], intake = intakeOf(), table = 'log.csv') =>
  (await setAsideCsv(files, MAPPING, intake, table, reason, silentContext, openDuckDbInNode)).join('');

describe('a survey', () => {
  test('P6 tells what reading gives: the same rows kept, the same rows set aside', async () => {
    const intake = intakeOf({ rules: [{ column: 'value', test: 'negative', value: '' }] });
    const [found] = (await survey([FILE], intake)).accounting.files;
    const [read] = (await reader.read([FILE], MAPPING, intake, silentContext)).accounting.files;
    expect(found).toEqual(read);
    expect(found?.read).toBe(8);
    expect(found?.setAside.reduce((sum, { count }) => sum + count, found.kept)).toBe(8);
  });

  test('each reason has its first rows with line and cells, also those of rows that cleaning sets aside', async () => {
    const [account] = (await survey()).accounting.files;
    const rows = Object.fromEntries(
      account?.setAside.map((s) => [s.reason, s.lines.map((line, i) => [line, ...(s.rows[i] ?? [])])]) ?? [],
    );
    expect(rows).toEqual({
      'exact duplicate': [
        [4, 'ann', '2024-05-01', 'tea', '1', '2'],
        [9, 'ann', '2024-05-01', 'tea', '1', '2'],
      ],
      'no text': [[7, 'bob', '2024-05-31', '', '2', '4']],
      'no user': [[5, '', '2024-05-02', 'tea', '1', '2']],
      'time not readable': [[8, 'dan', 'soon', 'tea', '1', '5']],
    });
  });

  test('progress never goes back, and ends with all', async () => {
    const told: number[] = [];
    const ctx = { ...silentContext, progress: (done: number, total: number) => void told.push(done / total) };
    await surveyFiles([FILE, fileOf('other.csv', CSV)], MAPPING, intakeOf(), ctx, openDuckDbInNode, look);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
  });

  test('of a reason with many rows the first hundred are told', async () => {
    const many = fileOf('many.csv', ['user,time,text,item,value', ...new Array(300).fill('a,2024-05-01,t,1,1')].join('\n'));
    const [account] = (await survey([many])).accounting.files;
    expect(account?.setAside).toMatchObject([{ reason: 'exact duplicate', count: 299 }]);
    expect(account?.setAside[0]?.lines).toEqual(Array.from({ length: 100 }, (_, i) => i + 3));
    expect(account?.setAside[0]?.rows.every((cells) => cells.length === 5)).toBe(true);
  });

  test('columns are measured over all rows of the table, those that are set aside too', async () => {
    const { quality } = await survey();
    expect(quality.map(({ table }) => table)).toEqual(['log.csv']);
    const columns = Object.fromEntries(quality[0]?.columns.map((c) => [c.name, c]) ?? []);
    expect(columns.user).toMatchObject({ rows: 8, missing: 1, distinct: 4, top: [{ value: 'ann', count: 3 }, {}, {}, {}] });
    expect(columns.value?.histogram).toMatchObject({ min: -3, max: 5 });
    expect(columns.time?.histogram).toMatchObject({ min: Date.UTC(2024, 4, 1), max: Date.UTC(2024, 4, 31) });
    expect(columns.text?.histogram).toBeNull();
  });

  test('a column that the mapping reads as times is measured as times', async () => {
    const days = fileOf('days.csv', 'user,time,text,item,value\nann,0,tea,1,1\nbob,30,cup,1,2\n');
    const mapping: ColumnMapping = { ...MAPPING, timeFormat: 'relative-days', timeOrigin: '2024-05-01' };
    const { quality } = await surveyFiles([days], mapping, intakeOf(), silentContext, openDuckDbInNode, look);
    const time = quality[0]?.columns[1];
    expect([time?.name, time?.type]).toEqual(['time', 'time']);
    expect(time?.histogram).toMatchObject({ min: Date.UTC(2024, 4, 1), max: Date.UTC(2024, 4, 31) });
  });

  test('events over time are those that are kept', async () => {
    const { overTime } = await survey();
    expect(overTime.from).toBe(Date.UTC(2024, 4, 1));
    expect(overTime.first).toBeGreaterThanOrEqual(overTime.from);
    expect(overTime.last).toBeLessThan(overTime.from + overTime.counts.length * overTime.step);
    expect(overTime.counts.reduce((a, b) => a + b)).toBe(3);
    expect([overTime.counts[0], overTime.counts.at(-1)]).toEqual([2, 1]);
  });

  test('texts, their languages and the users who have them are told of rows that are kept', async () => {
    const { distinctTexts, languages, texts, examples } = await survey();
    expect([distinctTexts, languages.looked, languages.shares[0]?.language]).toEqual([3, 3, 'cup']);
    expect([...texts].sort()).toEqual(['a, "b"', 'cup', 'tea']);
    expect(examples.map(({ user, users, events }) => [user, users, events.map((e) => e.usersWithText)])).toEqual([
      ['cy', 3, [1]],
      ['bob', 3, [1]],
      ['ann', 3, [1]],
    ]);
  });

  test('a file of which no row is an event is no error: the account says why', async () => {
    const none = fileOf('none.csv', 'user,time,text,item,value\n,2024-05-01,t,1,1\n');
    const found = await survey([none]);
    expect(found.accounting.files[0]).toMatchObject({ read: 1, kept: 0, setAside: [{ reason: 'no user', count: 1 }] });
    expect(found.overTime.counts).toEqual([]);
    expect(found).toMatchObject({ distinctTexts: 0, texts: [], examples: [] });
  });

  test('each cleaning choice is counted alone, whatever is chosen', async () => {
    const { cleaning } = await survey([FILE], intakeOf({ duplicates: false }));
    expect(cleaning).toMatchObject({ duplicates: 2, missingText: 1, textFromItem: 1, missingNumbers: 1 });
    expect((await survey()).cleaning).toEqual(cleaning);
  });

  test('rows of several tables are shown with the cells of their own table', async () => {
    const other = fileOf('other.csv', 'time,user,text,value,item,more\n2024-06-01,,x,1,9,z\n2024-06-01,ann,x,1,9,z\n');
    const [, second] = (await survey([FILE, other])).accounting.files;
    expect(second).toMatchObject({ name: 'other.csv', read: 2, kept: 1 });
    expect(second?.setAside[0]?.rows).toEqual([['', '2024-06-01', 'x', '9', '1', 'more=z', 'other.csv']]);
    expect(second?.header).toEqual(['user', 'time', 'text', 'item', 'value', 'other columns', 'file']);
  });
});

test('columns that are computed are measured, and rows that the filter refuses are told with their cells', async () => {
  const intake = intakeOf({}, { derived: [{ name: 'double', sql: 'value::DOUBLE * 2' }], filter: "item <> '2'" });
  const found = await survey([FILE], intake);
  const [account] = found.accounting.files;
  const refused = account?.setAside.find(({ reason }) => reason === 'filtered out');
  expect([refused?.count, refused?.lines]).toEqual([2, [3, 7]]);
  expect(refused?.rows[0]?.slice(0, 3)).toEqual(['bob', '2024-05-01', 'cup']);
  const double = found.quality[0]?.columns.find(({ name }) => name === 'double');
  expect(double?.top[0]).toEqual({ value: '4.0', count: 4 });
  const lines = (await csv('filtered out', [FILE], intake)).split('\r\n').map((record) => record.split(',')[1]);
  expect(lines).toEqual(['line', '3', '7', undefined]);
});

describe('rows that are set aside, as CSV', () => {
  const parse = (text: string) => Papa.parse<string[]>(text, { skipEmptyLines: true }).data;

  test('hold all rows of one reason, not only the first hundred', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => [`a${i % 1200},2024-05-01,t,1,1`, `,2024-05-01,t,1,${i}`]).flat();
    const many = fileOf('log.csv', ['user,time,text,item,value', ...rows].join('\n'));
    const duplicates = parse(await csv('exact duplicate', [many]));
    expect(duplicates.length).toBe(1 + 1300);
    expect(duplicates[1]).toEqual(['log.csv', '2402', 'exact duplicate', 'a0', '2024-05-01', 't', '1', '1']);
    const unread = parse(await csv('no user', [many]));
    expect(unread.length).toBe(1 + 2500);
    expect(unread[2500]).toEqual(['log.csv', '5001', 'no user', '', '2024-05-01', 't', '1', '2499']);
  });

  test('cells come back as they were, whatever is in them', async () => {
    const cells = ['say "x", y', 'line\nbreak', ' blank ', '', 'ü 字', '=1+1'];
    const row = (cell: string) => `,2024-05-01,"${cell.replaceAll('"', '""')}",1,1`;
    const dirty = fileOf('log.csv', ['user,time,text,item,value', ...cells.map(row)].join('\n'));
    expect(
      parse(await csv('no user', [dirty]))
        .slice(1)
        .map((r) => r[5]),
    ).toEqual(cells);
  });

  test('names of the added columns are free', async () => {
    const named = fileOf('log.csv', 'user,time,text,item,value,line\n,2024-05-01,t,1,1,7\n');
    expect(parse(await csv('no user', [named]))[0]).toEqual([
      'file',
      'line (2)',
      'reason',
      'user',
      'time',
      'text',
      'item',
      'value',
      'line',
    ]);
  });

  test('a reason or a table that is not there is told', async () => {
    await expect(csv('no such reason')).rejects.toThrow(/no row that is set aside for "no such reason"/);
    await expect(csv('no user', [FILE], intakeOf(), 'gone.csv')).rejects.toThrow(/no table "gone.csv"/);
  });
});
