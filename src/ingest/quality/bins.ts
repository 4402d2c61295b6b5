/** Of the histograms that are shown. */
const BINS = 20;
/** Of the fine bins that a histogram is made from: a value is counted at most 1/4096 of the range beside its place. */
const FINE_BINS = 4096;
/** Keeps the numbers of fine bins exact: below 2^41. */
const INDEX_BITS = 40;

export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
}

/** Equal-width bins from the lowest to the highest value; one bin where there is but one value, null where there is none. */
export function histogramOf(values: Float64Array, counts: Float64Array): Histogram | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (!(min <= max)) return null;
  const bins = new Array<number>(min === max ? 1 : BINS).fill(0);
  const place = (value: number): number => binOf(value, min, max, bins.length);
  for (let i = 0; i < values.length; i++) {
    const bin = place(values[i] as number);
    bins[bin] = (bins[bin] as number) + (counts[i] as number);
  }
  return { min, max, counts: bins };
}

/** Halves, since the range of all numbers is infinite. */
function binOf(value: number, min: number, max: number, bins: number): number {
  if (bins === 1) return 0;
  const share = (value / 2 - min / 2) / (max / 2 - min / 2);
  return Math.min(bins - 1, Math.max(0, Math.floor(share * bins)));
}

/**
 * Counts numbers whose range is not known, in at most 4096 bins. Their width is a power of two, and they begin at multiples of it, so
 * that two of them are one of the next width: what is counted depends on the numbers and not on their order.
 */
export class FineBins {
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  /** Bins are 2^exponent wide. */
  #exponent = -1000;
  /** Bin b is at b modulo FINE_BINS: fewer than so many are between the lowest and the highest. */
  #counts = new Float64Array(FINE_BINS);

  add(value: number, count = 1): void {
    if (!Number.isFinite(value)) return;
    if (value < this.#min || value > this.#max) this.#widen(value);
    const slot = slotOf(Math.floor(value / 2 ** this.#exponent));
    this.#counts[slot] = (this.#counts[slot] as number) + count;
  }

  histogram(): Histogram | null {
    if (this.#min > this.#max) return null;
    const width = 2 ** this.#exponent;
    const first = Math.floor(this.#min / width);
    const bins = Math.floor(this.#max / width) - first + 1;
    const inside = (value: number): number => Math.min(this.#max, Math.max(this.#min, value));
    // The ends are values that occur; counting nothing for them makes the histogram begin and end there.
    const values = Float64Array.from({ length: bins + 2 }, (_, i) =>
      i < bins ? inside((first + i + 0.5) * width) : i === bins ? this.#min : this.#max,
    );
    const counts = Float64Array.from({ length: bins + 2 }, (_, i) =>
      i < bins ? (this.#counts[slotOf(first + i)] as number) : 0,
    );
    return histogramOf(values, counts);
  }

  #widen(value: number): void {
    const [min, max] = [Math.min(this.#min, value), Math.max(this.#max, value)];
    const largest = Math.max(Math.abs(min), Math.abs(max));
    let exponent = Math.max(this.#exponent, largest === 0 ? this.#exponent : Math.floor(Math.log2(largest)) - INDEX_BITS);
    while (Math.floor(max / 2 ** exponent) - Math.floor(min / 2 ** exponent) >= FINE_BINS) exponent++;
    this.#rescale(exponent);
    [this.#min, this.#max] = [min, max];
  }

  #rescale(exponent: number): void {
    if (exponent === this.#exponent) return;
    const counts = new Float64Array(FINE_BINS);
    const [old, wide] = [2 ** this.#exponent, 2 ** exponent];
    const last = Math.floor(this.#max / old);
    for (let bin = Math.floor(this.#min / old); bin <= last; bin++) {
      const slot = slotOf(Math.floor((bin * old) / wide));
      counts[slot] = (counts[slot] as number) + (this.#counts[slotOf(bin)] as number);
    }
    this.#counts = counts;
    this.#exponent = exponent;
  }
}

const slotOf = (bin: number): number => ((bin % FINE_BINS) + FINE_BINS) % FINE_BINS;
