import { type ColumnMapping, createRandom, inputError, type JobContext, type OutlierRule } from '../../domain/index.ts';
import type { Draft } from '../draft.ts';
import { isolationForest } from './forest.ts';
import { groupRows, inBlocks, mixBits, mixIn } from './group.ts';
import type { RowMask } from './marks.ts';
import { mean, quantile, sortedNumbers, standardDeviation } from './spread.ts';

/** What a rule finds in one column, or, of a forest, in several together. */
export interface Outliers {
  readonly columns: readonly string[];
  readonly mask: RowMask;
  /** Values beyond them are outliers; null of a forest, which knows no limits. */
  readonly limits: { readonly low: number; readonly high: number } | null;
}

/** Rows that the forest is grown from; each of its trees takes a few of them. */
const FOREST_ROWS = 25_600;
/** Rows scored between two breaths; each goes through all trees. */
const SCORED_AT_ONCE = 4096;

/**
 * Outliers among `rows`; a missing number is none, and of a forest no row that lacks one of the numbers is. Nothing where the rule names
 * no column and there is no value column.
 * @throws AppError input where the rows have no such column
 */
export async function findOutliers(
  draft: Draft,
  mapping: ColumnMapping,
  rule: OutlierRule,
  rows: Uint32Array,
  ctx: JobContext,
): Promise<Outliers[]> {
  const columns = judgedColumns(mapping, rule);
  const values = columns.map((name) => numbersOf(draft, mapping, name));
  if (rule.method === 'isolation-forest') {
    return columns.length > 0
      ? [{ columns, mask: await forestOutliers(draft, values, rule.limit, rows, ctx), limits: null }]
      : [];
  }
  return columns.map((name, c) => {
    const numbers = values[c] as Float64Array;
    const limits = limitsOf(sortedNumbers(numbers, rows), rule);
    return { columns: [name], mask: beyond(numbers, limits, rows), limits };
  });
}

const judgedColumns = (mapping: ColumnMapping, rule: OutlierRule): string[] => {
  if (rule.columns.length > 0) return [...new Set(rule.columns)];
  return mapping.value === null ? [] : [mapping.value];
};

function numbersOf(draft: Draft, mapping: ColumnMapping, name: string): Float64Array {
  const numbers = name === mapping.value ? draft.value : draft.numbers.get(name);
  if (numbers) return numbers;
  throw inputError('outlier-column', `There is no column "${name}".`, 'Choose other columns to look for outliers in.');
}

/** Fewer than two different values have no spread, and nothing lies outside. */
function limitsOf(sorted: Float64Array, { method, limit }: OutlierRule): { low: number; high: number } {
  if (method === 'z-score') {
    const reach = limit * standardDeviation(sorted);
    return { low: mean(sorted) - reach, high: mean(sorted) + reach };
  }
  const [first, third] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = limit * (third - first);
  return { low: first - reach, high: third + reach };
}

function beyond(values: Float64Array, { low, high }: { low: number; high: number }, rows: Uint32Array): RowMask {
  const mask = new Uint8Array(values.length);
  for (const row of rows) {
    const value = values[row] as number;
    if (value < low || value > high) mask[row] = 1;
  }
  return mask;
}

async function forestOutliers(
  draft: Draft,
  values: readonly Float64Array[],
  limit: number,
  rows: Uint32Array,
  ctx: JobContext,
): Promise<RowMask> {
  const mask = new Uint8Array(draft.count);
  const whole = rows.filter((row) => values.every((column) => !Number.isNaN(column[row] as number)));
  if (whole.length < 2) return mask;
  const score = await isolationForest(table(values, forestRows(draft, values, whole)), values.length, createRandom(0), ctx);
  const groups = await groupRows(whole, sameNumbers(values), ctx);
  const points = table(
    values,
    groups.first.map((k) => whole[k] as number),
  );
  const scores = new Float64Array(groups.count);
  const scoreAll = (from: number, to: number): void => {
    for (let g = from; g < to; g++) scores[g] = score(points, g * values.length);
  };
  await inBlocks(groups.count, ctx, scoreAll, SCORED_AT_ONCE);
  for (let k = 0; k < whole.length; k++) if ((scores[groups.of[k] as number] as number) >= limit) mask[whole[k] as number] = 1;
  return mask;
}

/** Chosen by the hash of their cells and sorted by their numbers: the same rows whatever the order of the file (P2). */
function forestRows({ hashA, hashB }: Draft, values: readonly Float64Array[], rows: Uint32Array): Uint32Array {
  const lot = (row: number): number => mixBits(hashA[row] as number) * 2 ** 20 + ((hashB[row] as number) >>> 12);
  const last = Float64Array.from(rows, lot).sort()[FOREST_ROWS - 1] ?? Number.POSITIVE_INFINITY;
  const chosen = rows.filter((row) => lot(row) <= last);
  return chosen.sort((a, b) => {
    for (const column of values) {
      const difference = (column[a] as number) - (column[b] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** rows x columns */
function table(values: readonly Float64Array[], rows: Uint32Array): Float64Array {
  const dims = values.length;
  const cells = new Float64Array(rows.length * dims);
  values.forEach((column, c) => {
    for (let k = 0; k < rows.length; k++) cells[k * dims + c] = column[rows[k] as number] as number;
  });
  return cells;
}

function sameNumbers(values: readonly Float64Array[]) {
  const number = new Float64Array(1);
  const bits = new Int32Array(number.buffer);
  return {
    hash(row: number): number {
      let h = 0;
      for (const column of values) {
        // -0 equals 0 but has other bits.
        number[0] = (column[row] as number) + 0;
        h = mixIn(mixIn(h, bits[0] as number), bits[1] as number);
      }
      return h;
    },
    same: (a: number, b: number): boolean => values.every((column) => column[a] === column[b]),
  };
}
