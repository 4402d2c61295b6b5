import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError, silentContext } from '../domain/index.ts';
import { expand } from './containers.ts';
import { gunzip } from './gunzip.ts';
import { fileInPieces, fileOf, gzip } from './test-files.fixture.ts';
import { chunksOf } from './unpacking.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const CSV = 'user,time,text\nu1,2024-05-06,hello\n';

async function zip(members: Readonly<Record<string, string | Bytes>>, options: { password?: string } = {}): Promise<Bytes> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
  for (const [name, content] of Object.entries(members)) {
    const reader = typeof content === 'string' ? new TextReader(content) : new Uint8ArrayReader(content);
    await writer.add(name, reader, options);
  }
  return new Uint8Array(await (await writer.close()).arrayBuffer());
}

function concat(...parts: Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const expandBytes = (name: string, bytes: string | Bytes) => expand(fileOf(name, bytes), silentContext);
const textOf = (stream: ReadableStream<Bytes>): Promise<string> => new Response(stream).text();

async function collect(stream: ReadableStream<Bytes>): Promise<Bytes> {
  const parts: Bytes[] = [];
  for await (const bytes of chunksOf(stream)) parts.push(bytes);
  return concat(...parts);
}

describe('a .gz', () => {
  test('is unpacked by its content, whatever its name', async () => {
    const { tables, ignored } = await expandBytes('export.csv', await gzip(CSV));
    expect(tables).toMatchObject([{ name: 'export.csv', format: 'text', packed: 'gzip' }]);
    expect(ignored).toEqual([]);
    for (const table of tables) {
      expect(await textOf(table.stream())).toBe(CSV);
      expect(await (await table.blob()).text()).toBe(CSV);
    }
  });

  test('of several members is read to its end, in chunks of any size', async () => {
    const members = await Promise.all(['a,b\n', '', '1,2\n', '3,4\n'.repeat(5000)].map(gzip));
    for (const size of [1, 2, 3, 7, 65536]) {
      const file = fileInPieces('logs.gz', concat(...members), size);
      const sliced = { ...file, slice: (from: number, to: number) => piecewise(file.slice(from, to), size) };
      expect(await textOf(gunzip(sliced))).toBe(`a,b\n1,2\n${'3,4\n'.repeat(5000)}`);
    }
  });

  test('whose packed bytes hold what looks like the header of a member comes out whole', async () => {
    // Bytes that can't be packed are stored as they are.
    const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 7919 + (i >> 3)) % 251);
    for (const at of [10, 100, 2500, 4990]) noise.set([0x1f, 0x8b, 0x08, 0x00], at);
    const packed = new Blob([noise]).stream().pipeThrough(new CompressionStream('gzip'));
    const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
    expect(await collect(gunzip(fileOf('x.gz', concat(bytes, bytes))))).toEqual(concat(noise, noise));
  });

  test('cut off anywhere is refused', async () => {
    const whole = concat(await gzip(CSV), await gzip(CSV));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: whole.length - 1 }), async (length) => {
        fc.pre(length !== whole.length / 2);
        await expect(textOf(gunzip(fileOf('cut.gz', whole.slice(0, length))))).rejects.toMatchObject({ code: 'gzip-damaged' });
      }),
      { numRuns: 60 },
    );
  });

  test('that unpacks to more than 500 times its size is refused before it fills the memory', async () => {
    const zeros = new Blob(Array.from({ length: 80 }, () => new Uint8Array(1024 * 1024)));
    const packed = await new Response(zeros.stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
    await expect(collect(gunzip(fileOf('bomb.gz', new Uint8Array(packed))))).rejects.toMatchObject({ code: 'unpacks-too-large' });
  });

  test('in a .gz, or around an archive, is refused in words', async () => {
    const twice = await new Response(
      new Blob([await gzip(CSV)]).stream().pipeThrough(new CompressionStream('gzip')),
    ).arrayBuffer();
    await expect(expandBytes('a.gz.gz', new Uint8Array(twice))).rejects.toThrow('archive inside an archive');
  });
});

/** A blob whose stream comes in pieces of `size`. */
function piecewise(blob: Blob, size: number): Blob {
  const cut = new TransformStream<Bytes, Bytes>({
    transform(chunk, controller) {
      for (let at = 0; at < chunk.length; at += size) controller.enqueue(chunk.slice(at, at + size));
    },
  });
  return Object.assign(blob.slice(), { stream: () => blob.stream().pipeThrough(cut) });
}

describe('a .zip', () => {
  test('gives each table in it with the way inside, and tells what is none', async () => {
    const { tables, ignored } = await expandBytes(
      'export.zip',
      await zip({
        'data/ratings.csv': CSV,
        'data/events.jsonl': '{"a":1}\n{"a":2}\n',
        'data/packed.csv.gz': await gzip(CSV),
        'README.md': 'Read me.',
        'logo.png': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0]),
        'empty.csv': '',
        'inner.zip': await zip({ 'a.csv': CSV }),
        '__MACOSX/data/._ratings.csv': 'x',
        '.DS_Store': 'x',
      }),
    );
    expect(tables.map(({ name, format, packed }) => [name, format, packed])).toEqual([
      ['export.zip/data/ratings.csv', 'text', 'zip'],
      ['export.zip/data/events.jsonl', 'jsonl', 'zip'],
      ['export.zip/data/packed.csv.gz', 'text', 'zip'],
    ]);
    expect(ignored.map(({ name, why }) => `${name}: ${why}`)).toEqual([
      'export.zip/README.md: by its name it is a note or a program, and no table',
      'export.zip/logo.png: a PNG image',
      'export.zip/empty.csv: it is empty',
      'export.zip/inner.zip: an archive inside an archive',
    ]);
    for (const table of [tables[0], tables[2]]) {
      expect(table && (await textOf(table.stream()))).toBe(CSV);
      expect(table && (await textOf(table.stream()))).toBe(CSV);
    }
  });

  test('with a password, without a table, or cut off is refused in words', async () => {
    await expect(expandBytes('a.zip', await zip({ 'a.csv': CSV }, { password: 'p' }))).rejects.toMatchObject({
      code: 'zip-encrypted',
    });
    await expect(expandBytes('a.zip', await zip({ 'a.md': 'x' }))).rejects.toThrow('a.md (by its name');
    await expect(expandBytes('a.zip', await zip({}))).rejects.toMatchObject({ code: 'zip-empty' });
    const whole = await zip({ 'a.csv': CSV });
    for (let length = 4; length < whole.length; length += 5) {
      await expect(expandBytes('a.zip', whole.slice(0, length))).rejects.toMatchObject({ kind: 'input' });
    }
  });

  test('with a damaged member keeps the others and tells it', async () => {
    const good = 'good.csv';
    const bytes = await zip({ 'bad.csv': CSV.repeat(3), [good]: CSV });
    const at = 30 + 'bad.csv'.length + 20;
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    const { tables, ignored } = await expandBytes('a.zip', bytes);
    expect(tables.map(({ name }) => name)).toEqual(['a.zip/good.csv']);
    expect(ignored).toMatchObject([{ name: 'a.zip/bad.csv' }]);
  });

  test('with any byte flipped is refused in words, or its tables are read or refused in words', async () => {
    const whole = await zip({ 'a.csv': CSV.repeat(20), 'b.jsonl': '{"a":1}\n'.repeat(20) });
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const bytes = whole.slice();
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const failure = await readWhole(bytes).catch((error: unknown) => error);
        if (failure !== undefined) expect(failure).toBeInstanceOf(AppError);
      }),
      { numRuns: 150 },
    );
  });
});

async function readWhole(bytes: Bytes): Promise<void> {
  for (const table of (await expandBytes('a.zip', bytes)).tables) await collect(table.stream());
}

test('a file that is no table is named for what it is', async () => {
  const found = async (bytes: Bytes): Promise<string> => String(await expandBytes('x', bytes).catch((e: Error) => e.message));
  const ascii = (text: string): Bytes => Uint8Array.from(text, (c) => c.charCodeAt(0));
  expect(await found(ascii('%PDF-1.7 ...'))).toContain('a PDF document');
  expect(await found(ascii('SQLite format 3\0....'))).toContain('an SQLite database');
  expect(await found(Uint8Array.from([1, 0, 2, 0, 0, 3, 0, 0]))).toContain('a binary file');
  expect(await found(await zip({ 'xl/workbook.bin': 'x' }))).toContain('.xlsb');
  const model = { 'tiny/config.json': '{}', 'tiny/tokenizer.json': '{"model": {}}', 'tiny/onnx/model.onnx': '\u0008' };
  expect(await found(await zip(model))).toContain('a sentence model');
  const weights = expandBytes('model.onnx', Uint8Array.from([8, 7, 18, 0, 0, 0, 0, 1]));
  await expect(weights).rejects.toMatchObject({
    message: expect.stringContaining('a sentence model'),
    hint: expect.stringContaining('"Model"'),
  });
  expect(await found(new Uint8Array(0))).toContain('empty');
});
