/** What a descent works on; the arrays are used as they are, and `positions` changes. */
export interface WalkInput {
  /** rows x 2. */
  readonly positions: Float32Array;
  /** rows + 1: the ties of row i are [offsets[i], offsets[i + 1]). */
  readonly offsets: Uint32Array;
  readonly tails: Uint32Array;
  /** Rows that stay where they are: the first of all. No tie is between two of them. */
  readonly held: number;
  /** In which epochs a tie is drawn; see {@link ratesOf}. */
  readonly rates: Int32Array;
  readonly pull: Float32Array;
  readonly push: Float32Array;
  /** Random state: two words, the first of them odd. */
  readonly state: readonly [number, number];
}

/** One epoch's moves for rows [from, to), in epoch 1 and on, with learning rate `alpha`. */
export type Walk = (from: number, to: number, epoch: number, alpha: number) => void;

/** Samples without a tie for each sample of a tie. */
export const NEGATIVE_RATE = 5;
/** Largest move of a coordinate in one sample, before the learning rate. */
export const CLIP = 4;
/** A rate of 1 in fixed point. */
const RATE_ONE = 2 ** 30;
export const RATE_MASK = RATE_ONE - 1;

/**
 * Weight over largest weight in fixed point: a tie of rate r is drawn in the epochs in which epoch x r passes a whole number,
 * that is where (epoch x r) mod 1 < r. Integers, for speed and for the same draws everywhere.
 */
export function ratesOf(weights: Float32Array): Int32Array {
  let largest = 0;
  for (let e = 0; e < weights.length; e++) largest = Math.max(largest, weights[e] as number);
  const rates = new Int32Array(weights.length);
  for (let e = 0; e < weights.length; e++) rates[e] = Math.round(((weights[e] as number) / largest) * RATE_ONE);
  return rates;
}
