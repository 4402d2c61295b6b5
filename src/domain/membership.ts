/**
 * P(segment | user) of each profile over the segments of its window, softmax(cosine / temperature) (track/membership.ts). One entry a
 * profile, thin ones and noise included; where the window has no segment: no primary, NaN, and an empty mixture.
 */
export interface SoftMembership {
  /** Indexes into the segment list: the strongest, and the next if it is strong enough to be told; else -1. */
  readonly primary: Int32Array;
  readonly secondary: Int32Array;
  /** Their P; NaN where there is none. */
  readonly primaryShare: Float32Array;
  readonly secondaryShare: Float32Array;
  /** Of the whole mixture, in bits: 0 to log2 of the window's segments. */
  readonly entropy: Float32Array;
  /** The mixture of profile p: segments `segments[offsets[p] .. offsets[p + 1])` with P of at least 1 %, strongest first. */
  readonly offsets: Uint32Array;
  readonly segments: Uint32Array;
  readonly shares: Float32Array;
}

export const NO_MEMBERSHIP: SoftMembership = {
  primary: new Int32Array(),
  secondary: new Int32Array(),
  primaryShare: new Float32Array(),
  secondaryShare: new Float32Array(),
  entropy: new Float32Array(),
  offsets: new Uint32Array(1),
  segments: new Uint32Array(),
  shares: new Float32Array(),
};

export interface Share {
  /** Index into the segment list. */
  readonly segment: number;
  readonly share: number;
}

/** Strongest first; what is below 1 % is left out, so that the sum may fall short of 1. */
export function mixtureOf({ offsets, segments, shares }: SoftMembership, profile: number): Share[] {
  const [start, end] = [offsets[profile] ?? 0, offsets[profile + 1] ?? 0];
  return Array.from({ length: end - start }, (_, i) => ({
    segment: segments[start + i] as number,
    share: shares[start + i] as number,
  }));
}

/** Entropy as a share of the most that so many segments allow: 0 all in one, 1 all alike; 0 where there is one segment. */
export const evenness = (entropy: number, segments: number): number => (segments < 2 ? 0 : entropy / Math.log2(segments));
