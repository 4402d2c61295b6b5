import { createRandom, deriveSeed, type JobContext, type Matrix, type Random, shuffle } from '../../domain/index.ts';

/** The profiles of one window, one row a user, in the canonical order (the permutations go by it). */
export interface WindowFeatures {
  /** Distinct. */
  readonly users: ArrayLike<number>;
  /** Of {@link fourierFeatures}, under the same map for both windows. */
  readonly features: Matrix;
}

export interface MmdOptions {
  /** More make p finer: the smallest that can come out is 1 / (permutations + 1). */
  readonly permutations: number;
  readonly seed: number;
}

export interface MmdResult {
  /** 0 and up: how far the two windows' distributions are apart. */
  readonly mmd2: number;
  /** Share of the permutations, the windows as they are among them, that are at least as far apart. */
  readonly p: number;
  /** Mean over the permutations: what sampling alone makes of it at these sizes. */
  readonly unchanged: number;
}

/**
 * Squared maximum mean discrepancy of two windows (Gretton et al. 2012, eq. 5, the V-statistic: it is never negative), as the squared
 * distance of their mean Fourier features, with a permutation p over users: a user's two profiles are swapped with
 * probability 1/2, and among users of one window only the windows are permuted, so that both keep their sizes. That keeps the
 * likeness of a user to itself, which a permutation of profiles would break. p = (1 + r) / (permutations + 1).
 * Permutations x half of the common users x features additions. Null where a window has no profile.
 */
export async function mmdTest(
  first: WindowFeatures,
  second: WindowFeatures,
  { permutations, seed }: MmdOptions,
  ctx: JobContext,
): Promise<MmdResult | null> {
  if (first.features.rows === 0 || second.features.rows === 0) return null;
  const random = createRandom(deriveSeed(seed, 'MMD permutations'));
  const exchange = exchangeOf(first, second);
  const mmd2 = statistic(exchange, new Uint8Array(exchange.pairs.length), exchange.singles);
  let [atLeast, sum] = [1, 0];
  for (let i = 0; i < permutations; i++) {
    const permuted = drawStatistic(exchange, random);
    sum += permuted;
    if (permuted >= mmd2 * (1 - ROUNDING) - ROUNDING ** 2) atLeast++;
    ctx.progress(i + 1, permutations);
    await ctx.checkpoint();
  }
  return { mmd2, p: atLeast / (permutations + 1), unchanged: permutations === 0 ? mmd2 : sum / permutations };
}

/** Some permutations are the windows as they are, or their mirror image; rounding must not put them below. */
const ROUNDING = 1e-9;

/** What may change windows. */
interface Exchange {
  readonly size: number;
  /** 1 / rows of the first window + 1 / rows of the second: the weight of a row that goes from one to the other. */
  readonly weight: number;
  /** Difference of the mean features with no pair swapped and every single user in the second window. */
  readonly base: Float64Array;
  /** Common users: the features of their two profiles. */
  readonly pairs: readonly (readonly [first: Float32Array, second: Float32Array])[];
  /** Users of one window only, those of the first before those of the second. */
  readonly singles: readonly Float32Array[];
  readonly singlesInFirst: number;
}

function exchangeOf(first: WindowFeatures, second: WindowFeatures): Exchange {
  const size = first.features.cols;
  const row = ({ features }: WindowFeatures, r: number): Float32Array => features.data.subarray(r * size, (r + 1) * size);
  const rowInSecond = new Map(Array.from(second.users, (user, r) => [user, r]));
  const pairs: [Float32Array, Float32Array][] = [];
  const singles: Float32Array[] = [];
  for (let r = 0; r < first.features.rows; r++) {
    const user = first.users[r] as number;
    const other = rowInSecond.get(user);
    if (other === undefined) singles.push(row(first, r));
    else pairs.push([row(first, r), row(second, other)]);
    rowInSecond.delete(user);
  }
  const singlesInFirst = singles.length;
  for (const r of rowInSecond.values()) singles.push(row(second, r));
  const [perFirst, perSecond] = [1 / first.features.rows, 1 / second.features.rows];
  const base = new Float64Array(size);
  for (const [a, b] of pairs) {
    addTo(base, a, perFirst);
    addTo(base, b, -perSecond);
  }
  for (const single of singles) addTo(base, single, -perSecond);
  return { size, weight: perFirst + perSecond, base, pairs, singles, singlesInFirst };
}

function drawStatistic(exchange: Exchange, random: Random): number {
  const swapped = Uint8Array.from(exchange.pairs, () => random.int(2));
  return statistic(exchange, swapped, shuffle([...exchange.singles], random));
}

/** |difference of the mean features|^2 with these pairs swapped and the leading singles in the first window. */
function statistic(exchange: Exchange, swapped: Uint8Array, singles: readonly Float32Array[]): number {
  const { size, weight, base, pairs, singlesInFirst } = exchange;
  const moved = new Float64Array(size);
  for (let i = 0; i < pairs.length; i++) {
    if (swapped[i] === 0) continue;
    const [a, b] = pairs[i] as readonly [Float32Array, Float32Array];
    for (let f = 0; f < size; f++) moved[f] = (moved[f] as number) + ((b[f] as number) - (a[f] as number));
  }
  for (let i = 0; i < singlesInFirst; i++) addTo(moved, singles[i] as Float32Array, 1);
  let sum = 0;
  for (let f = 0; f < size; f++) sum += ((base[f] as number) + weight * (moved[f] as number)) ** 2;
  return sum;
}

function addTo(sums: Float64Array, row: Float32Array, weight: number): void {
  for (let f = 0; f < row.length; f++) sums[f] = (sums[f] as number) + weight * (row[f] as number);
}
