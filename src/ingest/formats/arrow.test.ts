import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../domain/index.ts';
import { fixture, readTable } from './fixture-files.fixture.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const POLARS_ROWS = [
  ['1', 'a', '1.5', '2024-02-29T00:00:00', 'x'],
  ['9007199254740993', 'é日😀', '', '', 'y'],
  ['', '', '0.1', '1969-12-31T23:59:59.999', 'x'],
];

const bytesOf = (table: arrow.Table, kind: 'file' | 'stream'): Bytes => arrow.tableToIPC(table, kind).slice();

describe('Arrow', () => {
  test('a stream as Polars writes it is read, plain, with LZ4 and with Zstandard', async () => {
    for (const codec of ['uncompressed', 'lz4', 'zstd']) {
      const { header, rows, form } = await readTable('a.arrows', fixture(`polars.${codec}.arrows`));
      expect(form.format).toBe('arrow');
      expect(header).toEqual(['id', 'text', 'price', 'day', 'kind']);
      expect(rows).toEqual(POLARS_ROWS);
    }
  });

  test('string views, which are not read, are refused with how to export without them', async () => {
    await expect(readTable('views.arrow', fixture('views.arrow'))).rejects.toMatchObject({ code: 'arrow-type-unread' });
  });

  test('values keep all their digits, and timestamps the mark of their zone', async () => {
    const micros = new arrow.TimestampMicrosecond();
    const zoned = new arrow.TimestampNanosecond('Europe/Berlin');
    const fields = [
      ['us', arrow.makeData({ type: micros, length: 2, data: BigInt64Array.of(1714979289123457n, -1n) })],
      ['ns', arrow.makeData({ type: zoned, length: 2, data: BigInt64Array.of(1714979289123456789n, 0n) })],
      [
        'd',
        arrow.makeData({
          type: new arrow.Decimal(2, 38, 128),
          length: 2,
          data: Uint32Array.of(12345, 0, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff),
        }),
      ],
      ['day', arrow.makeData({ type: new arrow.DateDay(), length: 2, data: Int32Array.of(19782, -1) })],
      ['f', arrow.makeData({ type: new arrow.Float32(), length: 2, data: Float32Array.of(0.1, 2) })],
    ] as const;
    const columns = Object.fromEntries(fields.map(([name, data]) => [name, new arrow.Vector([data as arrow.Data])]));
    const { rows } = await readTable('a.arrow', bytesOf(new arrow.Table(columns), 'file'));
    expect(rows).toEqual([
      ['2024-05-06T07:08:09.123457', '2024-05-06T07:08:09.123456789Z', '123.45', '2024-02-29', '0.1'],
      ['1969-12-31T23:59:59.999999', '1970-01-01T00:00:00Z', '-0.01', '1969-12-31', '2'],
    ]);
  });

  test('structs give dotted columns, lists and maps cells as in JSON, dictionaries their words', async () => {
    const values = [
      { who: { id: 1n, city: 'Ulm' }, tags: ['a', 'b'], kind: 'x' },
      { who: null, tags: null, kind: 'y' },
      { who: { id: null, city: 'x' }, tags: ['p|q'], kind: 'x' },
    ];
    const who = new arrow.Struct([
      new arrow.Field('id', new arrow.Int64(), true),
      new arrow.Field('city', new arrow.Utf8(), true),
    ]);
    const tags = new arrow.List(new arrow.Field('item', new arrow.Utf8(), true));
    const table = new arrow.Table({
      who: arrow.vectorFromArray(
        values.map((v) => v.who),
        who,
      ),
      tags: arrow.vectorFromArray(
        values.map((v) => v.tags),
        tags,
      ),
      kind: arrow.vectorFromArray(
        values.map((v) => v.kind),
        new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
      ),
    });
    for (const kind of ['file', 'stream'] as const) {
      const { header, rows } = await readTable('a.arrow', bytesOf(table, kind));
      expect(header).toEqual(['who.id', 'who.city', 'tags', 'kind']);
      expect(rows).toEqual([
        ['1', 'Ulm', 'a|b', 'x'],
        ['', '', '', 'y'],
        ['', 'x', '["p|q"]', 'x'],
      ]);
    }
  });

  test('record batches are read to the end, in order', async () => {
    const part = (from: number, count: number) =>
      arrow.tableFromArrays({ n: Int32Array.from({ length: count }, (_, i) => from + i) });
    const table = part(0, 3000).concat(part(3000, 1), part(3001, 6000));
    const { rows, lines } = await readTable('a.arrow', bytesOf(table, 'stream'));
    expect(rows.map(([n]) => Number(n))).toEqual(Array.from({ length: 9001 }, (_, i) => i));
    expect(lines).toEqual(Array.from({ length: 9001 }, (_, i) => i + 1));
  });

  test('a table without rows has its columns', async () => {
    const table = new arrow.Table(new arrow.Schema([new arrow.Field('a', new arrow.Utf8())]));
    expect(await readTable('a.arrow', bytesOf(table, 'file'))).toMatchObject({ header: ['a'], rows: [] });
  });

  test('a file cut off anywhere is refused, naming it', async () => {
    const whole = bytesOf(
      arrow.tableFromArrays({ n: Int32Array.from({ length: 50 }, (_, i) => i), t: Array.from({ length: 50 }, String) }),
      'file',
    );
    for (let length = 8; length < whole.length; length += 13) {
      await expect(readTable('cut.arrow', whole.slice(0, length))).rejects.toThrow('cut.arrow');
    }
  });

  test('with bits flipped anywhere it is refused in words, or every row is there', { timeout: 60_000 }, async () => {
    const files = ['uncompressed', 'lz4', 'zstd'].map((codec) => fixture(`polars.${codec}.arrows`));
    const flip = fc.record({
      file: fc.nat({ max: 2 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      bit: fc.nat({ max: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(flip, async ({ file, share, bit }) => {
        const bytes = (files[file] as Bytes).slice();
        const place = 12 + Math.floor(share * (bytes.length - 13));
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        const read = await readTable('flipped.arrow', bytes).catch((error: unknown) => error);
        if (read instanceof AppError) expect(read.kind).toBe('input');
        else expect((read as { rows: string[][] }).rows).toHaveLength(3);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });
});
