import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashBytes, second } from './hash.ts';
import { Interner } from './intern.ts';
import { numberParser } from './numbers.ts';
import { plainDigits, plainIso, plainNumber } from './plain.ts';
import { timeParser } from './time.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(`,${text},`);
const of = (read: (bytes: Uint8Array, from: number, to: number) => number, text: string): number => {
  const bytes = bytesOf(text);
  return read(bytes, 1, bytes.length - 1);
};

/** NaN leaves a text to its parser; whatever else comes must be what the parser says. */
const agrees = (found: number, parsed: number): boolean => Number.isNaN(found) || Object.is(found, parsed);

const digit = fc.nat({ max: 9 }).map(String);
const near = (shape: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      ...[...shape].map((c) =>
        c === '0' ? digit : fc.oneof({ weight: 20, arbitrary: fc.constant(c) }, fc.constantFrom('', ' ', '-', '.')),
      ),
    )
    .map((parts) => parts.join(''));
const real = fc
  .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

test.each([
  '0000-00-00T00:00:00.000Z',
  '0000-00-00 00:00:00',
  '0000-00-00',
  '2024-02-00T24:00:00Z',
  '1900-02-29',
  '2000-02-29T23:59:60',
])('times like %s are read from bytes as their parser reads them, or left to it', (shape) => {
  const parse = timeParser('iso');
  const reads = (text: string): boolean =>
    agrees(
      of((b, f, t) => plainIso(b, f, t, true), text),
      parse(text),
    );
  expect(reads(shape)).toBe(true);
  fc.assert(fc.property(near(shape), reads), { numRuns: 500 });
});

test('times as toISOString writes them are all read from bytes', () => {
  fc.assert(
    fc.property(real, (text) => of((b, f, t) => plainIso(b, f, t, false), text) === Date.parse(text)),
    { numRuns: 1000 },
  );
});

test('a time without a zone is left to the parser where it is not of UTC', () => {
  expect(of((b, f, t) => plainIso(b, f, t, false), '2024-05-06 07:08:09')).toBeNaN();
});

test('numbers are read from bytes as their parser reads them, or left to it', () => {
  const parse = numberParser('.');
  const text = fc.oneof(
    fc.stringMatching(/^[+-]?\d{0,17}\.?\d{0,17}$/),
    fc.double().map(String),
    fc.integer({ min: -1e6, max: 1e6 }).map((n) => (n / 100).toFixed(2)),
    fc.string({ unit: fc.constantFrom('0', '1', '.', '-', ' ', 'e', ',') }),
  );
  fc.assert(
    fc.property(text, (t) => agrees(of(plainNumber, t), parse(t))),
    { numRuns: 3000 },
  );
});

test.each(['0', '-0', '-12.50', '499.99', '123456789012345'])('%s is read from bytes', (text) => {
  expect(of(plainNumber, text)).toBe(Number(text) + 0);
});

test.each([
  ['unix-seconds', 11, 1000],
  ['unix-milliseconds', 14, 1],
] as const)('%s are read from bytes as their parser reads them, or left to it', (format, most, factor) => {
  const parse = timeParser(format);
  fc.assert(
    fc.property(fc.stringMatching(/^-?\d{0,17}$/), (t) =>
      agrees(
        of((b, f, to) => plainDigits(b, f, to, most) * factor, t),
        parse(t),
      ),
    ),
    { numRuns: 1000 },
  );
});

test('64 bits of hash tell half a million short texts apart, and 32 bits collide no more than chance has it', () => {
  const count = 500_000;
  const [pairs, first, other] = [new Set<string>(), new Set<number>(), new Set<number>()];
  for (let i = 0; i < count; i++) {
    const bytes = new TextEncoder().encode(`u${i.toString(36)}-${i % 7}`);
    const a = hashBytes(bytes, 0, bytes.length);
    first.add(a);
    other.add(second.hash);
    pairs.add(`${a} ${second.hash}`);
  }
  expect(pairs.size).toBe(count);
  // Expected: n^2 / 2^33 = 29 collisions.
  expect(count - first.size).toBeLessThan(60);
  expect(count - other.size).toBeLessThan(60);
});

test('an interner gives equal bytes one id, in the order of first occurrence, whatever their hashes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 4 }), { maxLength: 300, size: 'max' }),
      fc.constantFrom(0, 0xff, -1),
      (words, mask) => {
        const interner = new Interner(2);
        const ids = words.map((word) => {
          const bytes = new TextEncoder().encode(word);
          return interner.add(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length) & mask);
        });
        const distinct = [...new Set(words)];
        expect(ids).toEqual(words.map((word) => distinct.indexOf(word)));
        expect(interner.decode(Uint32Array.from(distinct.keys()))).toEqual(distinct);
      },
    ),
  );
});
