import { describe, expect, test } from 'vitest';
import { createRandom, shuffle } from '../../domain/index.ts';
import { FLAW, type RowBatch } from '../batch.ts';
import { hashBytes, second } from '../hash.ts';
import { FineBins, histogramOf } from './bins.ts';
import { FrequentValues } from './frequent.ts';
import { HyperLogLog } from './hyperloglog.ts';
import { QualityMeter } from './quality.ts';
import { ValueTally } from './tally.ts';

const encoder = new TextEncoder();

/** Rows as a batch, its cells one behind the other; a row without cells has broken quotes. */
function batchOf(rows: readonly (readonly string[])[]): RowBatch {
  const cells = rows.flat().map((cell) => encoder.encode(cell));
  const end = Uint32Array.from(
    cells,
    (
      (at) => (cell: Uint8Array) =>
        (at += cell.length)
    )(0),
  );
  const row = new Uint32Array(rows.length + 1);
  rows.forEach((r, i) => {
    row[i + 1] = (row[i] as number) + r.length;
  });
  return {
    count: rows.length,
    bytes: new Uint8Array(cells.flatMap((cell) => [...cell])),
    row,
    start: Uint32Array.from(end, (_, c) => (c === 0 ? 0 : (end[c - 1] as number))),
    end,
    line: Uint32Array.from(rows, (_, i) => i + 2),
    flaw: Uint8Array.from(rows, (r) => (r.length === 0 ? FLAW.brokenQuotes : FLAW.none)),
  };
}

const decoder = new TextDecoder();
const number = (bytes: Uint8Array, from: number, to: number): number => Number(decoder.decode(bytes.subarray(from, to)));

function measure(header: readonly string[], rows: readonly (readonly string[])[]) {
  const meter = new QualityMeter(header, {
    missing: ['N/A'],
    numbersOf: ({ kind }) => (kind === 'number' ? { type: 'number', number } : null),
  });
  for (let at = 0; at < rows.length; at += 1000) meter.add(batchOf(rows.slice(at, at + 1000)));
  return meter.finish();
}

function add(to: HyperLogLog | ValueTally, text: string): void {
  const bytes = encoder.encode(text);
  const hash = hashBytes(bytes, 0, bytes.length);
  if (to instanceof HyperLogLog) to.add(hash, second.hash);
  else to.add(bytes, 0, bytes.length, hash);
}

describe('a column', () => {
  test('rows, missing, distinct values and the most frequent ones are counted', () => {
    const rows = [['b'], [' a '], ['N/A'], ['a'], ['b'], ['a'], ['  '], ['c'], [' N/A ']];
    expect(measure(['x'], rows)).toEqual([
      {
        name: 'x',
        type: 'category',
        rows: 8,
        missing: 2,
        distinct: 3,
        distinctExact: true,
        top: [
          { value: 'a', count: 3 },
          { value: 'b', count: 2 },
          { value: 'c', count: 1 },
        ],
        histogram: null,
      },
    ]);
  });

  test('broken and blank rows are no rows; a cell that a row lacks is missing, one too many is not looked at', () => {
    const [x, y] = measure(['x', 'y'], [['1', '2'], [], [''], ['3'], ['4', '5', '6']]);
    expect([x?.rows, x?.missing, x?.distinct]).toEqual([3, 0, 3]);
    expect([y?.rows, y?.missing, y?.distinct]).toEqual([3, 1, 2]);
  });

  test('no rows give a column of nothing', () => {
    expect(measure(['x'], [])).toEqual([
      { name: 'x', type: 'empty', rows: 0, missing: 0, distinct: 0, distinctExact: true, top: [], histogram: null },
    ]);
  });

  test('numbers have a histogram from the lowest to the highest', () => {
    const [x] = measure(
      ['amount'],
      Array.from({ length: 40 }, (_, i) => [`${i / 2}`]),
    );
    expect(x?.type).toBe('number');
    expect(x?.histogram).toEqual({ min: 0, max: 19.5, counts: new Array(20).fill(2) });
  });

  test('at most five values are shown, equally frequent ones in the order of code points, long ones cut', () => {
    const values = ['z', 'é', '𝒳', '\uffee', 'a', `${'long'.repeat(100)}`, 'b'];
    const [x] = measure(
      ['x'],
      values.map((v) => [v]),
    );
    expect(x?.top.map(({ value }) => value)).toEqual(['a', 'b', `${'long'.repeat(50)}…`, 'z', 'é']);
  });

  test('P2 what is found does not depend on the order of rows', () => {
    const random = createRandom(3);
    const rows = Array.from({ length: 3000 }, () => [`${random.int(60) / 4}`, `w${random.int(9) ** 3}`, `${random.next()}`]);
    const found = measure(['n', 'w', 'u'], rows);
    for (const seed of [1, 2]) expect(measure(['n', 'w', 'u'], shuffle([...rows], createRandom(seed)))).toEqual(found);
  });
});

describe('above the limits', () => {
  test.each([0, 1, 50, 1000, 20_000, 300_000])(
    '%d distinct values are estimated to 0.03 of their number, where the standard error is .008',
    (n) => {
      const sketch = new HyperLogLog();
      for (let i = 0; i < n; i++) {
        add(sketch, `value ${i}`);
        if (i % 3 === 0) add(sketch, `value ${i}`);
      }
      expect(Math.abs(sketch.estimate() - n)).toBeLessThanOrEqual(0.03 * n);
    },
  );

  test('values that were met before the limit are counted exactly, frequent later ones at most 1/1024 of all too low', () => {
    const tally = new ValueTally({ distinct: 100, bytes: 1e6 });
    const total = 60_000;
    for (let i = 0; i < total; i++) add(tally, i % 10 === 0 ? 'early' : i > 30_000 && i % 10 === 1 ? 'late' : `only ${i}`);
    expect(tally.exact).toBe(false);
    const [early, late] = tally.top(2);
    expect(early).toEqual({ value: 'early', count: 6000 });
    expect(late?.value).toBe('late');
    expect(late?.count).toBeGreaterThan(3000 - total / 1024);
    expect(late?.count).toBeLessThanOrEqual(3000);
    expect(Math.abs(tally.distinct() / (total * 0.85) - 1)).toBeLessThan(0.03);
  });

  test('many bytes are as many values', () => {
    const tally = new ValueTally({ distinct: 1e6, bytes: 1000 });
    for (let i = 0; i < 60; i++) add(tally, `${i} ${'text'.repeat(10)}`);
    expect(tally.exact).toBe(false);
    expect(tally.distinct()).toBe(60);
  });

  test('a column of more values than are kept is told as estimated, its histogram is of all its rows', () => {
    const wide = Array.from({ length: 1024 }, (_, c) => `c${c}`);
    // So many columns leave 2,048 values to each.
    const rows = Array.from({ length: 5000 }, (_, i) => [`${i}`, `${i % 7}`]);
    const [many, few] = measure(wide, rows);
    expect(many?.distinctExact).toBe(false);
    expect(many?.distinct).toBeGreaterThan(5000 * 0.97);
    expect(many?.distinct).toBeLessThanOrEqual(5000);
    expect([many?.histogram?.min, many?.histogram?.max]).toEqual([0, 4999]);
    expect(many?.histogram?.counts.reduce((a, b) => a + b)).toBe(5000);
    expect([few?.distinctExact, few?.distinct]).toEqual([true, 7]);
  });

  test('of a stream every value that makes up more than 1/1024 is found', () => {
    const frequent = new FrequentValues();
    for (let i = 0; i < 200_000; i++) {
      const value = i % 500 === 0 ? 1 : i + 10;
      frequent.add(value, value, () => `${value}`);
    }
    expect(frequent.all().find(({ value }) => value === '1')?.count).toBeGreaterThan(400 - 200);
  });
});

describe('histograms', () => {
  const exact = (values: readonly number[]) => histogramOf(Float64Array.from(values), new Float64Array(values.length).fill(1));
  const fine = (values: readonly number[]) => {
    const bins = new FineBins();
    for (const value of values) bins.add(value);
    return bins.histogram();
  };

  test.each([
    ['none', []],
    ['one', [5]],
    ['zeros', [0, 0, -0]],
    ['the whole range', [-1.7e308, 0, 1.7e308]],
    ['tiny ones', [5e-299, 1e-290, 7e-290]],
    ['tiny and huge ones', [1e-300, 1e300, 0, -1e10]],
    ['whole numbers', Array.from({ length: 60 }, (_, i) => i)],
  ])('fine bins give what exact counts give: %s', (_, values) => {
    expect(fine(values)).toEqual(exact(values));
  });

  test('a value is at most 1/4096 of the range beside its bin, whatever the order', () => {
    const random = createRandom(8);
    const times = Array.from({ length: 20_000 }, () => 1.7e12 + Math.floor(random.next() ** 2 * 3e9));
    const found = fine(times);
    expect(fine(times.toSorted())).toEqual(found);
    expect(fine(times.toSorted().toReversed())).toEqual(found);
    const all = exact(times);
    expect([found?.min, found?.max]).toEqual([all?.min, all?.max]);
    // Sums up to an edge may differ by the values within 1/4096 of the range around it.
    const width = ((all?.max ?? 0) - (all?.min ?? 0)) / 4096;
    for (let bin = 1; bin < 20; bin++) {
      const edge = (all?.min ?? 0) + ((all?.max ?? 0) - (all?.min ?? 0)) * (bin / 20);
      const near = times.filter((t) => Math.abs(t - edge) <= width).length;
      const sum = (counts: readonly number[] = []) => counts.slice(0, bin).reduce((a, b) => a + b);
      expect(Math.abs(sum(found?.counts) - sum(all?.counts))).toBeLessThanOrEqual(near);
    }
  });

  test('what is no number is not counted', () => {
    expect(fine([Number.NaN, Number.POSITIVE_INFINITY, 3])).toEqual({ min: 3, max: 3, counts: [1] });
  });
});
