import { createRandom, deriveSeed, type JobContext, type Matrix, type Random, shuffle, untold } from '../../domain/index.ts';

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
  const exchange = exchangeOf(first, second);
  const random = createRandom(deriveSeed(seed, 'MMD permutations'));
  const [mmd2] = (await statistics(exchange, [asTheyAre(exchange)], untold(ctx))) as [number];
  const permuted: number[] = [];
  while (permuted.length < permutations) {
    const count = Math.min(DRAWS, permutations - permuted.length);
    const draws = Array.from({ length: count }, () => draw(exchange, random));
    permuted.push(...(await statistics(exchange, draws, untold(ctx))));
    ctx.progress(permuted.length, permutations);
    await ctx.checkpoint();
  }
  const atLeast = 1 + permuted.filter((value) => value >= mmd2 * (1 - ROUNDING) - ROUNDING ** 2).length;
  const unchanged = permutations === 0 ? mmd2 : permuted.reduce((sum, value) => sum + value, 0) / permutations;
  return { mmd2, p: atLeast / (permutations + 1), unchanged };
}

/** Draws that are held at once: each has a byte a user, and sums of all features. */
const DRAWS = 256;

/** Some permutations are the windows as they are, or their mirror image; rounding must not put them below. */
const ROUNDING = 1e-9;

/** What may change windows. */
interface Exchange {
  readonly size: number;
  /** 1 / rows of the first window + 1 / rows of the second: the weight of a row that goes from one to the other. */
  readonly weight: number;
  /** Difference of the mean features with no pair swapped and every single user in the second window. */
  readonly base: Float64Array;
  readonly pairs: number;
  readonly singles: number;
  readonly singlesInFirst: number;
  /**
   * What is added to the difference, before its weight, where a unit goes: for a pair that is swapped its second profile less the first, for a
   * single user in the first window its profile. Pairs first, then the singles, those of the first window before those of the second.
   */
  readonly units: readonly Float64Array[];
}

function exchangeOf(first: WindowFeatures, second: WindowFeatures): Exchange {
  const size = first.features.cols;
  const row = ({ features }: WindowFeatures, r: number): Float64Array =>
    Float64Array.from(features.data.subarray(r * size, (r + 1) * size));
  const rowInSecond = new Map(Array.from(second.users, (user, r) => [user, r]));
  const [perFirst, perSecond] = [1 / first.features.rows, 1 / second.features.rows];
  const base = new Float64Array(size);
  const pairs: Float64Array[] = [];
  const singles: Float64Array[] = [];
  for (let r = 0; r < first.features.rows; r++) {
    const user = first.users[r] as number;
    const own = row(first, r);
    const other = rowInSecond.get(user);
    if (other === undefined) singles.push(own);
    else {
      const next = row(second, other);
      addTo(base, own, perFirst);
      addTo(base, next, -perSecond);
      addTo(next, own, -1);
      pairs.push(next);
    }
    rowInSecond.delete(user);
  }
  const singlesInFirst = singles.length;
  for (const r of rowInSecond.values()) singles.push(row(second, r));
  for (const single of singles) addTo(base, single, -perSecond);
  const counts = { pairs: pairs.length, singles: singles.length, singlesInFirst };
  return { size, weight: perFirst + perSecond, base, ...counts, units: [...pairs, ...singles] };
}

/** 1 for every unit that goes. */
type Draw = Uint8Array;

const asTheyAre = ({ pairs, singles, singlesInFirst }: Exchange): Draw =>
  new Uint8Array(pairs + singles).fill(1, pairs, pairs + singlesInFirst);

function draw({ pairs, singles, singlesInFirst }: Exchange, random: Random): Draw {
  const goes = new Uint8Array(pairs + singles);
  for (let i = 0; i < pairs; i++) goes[i] = random.int(2);
  const order = shuffle(
    Uint32Array.from({ length: singles }, (_, i) => i),
    random,
  );
  for (const i of order.subarray(0, singlesInFirst)) goes[pairs + i] = 1;
  return goes;
}

/** Units that are added for all draws before the next: their features stay in the processor's cache, and are not read from memory for each draw. */
const BLOCK = 64;

/** |difference of the mean features|^2 of each draw; sums by blocks of units, in order. */
async function statistics({ size, weight, base, units }: Exchange, draws: readonly Draw[], ctx: JobContext): Promise<number[]> {
  const moved = draws.map(() => new Float64Array(size));
  for (let start = 0; start < units.length; start += BLOCK) {
    const block = units.slice(start, start + BLOCK);
    for (const [i, goes] of draws.entries()) {
      addRows(
        moved[i] as Float64Array,
        block.filter((_, u) => goes[start + u] === 1),
      );
      await ctx.checkpoint();
    }
  }
  return moved.map((sums) => sums.reduce((sum, value, f) => sum + ((base[f] as number) + weight * value) ** 2, 0));
}

/** Four rows at a time: the sums are read and written a quarter as often. */
function addRows(sums: Float64Array, rows: readonly Float64Array[]): void {
  const fours = rows.length - (rows.length % 4);
  for (let r = 0; r < fours; r += 4) {
    const [a, b, c, d] = rows.slice(r, r + 4) as [Float64Array, Float64Array, Float64Array, Float64Array];
    for (let f = 0; f < sums.length; f++) {
      sums[f] = (sums[f] as number) + ((a[f] as number) + (b[f] as number) + ((c[f] as number) + (d[f] as number)));
    }
  }
  for (const row of rows.slice(fours)) addTo(sums, row, 1);
}

function addTo(sums: Float64Array, row: Float64Array, weight: number): void {
  for (let f = 0; f < row.length; f++) sums[f] = (sums[f] as number) + weight * (row[f] as number);
}
