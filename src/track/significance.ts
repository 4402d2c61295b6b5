import { logFactorial } from '../engine/index.ts';
import { ratio } from './overlap.ts';

export interface HypergeometricTail {
  /** P(X >= x). */
  readonly atLeast: number;
  /** P(X = x); `atLeast` less a uniform share of it is uniform under chance. */
  readonly equal: number;
}

/**
 * The upper tail of the hypergeometric distribution: `drawn` of a population, `marked` of which are marked, and X of these drawn.
 * Exact but for rounding: terms from log-factorials (relative error about 1e-15 x population x ln population), their sum by the ratio of
 * neighbours. Below the mean it is 1 less the lower tail, so that neither tail is lost to rounding.
 * All whole numbers; 0 <= marked, drawn <= population. O(standard deviation) steps.
 */
export function hypergeometricTail(x: number, population: number, marked: number, drawn: number): HypergeometricTail {
  const [least, most] = [Math.max(0, marked + drawn - population), Math.min(marked, drawn)];
  if (x > most) return { atLeast: 0, equal: 0 };
  if (x < least) return { atLeast: 1, equal: 0 };
  const probability = (k: number): number => Math.exp(logProbability(k, population, marked, drawn));
  const up = (k: number): number => ((marked - k) / (k + 1)) * ((drawn - k) / (population - marked - drawn + k + 1));
  const equal = least === most ? 1 : probability(x);
  if (x === least) return { atLeast: 1, equal };
  if (x * population > marked * drawn) return { atLeast: Math.min(1, sumFrom(x, most, 1, equal, up)), equal };
  const below = sumFrom(x - 1, least, -1, probability(x - 1), (k) => 1 / up(k - 1));
  return { atLeast: Math.max(0, 1 - below), equal };
}

/** Sum of the terms from `start` to `end`, away from the mean: they fall, and end where they no longer add. */
function sumFrom(start: number, end: number, step: 1 | -1, first: number, ratioAt: (k: number) => number): number {
  let [sum, term] = [first, first];
  for (let k = start; k !== end && term > sum * 1e-18; k += step) {
    term *= ratioAt(k);
    sum += term;
  }
  return sum;
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

const logProbability = (x: number, population: number, marked: number, drawn: number): number =>
  logChoose(marked, x) + logChoose(population - marked, drawn - x) - logChoose(population, drawn);

/**
 * Holm's correction (1979): p-values that may each be held against the level of the whole family, whatever their dependence. In the
 * order given; the i-th smallest of m is multiplied by m - i + 1, kept from falling and cut at 1.
 */
export function holm(p: ArrayLike<number>): Float64Array {
  const at = (i: number): number => p[i] as number;
  const order = Array.from({ length: p.length }, (_, i) => i).sort((i, j) => at(i) - at(j) || i - j);
  const adjusted = new Float64Array(p.length);
  let largest = 0;
  order.forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * at(i)));
    adjusted[i] = largest;
  });
  return adjusted;
}

/** Users who are in both windows, counted by their segments; {@link measureOverlap} has them so. */
export interface FlowCounts {
  /** All users with a profile in both windows, those in no segment too. */
  readonly common: number;
  /** Common users of each old segment, and of each new one. */
  readonly oldCommon: ArrayLike<number>;
  readonly freshCommon: ArrayLike<number>;
  /** `shared[x * freshCommon.length + y]` = |X n Y|. */
  readonly shared: ArrayLike<number>;
}

/** One entry a pair, in the order of `shared`. */
export interface FlowTests {
  /** P(X >= shared) if users chose their new segment without regard to the old one. */
  readonly p: Float64Array;
  /** The same after Holm's correction over all pairs of the two windows, those without users too. */
  readonly adjusted: Float64Array;
  /** Users that chance alone would bring. */
  readonly expected: Float64Array;
}

/**
 * Whether more users flow between two segments than independent memberships of the same sizes would bring: for each pair the exact
 * hypergeometric p (Fisher's test to one side) among the users common to both windows.
 */
export function testFlows({ common, oldCommon, freshCommon, shared }: FlowCounts): FlowTests {
  const p = new Float64Array(shared.length);
  const expected = new Float64Array(shared.length);
  for (let i = 0; i < shared.length; i++) {
    const x = oldCommon[Math.floor(i / freshCommon.length)] as number;
    const y = freshCommon[i % freshCommon.length] as number;
    p[i] = hypergeometricTail(shared[i] as number, common, x, y).atLeast;
    expected[i] = ratio(x * y, common);
  }
  return { p, adjusted: holm(p), expected };
}
