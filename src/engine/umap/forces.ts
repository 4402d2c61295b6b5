import type { Curve } from './curve.ts';

/**
 * The two gradient coefficients of UMAP's objective as tables over the squared layout distance, because a power costs more
 * than the rest of a step. A table has 32 entries an octave of d^2; between them the value is interpolated, within 1.5e-3.
 * The place in the table is read from the bits of d^2 as a float32, so the tables alone depend on the platform's `pow`.
 */
export interface Forces {
  /** 2ab d^2(b-1) / (1 + a d^2b): times the difference of two positions it is the pull of a tie. */
  readonly pull: Float32Array;
  /** 2b / ((0.001 + d^2) (1 + a d^2b)): the push of a sample without a tie. */
  readonly push: Float32Array;
}

/** Octaves of d^2 in the tables: layouts are some 20 wide, and below a distance of 2^-12 the force hardly moves anything. */
const LOWEST_OCTAVE = -24;
const HIGHEST_OCTAVE = 20;
const ENTRY_BITS = 5;

/** Bits of a float32 below those that choose the entry. */
export const TABLE_SHIFT = 23 - ENTRY_BITS;
/** A difference of bits times this is the share of the way to the next entry. */
export const TABLE_STEP = 1 / (1 << TABLE_SHIFT);
/** Bits of the smallest and of the largest d^2 in the tables. */
export const LOWEST_BITS = (LOWEST_OCTAVE + 127) << 23;
export const HIGHEST_BITS = ((HIGHEST_OCTAVE + 127) << 23) - 1;

export function forceTables({ a, b }: Curve): Forces {
  const entries = ((HIGHEST_OCTAVE - LOWEST_OCTAVE) << ENTRY_BITS) + 1;
  const bits = Int32Array.from({ length: entries }, (_, i) => LOWEST_BITS + (i << TABLE_SHIFT));
  const squared = new Float32Array(bits.buffer);
  return {
    pull: squared.map((d2) => (2 * a * b * d2 ** (b - 1)) / (1 + a * d2 ** b)),
    push: squared.map((d2) => (2 * b) / ((0.001 + d2) * (1 + a * d2 ** b))),
  };
}
