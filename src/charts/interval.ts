import { scaleLinear } from 'd3';

/** A figure and its limits. */
export interface Interval {
  readonly amount: number;
  readonly low: number;
  readonly high: number;
}

/** Where an interval is drawn, in pixels from the left. */
export interface IntervalMark {
  /** The place of no change. */
  readonly zero: number;
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

const PAD = 5;
/** Half the range where all limits are 0. */
const LEAST = 1e-6;

/**
 * The range that holds all of `intervals`: from 0 where none goes below, else as far to either side, so that zero stays in the middle and marks of several windows
 * may be compared.
 */
export function intervalRange(intervals: readonly Interval[]): [number, number] {
  const low = Math.min(0, ...intervals.map((i) => Math.min(i.low, i.amount)));
  const most = Math.max(LEAST, -low, ...intervals.map((i) => Math.max(i.high, i.amount)));
  return [low < 0 ? -most : 0, most];
}

/** Limits beyond the range end at its edge. */
export function layoutInterval({ amount, low, high }: Interval, range: readonly [number, number], width: number): IntervalMark {
  const x = scaleLinear()
    .domain(range)
    .range([PAD, width - PAD])
    .clamp(true);
  return { zero: x(0), at: x(amount), low: x(low), high: x(high) };
}
