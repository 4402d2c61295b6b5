import type { ColumnMapping } from './event.ts';
import type { TimeWindow } from './window.ts';
import { DAY } from './window-spec.ts';

const MINUTE = 60_000;
/** A longer pause ends a visit, as web analytics has it: what a user did meanwhile is not told. */
const LONGEST_GAP = 30 * MINUTE;

/** As shops name it, in the languages of the exports that we know; not where it is taken back. */
const BUYING =
  /(^|[^a-z])(buy|buys|bought|purchases?|purchased|orders?|ordered|transactions?|checkout|sales?|sold|paid|payments?)($|[^a-z])|购买|下单|支付|購入|注文|구매|주문|kauf|bestell|achat|compra/i;
const TAKEN_BACK = /cancel|refund|return|storno|退/i;

/** The type of event means buying. */
export const isPurchase = (type: string): boolean => BUYING.test(type) && !TAKEN_BACK.test(type);

/**
 * Visits a day of the window with at least one event that counts (the F of RFM, Hughes 1994): several lines of a basket are one.
 * @param times of one user's events in the window, milliseconds, ascending; here and below
 */
export function visitsADay(times: readonly number[], counts: (i: number) => boolean, { start, end }: TimeWindow): number {
  let [visits, last, open] = [0, Number.NEGATIVE_INFINITY, false];
  times.forEach((time, i) => {
    if (time - last > LONGEST_GAP) open = false;
    last = time;
    if (open || !counts(i)) return;
    open = true;
    visits++;
  });
  return visits / ((end - start) / DAY);
}

/** Minutes to the next event of the same visit, in all and on average; the last one's is not known and left out. The average of none is NaN. */
export function minutesSpent(times: readonly number[]): { readonly sum: number; readonly mean: number } {
  let [sum, known] = [0, 0];
  for (let i = 1; i < times.length; i++) {
    const gap = (times[i] as number) - (times[i - 1] as number);
    if (gap > LONGEST_GAP) continue;
    sum += gap / MINUTE;
    known++;
  }
  return { sum, mean: known === 0 ? Number.NaN : sum / known };
}

export const daysSinceLast = (times: readonly number[], { end }: TimeWindow): number => (end - (times.at(-1) as number)) / DAY;

/** Entropy over distinct texts, bits. */
export function entropyOf<T>(texts: readonly T[]): number {
  const counts = new Map<T, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) bits -= (n / texts.length) * Math.log2(n / texts.length);
  return bits;
}

/** Columns of numbers that behaviour is measured by: the value, where there is one, and the further ones in their order. */
export const numberNames = ({ value, numbers }: Pick<ColumnMapping, 'value' | 'numbers'>): string[] => [
  ...(value === null ? [] : [value]),
  ...numbers,
];

/** Of the numbers that are there; NaN of none. */
export function sumAndMean(values: readonly number[]): { readonly sum: number; readonly mean: number } {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return { sum: Number.NaN, mean: Number.NaN };
  const sum = known.reduce((a, b) => a + b, 0);
  return { sum, mean: sum / known.length };
}
