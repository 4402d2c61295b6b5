import {
  dot,
  type JobContext,
  type Matrix,
  rowOf,
  type Settings,
  type SoftMembership,
  type WindowSegment,
} from '../domain/index.ts';
import { forBlocks } from '../engine/index.ts';

/** What is weaker is not stored: it is no interest, and most of a mixture's entries. */
export const LEAST_SHARE = 0.01;

export interface MembershipInput {
  /** Profiles x dims, unit rows. */
  readonly vectors: Matrix;
  /** A profile: its window. */
  readonly window: Uint32Array;
  /** Of all windows; a mixture names them by their place here. */
  readonly segments: readonly WindowSegment[];
  readonly settings: Settings['membership'];
}

/**
 * Each profile's mixture of interests over the segments of its own window: P(segment | user) = softmax(cosine(profile, centroid) /
 * temperature), its entropy, and its strongest and second segment; equals by index. This is von Mises-Fisher mixture responsibility with
 * equal weights and concentration 1 / temperature (Banerjee et al. 2005). The primary segment is the nearest centre, which
 * for density clusters need not be the segment that the user is in, and which noise has as well.
 */
export async function softMembership(input: MembershipInput, ctx: JobContext): Promise<SoftMembership> {
  const { vectors, window, segments, settings } = input;
  const ofWindow = segmentsByWindow(segments);
  const builder = new Mixtures(window.length, settings.secondaryShare);
  await forBlocks(window.length, 8 * vectors.cols, ctx, (start, end) => {
    for (let p = start; p < end; p++) {
      const names = ofWindow.get(window[p] as number) ?? [];
      const row = rowOf(vectors, p);
      const cosines = names.map((s) => dot(row, (segments[s] as WindowSegment).centroid));
      builder.add(p, names, softmax(cosines, settings.temperature));
    }
  });
  return builder.done();
}

/** exp(x / temperature), scaled to a sum of 1; [] of []. */
export function softmax(values: readonly number[], temperature: number): number[] {
  const top = Math.max(...values);
  const powers = values.map((value) => Math.exp((value - top) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** -sum of P log2 P, in bits. */
export const entropyOf = (shares: readonly number[]): number =>
  shares.reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);

function segmentsByWindow(segments: readonly WindowSegment[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [index, { window }] of segments.entries()) {
    const list = found.get(window);
    if (list) list.push(index);
    else found.set(window, [index]);
  }
  return found;
}

/** Takes the mixtures profile by profile. */
class Mixtures {
  readonly #primary: Int32Array;
  readonly #secondary: Int32Array;
  readonly #primaryShare: Float32Array;
  readonly #secondaryShare: Float32Array;
  readonly #entropy: Float32Array;
  readonly #offsets: Uint32Array;
  readonly #segments: number[] = [];
  readonly #shares: number[] = [];

  constructor(
    count: number,
    private readonly leastSecondary: number,
  ) {
    this.#primary = new Int32Array(count).fill(-1);
    this.#secondary = new Int32Array(count).fill(-1);
    this.#primaryShare = new Float32Array(count).fill(Number.NaN);
    this.#secondaryShare = new Float32Array(count).fill(Number.NaN);
    this.#entropy = new Float32Array(count).fill(Number.NaN);
    this.#offsets = new Uint32Array(count + 1);
  }

  /** Profiles come in ascending order. */
  add(profile: number, names: readonly number[], shares: readonly number[]): void {
    const order = names.map((_, i) => i).sort((i, j) => (shares[j] as number) - (shares[i] as number) || i - j);
    for (const [rank, i] of order.entries()) {
      if (rank > 0 && (shares[i] as number) < LEAST_SHARE) break;
      this.#segments.push(names[i] as number);
      this.#shares.push(shares[i] as number);
    }
    this.#offsets[profile + 1] = this.#segments.length;
    const [first, second] = order;
    if (first === undefined) return;
    this.#primary[profile] = names[first] as number;
    this.#primaryShare[profile] = shares[first] as number;
    this.#entropy[profile] = entropyOf(shares);
    if (second === undefined || (shares[second] as number) < this.leastSecondary) return;
    this.#secondary[profile] = names[second] as number;
    this.#secondaryShare[profile] = shares[second] as number;
  }

  done(): SoftMembership {
    return {
      ...{ primary: this.#primary, secondary: this.#secondary, entropy: this.#entropy, offsets: this.#offsets },
      ...{ primaryShare: this.#primaryShare, secondaryShare: this.#secondaryShare },
      segments: Uint32Array.from(this.#segments),
      shares: Float32Array.from(this.#shares),
    };
  }
}
