import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { AppError, type ByteSource, CancelledError, silentContext } from '../domain/index.ts';
import { fileInPieces, fileOf, gzip, look, lookAt } from './test-files.fixture.ts';

const SMALL = 'user_id,time,text\nu1,2024-01-01,red\nu2,2024-01-02,green\n';
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe('the form of a file is found', () => {
  test('a plain CSV: hash, header, rows, count', async () => {
    const preview = await look('a.csv', SMALL);
    expect(preview).toMatchObject({
      name: 'a.csv',
      size: SMALL.length,
      form: { packed: null, encoding: 'utf-8', dialect: { delimiter: ',' } },
      header: ['user_id', 'time', 'text'],
      rowCount: 2,
    });
    expect(preview.sha256).toBe(bytesToHex(sha256(utf8(SMALL))));
    expect(preview.rows[1]).toEqual(['u2', '2024-01-02', 'green']);
  });

  test('a .gz by its bytes, whatever its name; the hash is that of the packed file', async () => {
    const packed = await gzip(SMALL);
    const preview = await look('a.csv', packed);
    expect(preview).toMatchObject({ form: { packed: 'gzip' }, rowCount: 2, size: packed.length });
    expect(preview.sha256).toBe(bytesToHex(sha256(packed)));
  });

  test('a file that comes byte by byte is the same file', async () => {
    const text = 'id;ort\n1;Zürich\n2;"São\nPaulo 😀"\n';
    const whole = await look('a.csv', text);
    expect(await lookAt(fileInPieces('a.csv', utf8(text), 1))).toEqual(whole);
    expect(whole.rows).toEqual([
      ['1', 'Zürich'],
      ['2', 'São\nPaulo 😀'],
    ]);
  });

  test.each([
    [',', 'a,b\n"x;y;z",1\n"p;q;r",2\n'],
    [';', 'a;b;c\n1,5;2,5;x\n3,5;4,5;y\n'],
    ['\t', 'a\tb\n1,2\t3|4\n5,6\t7|8\n'],
    ['|', 'a|b|c\n1|x, y|2\n3|p, q|4\n'],
    [',', 'movie,genres\n1,Comedy|Drama\n2,Drama\n3,A|B|C\n'],
  ])('delimiter %j', async (delimiter, text) => {
    expect((await look('a.csv', text)).form.dialect?.delimiter).toBe(delimiter);
  });

  test('names of columns are never empty and never twice the same', async () => {
    expect((await look('a.csv', ',x,x\n1,2,3\n')).header).toEqual(['column 1', 'x', 'x (2)']);
  });
});

describe('the encoding is that of the whole file', () => {
  const late = (tail: number[]): Uint8Array<ArrayBuffer> =>
    Uint8Array.from([...utf8('id,name\n'), ...utf8('1,plain\n'.repeat(40_000)), ...utf8('2,'), ...tail, 10]);

  test('UTF-8 whose first other character comes late', async () => {
    expect((await look('a.csv', late([0xc3, 0xa9]))).form.encoding).toBe('utf-8');
  });

  test('Windows-1252 whose first other character comes late', async () => {
    expect((await look('a.csv', late([0xe9]))).form.encoding).toBe('windows-1252');
  });

  test('the characters of Windows-1252 that Latin-1 lacks', async () => {
    const preview = await look('a.csv', Uint8Array.from([...utf8('id,price\n1,'), 0x80, 10]));
    expect(preview.rows).toEqual([['1', '€']]);
  });

  test.each(['utf-16le', 'utf-16be'])('%s by its mark', async (encoding) => {
    const units = Uint16Array.from(`\ufeffid,name\n1,Zoë 字\n`, (c) => c.charCodeAt(0));
    const bytes = new Uint8Array(units.length * 2);
    units.forEach((u, i) => {
      new DataView(bytes.buffer).setUint16(i * 2, u, encoding === 'utf-16le');
    });
    const preview = await look('a.csv', bytes);
    expect(preview).toMatchObject({ form: { encoding }, header: ['id', 'name'], rows: [['1', 'Zoë 字']] });
  });

  test('a UTF-8 mark is no part of the first name', async () => {
    expect((await look('a.csv', `\ufeff${SMALL}`)).header[0]).toBe('user_id');
  });
});

test('columns are judged over the whole file: the day that tells month from day comes late', async () => {
  const rows = Array.from(
    { length: 30_000 },
    (_, i) => `u${i % 50},${1 + Math.floor(i / 3_000)}/${1 + (Math.floor(i / 150) % 20)}/2011,x`,
  );
  const head = new Array<string>(10_000).fill('u1,3/4/2011,x');
  const preview = await look('a.csv', `user,date,text\n${[...head, ...rows].join('\n')}\n`);
  expect(preview.columns[1]).toMatchObject({ kind: 'time', timeFormat: 'mdy', timeAmbiguous: false });
  expect(preview.columns[1]?.sampled).toBeGreaterThanOrEqual(2000);
});

test('one date among 60,000 tells day from month, wherever it stands', async () => {
  for (const at of [0, 1, 31_001, 59_999]) {
    const rows = Array.from({ length: 60_000 }, (_, i) => `u${i % 50},${i === at ? '25/4/2011' : '3/4/2011'},x`);
    const preview = await look('a.csv', `user,date,text\n${rows.join('\n')}\n`);
    expect(preview.columns[1]).toMatchObject({ timeFormat: 'dmy', timeAmbiguous: false });
    expect(preview.columns[1]?.dateOrder).toMatchObject({ dayFirst: 1, monthFirst: 0, dayFirstExamples: ['25/4/2011'] });
  }
});

describe('bad input is told in the words of its owner, with the name of the file', () => {
  const magic = (...bytes: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from([...bytes, ...new Array<number>(64).fill(7)]);
  test.each<[string, string | Uint8Array<ArrayBuffer>, string, RegExp]>([
    ['nothing in it', '', 'file-empty', /bad\.csv is empty/],
    ['blank lines only', '\n\r\n  \n', 'file-empty', /bad\.csv is empty/],
    ['a header only', 'user,time,text\n', 'header-only', /bad\.csv has a header line \(user, time, text\) and no rows/],
    ['a PNG', magic(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), 'not-a-table', /bad\.csv .* PNG image/],
    ['a ZIP that is cut off', magic(0x50, 0x4b, 3, 4), 'zip-damaged', /archive is cut off/],
    ['bytes with NUL', Uint8Array.of(65, 66, 0, 67, 10, 1, 2, 3), 'not-a-table', /binary file/],
  ])('%s', async (_, content, code, message) => {
    const error = await look('bad.csv', content).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ kind: 'input', code });
    expect((error as AppError).message).toMatch(message);
    expect((error as AppError).hint).not.toBe('');
  });

  test('a .gz that is cut off', async () => {
    const packed = await gzip(SMALL.repeat(500));
    await expect(look('bad.csv.gz', packed.slice(0, packed.length - 12))).rejects.toMatchObject({
      kind: 'input',
      code: 'gzip-damaged',
    });
  });

  test('a .gz with a flipped byte', async () => {
    const packed = await gzip(SMALL.repeat(500));
    packed[packed.length - 5] = (packed[packed.length - 5] ?? 0) ^ 0xff;
    await expect(look('bad.csv.gz', packed)).rejects.toMatchObject({ kind: 'input', code: 'gzip-damaged' });
  });

  test('a file that can no longer be read', async () => {
    const gone: ByteSource = {
      name: 'gone.csv',
      size: 10,
      slice: () => new Blob([SMALL]),
      stream: () => new ReadableStream({ pull: () => Promise.reject(new Error('the disk was removed')) }),
    };
    await expect(lookAt(gone)).rejects.toMatchObject({
      kind: 'input',
      code: 'file-unreadable',
      message: expect.stringMatching(/gone\.csv .*disk was removed/),
    });
  });

  test('a line of 200 MB ends soon, without being read to its end', async () => {
    const block = new Uint8Array(1024 * 1024).fill(120);
    let given = 0;
    const endless: ByteSource = {
      name: 'long.csv',
      size: 200 * block.length,
      slice: () => new Blob([SMALL]),
      stream: () => {
        let left = 200;
        return new ReadableStream({
          pull(controller) {
            if (left === 200) controller.enqueue(utf8(SMALL));
            if (left-- === 0) return controller.close();
            given++;
            controller.enqueue(block.slice());
          },
        });
      },
    };
    await expect(lookAt(endless)).rejects.toMatchObject({
      code: 'line-too-long',
      message: expect.stringMatching(/long\.csv, line 4: /),
    });
    expect(given).toBeLessThan(20);
  });
});

test('P7 a cancelled look ends at the next checkpoint and closes the file', async () => {
  let closed = false;
  const source: ByteSource = {
    name: 'a.csv',
    size: 1e9,
    slice: () => new Blob([SMALL]),
    stream: () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(utf8(SMALL)),
        cancel: () => {
          closed = true;
        },
      }),
  };
  let checkpoints = 0;
  const checkpoint = (): Promise<void> => (++checkpoints === 5 ? Promise.reject(new CancelledError()) : Promise.resolve());
  await expect(lookAt(source, { progress: () => {}, checkpoint })).rejects.toBeInstanceOf(CancelledError);
  expect(closed).toBe(true);
});

test('P7 progress is told in bytes of the file and ends at its size', async () => {
  const told: number[] = [];
  await lookAt(fileOf('a.csv', SMALL), { ...silentContext, progress: (done, total) => told.push(done / total) });
  expect(told.at(-1)).toBe(1);
  expect([...told].sort((a, b) => a - b)).toEqual(told);
});

test('a column of row numbers that the header has no cell for, as R writes it, is a column without a name', async () => {
  const preview = await look('a.csv', '"user","score"\n"1","ann",5\n"2","bo",7\n"3","cy",9\n');
  expect(preview.header).toEqual(['column 1', 'user', 'score']);
  expect(preview.columns[0]?.kind).toBe('index');
  expect(preview.rowCount).toBe(3);
});
