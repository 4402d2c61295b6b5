import { existsSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Folder, runCli, temporaryFolder } from './process.fixture.ts';

const TIMEOUT = 60_000;

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const HEADER = 'user_id,timestamp,title\n';
const line = (user: string, day: number, title = 'Baking Bread'): string =>
  `${user},2024-01-${String(day).padStart(2, '0')}T10:00:00Z,${title}\n`;
const USERS = ['ann', 'bob', 'cid', 'dan', 'eve'];
const GOOD = HEADER + USERS.flatMap((user) => [1, 2, 3, 32 - 20].map((day) => line(user, day))).join('');
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const binary = (head: string, length = 3000): Buffer =>
  Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7) % 256))]);

interface Case {
  readonly what: string;
  readonly content?: string | Uint8Array;
  readonly name?: string;
  readonly args?: readonly string[];
  /** What was found, and what to do. */
  readonly says: readonly RegExp[];
}

const EXPORT = /Export the table as CSV, JSON Lines, Parquet or \.xlsx/;
const CASES: readonly Case[] = [
  { what: 'an empty file', content: '', says: [/data\.csv is empty/, /Choose a file/] },
  { what: 'a file of blanks', content: '\n \n\n', says: [/data\.csv is empty/, /Choose/] },
  {
    what: 'a header only',
    content: HEADER,
    says: [/header line \(user_id, timestamp, title\) and no rows/, /Check that the export/],
  },
  { what: 'a binary file', content: binary(''), says: [/binary file/, EXPORT] },
  { what: 'a PNG', content: binary('\x89PNG\r\n\x1a\n'), says: [/PNG image/, EXPORT] },
  { what: 'a ZIP', content: binary('PK\x03\x04'), says: [/archive is cut off or damaged/, /Copy or download/] },
  { what: 'a damaged Parquet file', content: binary('PAR1'), says: [/can't be read as a Parquet file/, /./] },
  {
    what: 'UTF-16 without a mark that ends in half a character',
    content: utf16(HEADER).subarray(0, -1),
    says: [/header line/, /Check/],
  },
  {
    what: 'a damaged .gz',
    name: 'data.csv.gz',
    content: gzipSync(GOOD).subarray(0, 60),
    says: [/\.gz file.* cut off or damaged/, /again/],
  },
  { what: 'no time column', content: 'user_id,title\nann,Tea\nbob,Bread\n', says: [/no time column/, /--map time=COL/] },
  {
    what: 'no user column',
    content: 'timestamp,title\n2024-01-01,Tea for two\n2024-01-02,Bread\n',
    says: [/no user column/, /--map user=COL/],
  },
  {
    what: 'no text column',
    content: 'user_id,timestamp\nann,2024-01-01\nbob,2024-01-02\n',
    says: [/no text column/, /--map text=COL/],
  },
  {
    what: 'times that cannot be read',
    content: `${HEADER}ann,soon,Tea\nbob,later,Bread\n`,
    says: [/"timestamp" sounds like one, .*soon/, /--map time=COL/],
  },
  {
    what: 'the same, the column named',
    content: `${HEADER}ann,soon,Tea\nbob,later,Bread\n`,
    args: ['--map', 'user=user_id,time=timestamp,text=title'],
    says: [/no row with a valid time in "timestamp"/, /another time column/],
  },
  {
    what: 'one user',
    content: HEADER + [1, 2, 3, 4].map((day) => line('ann', day)).join(''),
    says: [/All 4 events belong to one user \("ann"\)/, /user column/],
  },
  {
    what: 'only thin users',
    content: HEADER + USERS.map((user) => line(user, 1)).join(''),
    says: [/No user has 3 or more events/, /longer windows/],
  },
  {
    what: 'a column that is not there',
    content: GOOD,
    args: ['--map', 'text=subject'],
    says: [/no column "subject".*user_id, timestamp, title/, /Choose another column/],
  },
  {
    what: 'a label column that is not there',
    content: GOOD,
    args: ['--label', 'persona'],
    says: [/no column "persona".*user_id, timestamp, title/, /Choose another column/],
  },
  {
    what: 'the label column named twice',
    content: GOOD,
    args: ['--label', 'title', '--map', 'label=title'],
    says: [/named twice: --label title and --map label=title/, /--help/],
  },
  {
    what: 'more segments than users',
    content: GOOD,
    args: ['--k', '6'],
    says: [/6 segments were asked for.* 5 users/, /at most 5/],
  },
  { what: 'an unknown option', content: GOOD, args: ['--colour'], says: [/--colour/, /--help/] },
  { what: 'an unknown window', content: GOOD, args: ['--windows', 'fortnight'], says: [/fortnight/, /month/] },
  {
    what: 'a manifest that is not there',
    content: GOOD,
    args: ['--manifest', 'nowhere.json'],
    says: [/nowhere\.json cannot be read/, /Check the path/],
  },
];

describe('the user`s mistake: exit code 1, one clear line, nothing written', () => {
  const check = async (args: readonly string[], says: readonly RegExp[]): Promise<void> => {
    const out = folder.path('out');
    const run = await runCli([...args, '--out', out], { timeout: TIMEOUT });
    expect(run.told, run.stderr).toHaveLength(1);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    for (const part of says) expect(run.stderr).toMatch(part);
    expect(existsSync(out)).toBe(false);
  };

  test.each(CASES)('$what', { timeout: TIMEOUT }, async ({ content = '', name = 'data.csv', args = [], says }) => {
    await check([await folder.write(name, content), ...args], says);
  });

  test('no such file', () => check([folder.path('nowhere.csv')], [/no file .*nowhere\.csv/, /Check the path/]));

  test('a folder without files', async () => {
    await mkdir(folder.path('nothing/inside'), { recursive: true });
    await check([folder.path('nothing')], [/nothing is a folder without files/]);
  });

  test('one bad file among good ones is named', async () => {
    const files = [await folder.write('good.csv', GOOD), await folder.write('empty.csv', '')];
    await check(files, [/empty\.csv is empty/]);
  });

  test.each([
    ['no JSON', 'user,time\n', /not valid JSON/],
    ['a wrong type', '{"manifest":1,"files":[],"mapping":{},"settings":{}}', /mapping\.text is not a list/],
    ['another version', '{"manifest":2}', /"manifest" version is 2/],
  ])('a damaged manifest: %s', async (_, content, found) => {
    const manifest = await folder.write('broken.json', content);
    await check(
      [await folder.write('data.csv', GOOD), '--manifest', manifest],
      [/broken\.json: /, found, /Name a manifest\.json/],
    );
  });

  test('no --out', async () => {
    const run = await runCli([await folder.write('data.csv', GOOD)]);
    expect(run).toMatchObject({ code: 1, told: [expect.stringMatching(/--out DIR is missing.*--help/)] });
  });

  test('an --out that cannot be a folder is refused before the work', async () => {
    const file = await folder.write('data.csv', GOOD);
    const run = await runCli([file, '--out', `${file}/below`]);
    expect(run).toMatchObject({ code: 1, told: [expect.stringMatching(/data\.csv is a file\. Name another folder with --out/)] });
    expect(run.seconds).toBeLessThan(20);
  });

  test('a line of 200 MB', { timeout: TIMEOUT }, async () => {
    const path = folder.path('long.csv');
    await writeLongLine(path, 200);
    try {
      await check([path], [/long\.csv, line 2: a line .* more than 8 MB/, /Mend that line/]);
    } finally {
      await rm(path);
    }
  });
});

async function writeLongLine(path: string, megabytes: number): Promise<void> {
  const file = await open(path, 'w');
  const chunk = Buffer.alloc(1 << 20, 'x');
  await file.write(`${HEADER}ann,2024-01-01,`);
  for (let i = 0; i < megabytes; i++) await file.write(chunk);
  await file.close();
}

test('bytes that are no UTF-8 are read as Windows-1252, and that is said', { timeout: 180_000 }, async () => {
  const file = await folder.write('latin.csv', Buffer.from(GOOD.replaceAll('Bread', 'Brötchen'), 'latin1'));
  const run = await runCli([file, '--k', '1', '--out', folder.path('latin')], { timeout: 180_000 });
  expect(run.code).toBe(0);
  expect(run.stderr).toMatch(/latin\.csv is not UTF-8; it is read as Windows-1252/);
});

test('our mistake: exit code 2 and the details to report', { timeout: TIMEOUT }, async () => {
  // A folder without the packages that the built-in model is made from: a broken installation.
  const run = await runCli([await folder.write('data.csv', GOOD), '--out', folder.path('out')], { cwd: folder.path('.') });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.told[0]).toMatch(/Something went wrong inside Murmuration: .*model-embeddings-en.* Please report this/);
  expect(run.told.length).toBeGreaterThan(1);
  expect(existsSync(folder.path('out'))).toBe(false);
});
