import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ByteSource,
  CancelledError,
  type ColumnMapping,
  createRandom,
  DEFAULT_INTAKE,
  NO_ID,
  shuffle,
  silentContext,
} from '../domain/index.ts';
import { createEventReader, openDuckDbInNode } from './index.ts';
import { eventLines, fileOf, look, reader } from './test-files.fixture.ts';

const MAPPING: ColumnMapping = {
  user: 'user',
  time: 'time',
  text: ['text'],
  type: 'type',
  item: 'item',
  value: 'value',
  label: 'label',
  timeFormat: 'iso',
  timeOrigin: null,
  template: null,
  numbers: [],
};
const HEADER = 'user,time,text,type,item,value,label\n';
const BARE: ColumnMapping = { ...MAPPING, type: null, item: null, value: null, label: null };

const read = (files: readonly ByteSource[], mapping = MAPPING) => reader.read(files, mapping, DEFAULT_INTAKE, silentContext);
const readText = (text: string, mapping = MAPPING) => read([fileOf('a.csv', text)], mapping);

test('rows become events in canonical order, words their rank in it', async () => {
  const result = await readText(
    `${HEADER}b,2024-01-02,zz,buy,i2,2.5,x\na,2024-01-03,long text,,,,\nb,2024-01-01,é,view,i1,-1,\nb,2024-01-02,zz,buy,i1,2.5,x\n`,
  );
  expect(eventLines(result)).toEqual([
    'a | 2024-01-03T00:00:00.000Z | long text | - | NaN | - | -',
    'b | 2024-01-01T00:00:00.000Z | é | view | -1 | i1 | -',
    'b | 2024-01-02T00:00:00.000Z | zz | buy | 2.5 | i1 | x',
    'b | 2024-01-02T00:00:00.000Z | zz | buy | 2.5 | i2 | x',
  ]);
  expect(result.events.texts).toEqual(['é', 'zz', 'long text']);
  expect(result.events.type[0]).toBe(NO_ID);
});

test('words are ordered by code points, texts by length in code points first', async () => {
  const words = ['\u{1f600}', '\uff21', 'é', 'z', 'Z', '字', '\u{1f600}a', 'aaa'];
  const { events } = await readText(`user,time,text\n${words.map((w) => `${w},2024-01-01,${w}`).join('\n')}\n`, BARE);
  expect(events.users).toEqual(['Z', 'aaa', 'z', 'é', '字', '\uff21', '\u{1f600}', '\u{1f600}a']);
  expect(events.texts).toEqual(['Z', 'z', 'é', '字', '\uff21', '\u{1f600}', '\u{1f600}a', 'aaa']);
});

test('P2 the order of rows and of files does not matter', async () => {
  const random = createRandom(7);
  const pick = (words: readonly string[]): string => words[random.int(words.length)] ?? '';
  const row = (): string =>
    [
      pick(['ann', 'bo', 'Łukasz', '字']),
      pick(['2024-01-01', '2024-01-01 10:00', '2024-02-01T00:00Z']),
      pick(['red', 'green  tea', 'ü', 'a longer text']),
      pick(['', 'view', 'buy']),
      pick(['', 'i1', 'i2']),
      pick(['', '0', '-0', '2', '1e3']),
      pick(['', 'x', 'y']),
    ].join(',');
  const rows = Array.from({ length: 3000 }, row);
  const first = await readText(`${HEADER}${rows.join('\n')}\n`);
  const mixed = shuffle([...rows], random);
  const part = (name: string, some: string[]): ByteSource => fileOf(name, `${HEADER}${some.join('\r\n')}`);
  const second = await read([part('b.csv', mixed.slice(1000)), part('a.csv', mixed.slice(0, 1000))]);
  expect(second.events).toEqual(first.events);
  expect(
    Object.is(
      first.events.value.find((v) => v === 0),
      0,
    ),
  ).toBe(true);
});

describe('P6 every row is kept or set aside with its reason and line', () => {
  test('each reason, with the right lines behind cells of several lines', async () => {
    const { accounting } = await readText(
      [
        'user,time,text',
        'u1,2024-01-01,"two\r\nlines"',
        ',2024-01-01,x',
        'u1,soon,x',
        '',
        'u1,2024-01-01',
        'u1,2024-01-01,x,,',
        'u1,2024-01-01,x,y',
        'u1,2024-01-01,  ',
        'NULL,2024-01-01,x',
        'u1,,x',
        'u1,2024-02-30,x',
        'u1,2024-01-01,"open',
        'u2,2024-01-01,last',
      ].join('\r\n'),
      BARE,
    );
    const [file] = accounting.files;
    expect(file).toMatchObject({ name: 'a.csv', read: 13, kept: 3 });
    expect(Object.fromEntries(file?.setAside.map((s) => [s.reason, s.lines]) ?? [])).toEqual({
      'no user': [4, 11],
      'time not readable': [5, 13],
      'empty line': [6],
      'too few columns': [7],
      'too many columns': [9],
      'no text': [10],
      'no time': [12],
      'broken quotes': [14],
    });
  });

  test('only the first 100 lines are listed, all are counted', async () => {
    const { accounting } = await readText(`user,time,text\nu,2024-01-01,x\n${',2024-01-01,x\n'.repeat(250)}`, BARE);
    const [aside] = accounting.files[0]?.setAside ?? [];
    expect(aside).toMatchObject({ reason: 'no user', count: 250 });
    expect(aside?.lines).toEqual(Array.from({ length: 100 }, (_, i) => i + 3));
  });

  test('it adds up on any bytes, and agrees with the look through the file', async () => {
    const piece = fc.constantFrom('u1', ',', '"', '\n', '\r\n', '2024-01-01', 'text', ';', 'é', ' ', '""', ',,\n');
    const garbage = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((p) => p.join('')),
      fc.uint8Array({ min: 9, maxLength: 200 }).map((b) => new TextDecoder('windows-1252').decode(b)),
    );
    await fc.assert(
      fc.asyncProperty(garbage, async (text) => {
        const content = `user,time,text\nu0,2024-01-01,sure\n${text}`;
        const preview = await look('a.csv', content).catch(() => null);
        const result = preview && (await readText(content, BARE).catch(() => null));
        if (!preview || !result) return;
        const [file] = result.accounting.files;
        expect(file?.read).toBe(preview.rowCount);
        expect(file?.kept).toBe(result.events.count);
        expect(file?.setAside.reduce((sum, s) => sum + s.count, file.kept)).toBe(file?.read);
      }),
      { numRuns: 60 },
    );
  });
});

describe('cells are cleaned', () => {
  test('text columns are joined with one space, trimmed, and inner whitespace is one space', async () => {
    const mapping = { ...BARE, text: ['b', 'a'] };
    const { events } = await readText('user,time,a,b\n u1 ,2024-01-01,"  x\t y\n",z\u00a0z\nu1,2024-01-01,,only\n', mapping);
    expect(events.texts).toEqual(['only', 'z z x y']);
    expect(events.users).toEqual(['u1']);
  });

  test('a value that is no number is NaN, and the event stays', async () => {
    const { events } = await readText(`${HEADER}u,2024-01-01,x,,,many,\nu,2024-01-02,x,,, 1e3 ,\n`);
    expect([...events.value]).toEqual([Number.NaN, 1000]);
  });
});

describe('bad input is told in the words of its owner', () => {
  test.each<[string, string, ColumnMapping, RegExp]>([
    ['no column of that name', 'user,time,text\nu,2024-01-01,x\n', MAPPING, /a\.csv has no column "type"/],
    ['no time can be read', 'user,time,text\nu,soon,x\nv,later,y\n', BARE, /a\.csv: no row with a valid time in "time"/],
    [
      'no user anywhere',
      'user,time,text\n,2024-01-01,x\n',
      BARE,
      /a\.csv: no row can be used\. Of 1 rows none is an event \(no user: 1\)/,
    ],
    ['header only', 'user,time,text\n', BARE, /a\.csv has a header line/],
  ])('%s', async (_, text, mapping, message) => {
    await expect(readText(text, mapping)).rejects.toMatchObject({ kind: 'input', message: expect.stringMatching(message) });
  });

  test('the one bad file of several is named', async () => {
    const good = fileOf('good.csv', 'user,time,text\nu,2024-01-01,x\n');
    await expect(read([good, fileOf('bad.csv', '')], BARE)).rejects.toThrow(/bad\.csv is empty/);
  });

  test('after an error or a cancel the reader works on', async () => {
    const content = 'user,time,text\nu,2024-01-01,x\n';
    const checkpoint = (): Promise<void> => Promise.reject(new CancelledError());
    await expect(
      reader.read([fileOf('a.csv', content)], BARE, DEFAULT_INTAKE, { progress: () => {}, checkpoint }),
    ).rejects.toThrow(CancelledError);
    expect((await readText(content, BARE)).events.count).toBe(1);
  });

  test('more rows than fit into memory are refused with the number that would', async () => {
    const small = createEventReader({ openDuckDb: openDuckDbInNode, memory: 4_000_000 });
    const rows = Array.from({ length: 60_000 }, (_, i) => `u${i},2024-01-01,a text about ${i}\n`);
    const readRows = (n: number) =>
      small.read([fileOf('big.csv', `user,time,text\n${rows.slice(0, n).join('')}`)], BARE, DEFAULT_INTAKE, silentContext);
    const error = await readRows(60_000).catch((e: unknown) => e);
    expect(error).toMatchObject({
      kind: 'input',
      code: 'too-many-rows',
      message: expect.stringMatching(/^big\.csv .* about [\d,]+ do/),
    });
    const fit = Number(/about ([\d,]+) do/.exec((error as Error).message)?.[1]?.replaceAll(',', ''));
    expect((await readRows(fit)).events.count).toBe(fit);
  });

  test('the database is not opened where no SQL is asked for', async () => {
    const lame = createEventReader({ openDuckDb: () => Promise.reject(new Error('no wasm')) });
    const file = fileOf('a.csv', `${HEADER}u,2024-01-01,x,,,,\n`);
    expect((await lame.read([file], MAPPING, DEFAULT_INTAKE, silentContext)).events.count).toBe(1);
  });
});

test('the arrays can be moved to another thread: each has a buffer of its own', async () => {
  const { events } = await readText(`${HEADER}u,2024-01-01,x,,,1,\n`);
  const arrays = [events.user, events.time, events.text, events.type, events.item, events.label, events.value];
  expect(new Set(arrays.map((a) => a.buffer)).size).toBe(arrays.length);
  for (const a of arrays) expect(a.byteLength).toBe(a.buffer.byteLength);
});
