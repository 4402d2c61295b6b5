import { describe, expect, test } from 'vitest';
import { AppError, CancelledError, silentContext } from '../../domain/index.ts';
import { detect, tableOf } from './form.fixture.ts';
import { detectForm } from './index.ts';

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const magic = (...bytes: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from([...bytes, ...new Array<number>(64).fill(7)]);

describe('what is no table of text is refused by its name, in words', () => {
  test.each<[string, string | Uint8Array<ArrayBuffer>, string, RegExp]>([
    ['nothing', '', 'file-empty', /a\.csv is empty/],
    ['blank lines only', '\n\r\n  \n', 'file-empty', /a\.csv is empty/],
    ['a byte order mark only', '\ufeff', 'file-empty', /a\.csv is empty/],
    ['a PNG', magic(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), 'not-a-table', /PNG image/],
    ['a JPEG', magic(0xff, 0xd8, 0xff), 'not-a-table', /JPEG image/],
    ['a PDF', '%PDF-1.7\n%\u00e2\n', 'not-a-table', /PDF document/],
    ['SQLite', 'SQLite format 3\0....', 'not-a-table', /SQLite/],
    ['an .xls', magic(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1), 'not-a-table', /old Excel/],
    ['bzip2', 'BZh91AY&SY', 'not-a-table', /bzip2/],
    ['xz', magic(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 'not-a-table', /xz/],
    ['7z', magic(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), 'not-a-table', /7-Zip/],
    ['Zstandard', magic(0x28, 0xb5, 0x2f, 0xfd), 'not-a-table', /Zstandard/],
    ['bytes with NUL', Uint8Array.of(65, 66, 0, 67, 10, 1, 2, 3), 'not-a-table', /binary file/],
    ['16-bit numbers', Uint8Array.from({ length: 4000 }, (_, i) => (i % 2 ? 0 : (i * 7) % 256)), 'not-a-table', /binary file/],
    [
      'random bytes',
      Uint8Array.from({ length: 4000 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24),
      'not-a-table',
      /binary file/,
    ],
  ])('%s', async (_, content, code, message) => {
    const error = await detect(content).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ kind: 'input', code, message: expect.stringMatching(message) });
    expect((error as AppError).hint).not.toBe('');
  });

  test.each([1, 3, 64 * 1024, 20 * 1024 * 1024])('a line that does not end, in pieces of %i', async (pieces) => {
    const head = utf8('user,text\nu1,a\n');
    const bytes = new Uint8Array(pieces < 10 ? 100 : 9 * 1024 * 1024).fill(120);
    bytes.set(head);
    if (pieces < 10) return expect((await detect(bytes, {}, pieces)).form.dialect?.delimiter).toBe(',');
    await expect(detect(bytes, {}, pieces)).rejects.toMatchObject({
      code: 'line-too-long',
      message: expect.stringMatching(/a\.csv, line 3: /),
    });
  });

  test('a file that can no longer be read', async () => {
    const stream = () => new ReadableStream({ pull: () => Promise.reject(new Error('the disk was removed')) });
    await expect(detectForm({ ...tableOf(''), stream }, {}, silentContext, () => {})).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringMatching(/disk was removed/),
    });
  });
});

test('P7 cancelling ends the look at the next checkpoint and closes the file', async () => {
  let closed = false;
  const stream = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(utf8('a,b\n1,2\n')),
      cancel: () => {
        closed = true;
      },
    });
  let checkpoints = 0;
  const checkpoint = () => (++checkpoints === 5 ? Promise.reject(new CancelledError()) : Promise.resolve());
  const ctx = { progress: () => {}, checkpoint };
  await expect(detectForm({ ...tableOf(''), stream }, {}, ctx, () => {})).rejects.toBeInstanceOf(CancelledError);
  expect(closed).toBe(true);
});

test('all bytes are shown once and in order, to be hashed', async () => {
  const bytes = utf8('user,text\nu1,a\n'.repeat(10_000));
  const seen: number[] = [];
  await detectForm(tableOf(bytes, 1000), {}, silentContext, (chunk) => seen.push(...chunk));
  expect(Uint8Array.from(seen)).toEqual(bytes);
});
