import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../domain/index.ts';
import { fixture, readTable } from './fixture-files.fixture.ts';
import { bigEndian, dateText, decimalText, floatText, timestampText } from './typed-text.ts';

const read = (name: string) => readTable(name, fixture(name));

/** DuckDB leaves out zeros at the end of a fraction, and writes floats its own way. */
const asDuckDb = (text: string, column: string): string =>
  /^f(32|64)$/.test(column)
    ? String(Number(text.replace('nan', 'NaN').replace('inf', 'Infinity')))
    : text.replace(/(\.\d*?)0+(?=Z?$)/, '$1');

describe('Parquet', () => {
  test('every type comes out as DuckDB, which wrote the file, writes it as text', async () => {
    const { header, rows } = await read('typed.parquet');
    const expected = JSON.parse(new TextDecoder().decode(fixture('typed.json'))) as (string | null)[][];
    expect(header.slice(21, 24)).toEqual(['who.id', 'who.geo.city', 'map']);
    expect(header).toHaveLength(26);
    const timesAndFloats = new Set(['f32', 'f64', 'naive', 'instant', 'ms', 'ns', 'clock']);
    rows.forEach((row, r) => {
      row.forEach((cell, c) => {
        const column = header[c] ?? '';
        const told = expected[r]?.[c] ?? '';
        const same = timesAndFloats.has(column) && told !== '' ? [asDuckDb(cell, column), asDuckDb(told, column)] : [cell, told];
        expect(`${column}: ${same[0]}`).toBe(`${column}: ${same[1]}`);
      });
    });
  });

  test('row groups and batches are read to the end, in order', async () => {
    const { header, rows, lines } = await read('many.parquet');
    expect(header).toEqual(['id', 'user', 'at']);
    expect(rows).toHaveLength(5000);
    rows.forEach((row, i) => {
      const at = new Date(Date.UTC(2024, 0, 1) + i * 60_000).toISOString().slice(0, 19);
      expect(row).toEqual([String(i), `u${(i * 7919) % 97}`, at]);
    });
    expect(lines).toEqual(rows.map((_, i) => i + 1));
  });

  test('all codecs give the same rows', async () => {
    const { rows } = await read('codec.uncompressed.parquet');
    expect(rows).toHaveLength(200);
    for (const codec of ['snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw']) {
      expect((await read(`codec.${codec}.parquet`)).rows).toEqual(rows);
    }
  });

  test('a file without rows has its columns', async () => {
    expect(await read('empty.parquet')).toMatchObject({ header: ['id', 'user', 'at'], rows: [] });
  });

  test('cut off anywhere is refused, naming the file', async () => {
    const whole = fixture('codec.snappy.parquet');
    for (let length = 4; length < whole.length; length += 97) {
      await expect(readTable('cut.parquet', whole.slice(0, length))).rejects.toThrow('cut.parquet');
    }
  });

  test('with bits flipped anywhere it is refused in words, or every row is there', { timeout: 60_000 }, async () => {
    const files = ['codec.snappy.parquet', 'codec.zstd.parquet', 'codec.uncompressed.parquet', 'typed.parquet'].map(fixture);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.nat(), fc.integer({ min: 0, max: 7 }), async (whole, at, bit) => {
        const bytes = whole.slice();
        const place = 4 + (at % (whole.length - 8));
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        const read = await readTable('flipped.parquet', bytes).catch((error: unknown) => error);
        if (read instanceof AppError) expect(read.kind).toBe('input');
        else expect((read as { rows: string[][] }).rows).toHaveLength(whole === files[3] ? 3 : 200);
      }),
      { numRuns: 400 },
    );
  });
});

describe('typed values as text', () => {
  test('a timestamp has the digits it needs, before 1970 too, and Z only where it is an instant', () => {
    expect(timestampText(1_714_979_289_123n, 'milliseconds', true)).toBe('2024-05-06T07:08:09.123Z');
    expect(timestampText(-1n, 'nanoseconds', false)).toBe('1969-12-31T23:59:59.999999999');
    expect(timestampText(-1_500_000n, 'microseconds', false)).toBe('1969-12-31T23:59:58.500');
    expect(timestampText(0, 'seconds', true)).toBe('1970-01-01T00:00:00Z');
    expect(dateText(-719_162)).toBe('0001-01-01');
  });

  test('any millisecond is written as Date writes it', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(new Date(timestampText(BigInt(date.getTime()), 'milliseconds', true)).getTime()).toBe(date.getTime());
      }),
    );
  });

  test('decimals are exact, whatever their length', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 40 }), (unscaled, scale) => {
        const text = decimalText(unscaled, scale);
        expect(text.split('.')[1]?.length ?? 0).toBe(scale);
        expect(BigInt(text.replace('.', ''))).toBe(unscaled);
        expect(text.startsWith('-')).toBe(unscaled < 0n);
      }),
    );
    expect(decimalText(12n, -2)).toBe('1200');
    expect(bigEndian(Uint8Array.from([0xff, 0x38]))).toBe(-200n);
  });

  test('a 32-bit float is written with the digits that make it, and no more', () => {
    expect(floatText(Math.fround(0.1))).toBe('0.1');
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        expect(Math.fround(Number(floatText(value)))).toBe(value + 0);
      }),
    );
  });
});
