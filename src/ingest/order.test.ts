import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareCodePoints, type EventTable, NO_ID, silentContext } from '../domain/index.ts';
import type { Cleaned, Draft, Words } from './draft.ts';
import { orderEvents } from './order.ts';
import { sortWords } from './sort-words.ts';

interface Row {
  readonly user: string;
  readonly time: number;
  readonly text: string;
  readonly type: string | null;
  readonly item: string | null;
  readonly label: string | null;
  readonly value: number;
  /** Of two columns. */
  readonly numbers: readonly [number, number];
  readonly keep: boolean;
}

function wordsOf(values: readonly (string | null)[]): Words {
  const words = [...new Set(values.filter((v) => v !== null))];
  return { words, id: Uint32Array.from(values, (v) => (v === null ? NO_ID : words.indexOf(v))) };
}

function draftOf(rows: readonly Row[]): { draft: Draft; cleaned: Cleaned } {
  const text = wordsOf(rows.map((r) => r.text));
  const value = Float64Array.from(rows, (r) => r.value);
  const draft: Draft = {
    count: rows.length,
    user: wordsOf(rows.map((r) => r.user)),
    time: Float64Array.from(rows, (r) => r.time),
    text,
    type: wordsOf(rows.map((r) => r.type)),
    item: wordsOf(rows.map((r) => r.item)),
    label: wordsOf(rows.map((r) => r.label)),
    value,
    table: new Uint16Array(rows.length),
    line: new Uint32Array(rows.length),
    hashA: new Uint32Array(rows.length),
    hashB: new Uint32Array(rows.length),
    numbers: new Map(),
    columns: new Map(),
  };
  const keep = Uint8Array.from(rows, (r) => (r.keep ? 1 : 0));
  const numbers = ['first', 'second'].map((name, i) => ({
    name,
    values: Float64Array.from(rows, (r) => r.numbers[i] as number),
  }));
  return { draft, cleaned: { keep, why: new Uint16Array(rows.length), reasons: [], touched: [], text, value, numbers } };
}

/** The slow, obvious way: strings compared by their code points, one after the other. */
function plainly(rows: readonly Row[]): unknown[] {
  const byNumber = (a: number, b: number): number =>
    Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;
  const optional = (a: string | null, b: string | null): number =>
    a === null || b === null ? Number(a === null) - Number(b === null) : compareCodePoints(a, b);
  const kept = rows.filter((r) => r.keep);
  kept.sort(
    (a, b) =>
      compareCodePoints(a.user, b.user) ||
      a.time - b.time ||
      [...a.text].length - [...b.text].length ||
      compareCodePoints(a.text, b.text) ||
      optional(a.type, b.type) ||
      byNumber(a.value, b.value) ||
      byNumber(a.numbers[0], b.numbers[0]) ||
      byNumber(a.numbers[1], b.numbers[1]) ||
      optional(a.item, b.item) ||
      optional(a.label, b.label),
  );
  return kept.map((r) => [r.user, r.time, r.text, r.type, r.value, ...r.numbers, r.item, r.label]);
}

function rowsOf(table: EventTable): unknown[] {
  const word = (words: readonly string[], id: number | undefined): string | null => words[id ?? -1] ?? null;
  return Array.from({ length: table.count }, (_, i) => [
    word(table.users, table.user[i]),
    table.time[i],
    word(table.texts, table.text[i]),
    word(table.types, table.type[i]),
    table.value[i],
    ...table.numbers.map(({ values }) => values[i]),
    word(table.items, table.item[i]),
    word(table.labels, table.label[i]),
  ]);
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'Z', 'é', '字', '\uffee', '😀'), minLength: 1, maxLength: 4 });
const row: fc.Arbitrary<Row> = fc.record({
  user: fc.constantFrom('a', 'b', '\uffee', '😀'),
  time: fc.constantFrom(-5, 0, 1, 1.5, 1e12),
  text: word,
  type: fc.option(fc.constantFrom('x', 'y')),
  item: fc.option(word),
  label: fc.option(fc.constantFrom('l', 'm')),
  value: fc.constantFrom(Number.NaN, -1, 0, 2),
  numbers: fc.tuple(fc.constantFrom(Number.NaN, 0, 1), fc.constantFrom(Number.NaN, -1, 5)),
  keep: fc.boolean(),
});

test('P2 events are ordered as a plain sort over words and numbers would order them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 120, size: 'max' }), async (rows) => {
      const { draft, cleaned } = draftOf(rows);
      expect(rowsOf(await orderEvents(draft, cleaned, silentContext))).toEqual(plainly(rows));
    }),
  );
});

test('words of rows that are set aside are no words of the events', async () => {
  const one = { user: 'u', time: 0, text: 't', type: null, item: null, label: null, value: 1, numbers: [1, 2] } as const;
  const { draft, cleaned } = draftOf([
    { ...one, keep: true },
    { ...one, user: 'v', text: 's', item: 'i', keep: false },
  ]);
  const events = await orderEvents(draft, cleaned, silentContext);
  expect([events.users, events.texts, events.items]).toEqual([['u'], ['t'], []]);
});

test.each([
  ['ASCII with long common beginnings', fc.string({ unit: fc.constantFrom('a', 'b', '\0', '~'), maxLength: 30 })],
  [
    'any characters',
    fc.string({ unit: fc.constantFrom('a', 'é', '字', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'), maxLength: 12 }),
  ],
  ['lone surrogates', fc.string({ unit: fc.constantFrom('a', '\ud800', '\udfff', '\ue000', '\uffff'), maxLength: 9 })],
])('words are sorted as by comparing them two by two: %s', (_, unit) => {
  fc.assert(
    fc.property(fc.uniqueArray(unit, { maxLength: 200, size: 'max' }), (words) => {
      const sorted = (by: 'code-points' | 'length'): (string | undefined)[] => {
        const ids = Uint32Array.from(words.keys());
        sortWords(words, ids, by);
        return Array.from(ids, (id) => words[id]);
      };
      expect(sorted('code-points')).toEqual([...words].sort(compareCodePoints));
      expect(sorted('length')).toEqual([...words].sort((a, b) => [...a].length - [...b].length || compareCodePoints(a, b)));
    }),
  );
});
