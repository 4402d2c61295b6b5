import { type Matrix, rowOf, type SurvivorChange } from '../../domain/index.ts';
import type { Centre, UserRows } from './centre.ts';
import { inErrors, Z95 } from './estimate.ts';

/** The members of a segment in one window. */
export interface Side {
  readonly centre: Centre;
  readonly rows: Matrix;
}

/**
 * Shift of the centroid: 1 - cosine, which is half the squared distance D of the two directions. Samples of users shift though nothing
 * moved, D by the sum over users of |e|^2 on average, where e is the user's influence on the difference of the directions (a little less where the
 * directions are apart, since both are of unit length); half of that is told as `chance` and taken off. With S the sum of e e^T, the variance of D is 4 d' S d + 2 tr(S^2), d the true difference: the linear and
 * the quadratic part of a U-statistic of degree two (Hoeffding 1948); without a change only the second is left, which the strength
 * is taken by. A user of both windows counts once, with both profiles.
 *
 * Cost: users x dims^2 / 2 multiplications.
 */
export function shiftChange(before: Side, after: Side, users: Iterable<UserRows>): SurvivorChange {
  const difference = after.centre.direction.map((v, c) => v - (before.centre.direction[c] as number));
  const { length, along, quadratic } = spreadOf(before, after, users, difference);
  const squared = difference.reduce((sum, v) => sum + v * v, 0);
  const bias = Math.max(0, length - (squared / 2) * (scatterOf(before.centre) + scatterOf(after.centre)));
  const found = squared - bias;
  const [low, high] = scoreLimits(found, squared > 0 ? along / squared : 0, quadratic);
  const half = (v: number): number => Math.min(2, Math.max(0, v / 2));
  return {
    ...{ measure: 'shift', before: null, after: null, amount: half(found), chance: bias / 2 },
    ...{ low: half(low), high: half(high) },
    strength: inErrors(found, Math.sqrt(2 * quadratic)),
  };
}

/**
 * The squared distances D from which the one found is at most Z95 standard errors away, where the variance is 4 D `slope` + 2 `quadratic`. Wald's
 * limits, with the variance at the distance found, leave out larger distances too often.
 */
function scoreLimits(found: number, slope: number, quadratic: number): [number, number] {
  const square = Z95 ** 2;
  const middle = found + 2 * slope * square;
  const root = Math.sqrt(Math.max(0, middle * middle - found * found + 2 * square * quadratic));
  return [middle - root, middle + root];
}

interface Spread {
  /** Sum over users of |e|^2. */
  readonly length: number;
  /** Sum of (d . e)^2. */
  readonly along: number;
  /** tr(S^2), without the part of each user with itself. */
  readonly quadratic: number;
}

function spreadOf(before: Side, after: Side, users: Iterable<UserRows>, difference: Float64Array): Spread {
  const dims = difference.length;
  const e = new Float64Array(dims);
  const outer = new Float64Array(dims * dims);
  const [oldScale, freshScale] = [scaleOf(before.centre), scaleOf(after.centre)];
  let [total, along, own] = [0, 0, 0];
  for (const [i, j] of users) {
    e.fill(0);
    if (i >= 0) addInfluence(e, before, -oldScale, i);
    if (j >= 0) addInfluence(e, after, freshScale, j);
    let [length, onto] = [0, 0];
    for (let a = 0; a < dims; a++) {
      const value = e[a] as number;
      length += value * value;
      onto += value * (difference[a] as number);
      const at = a * dims;
      for (let b = 0; b <= a; b++) outer[at + b] = (outer[at + b] as number) + value * (e[b] as number);
    }
    total += length;
    along += onto * onto;
    own += length * length;
  }
  // With few users their own parts may outweigh the rest; tr(S^2) is at least tr(S)^2 over the dimensions that S can have.
  const quadratic = Math.max(squaredNorm(outer, dims) - own, (total * total) / Math.max(1, dims - 1));
  return { length: total, along, quadratic };
}

/** Scale of a row's influence on the direction. */
const scaleOf = ({ count, length, unbiased }: Centre): number => 1 / ((unbiased || length) * Math.sqrt(count * (count - 1)));

/** Sum over the rows of the squared influence on the direction. */
const scatterOf = (centre: Centre): number =>
  scaleOf(centre) ** 2 * centre.cosines.reduce((sum, cosine) => sum + Math.max(0, 1 - cosine * cosine), 0);

/** Adds what a row does to the direction: its part across it, by the length of the mean. */
function addInfluence(e: Float64Array, { centre: { direction, cosines }, rows }: Side, scale: number, i: number): void {
  const row = rowOf(rows, i);
  const cosine = cosines[i] as number;
  for (let c = 0; c < e.length; c++) {
    e[c] = (e[c] as number) + scale * ((row[c] as number) - cosine * (direction[c] as number));
  }
}

/** Of a symmetric matrix whose lower triangle is filled. */
function squaredNorm(lower: Float64Array, dims: number): number {
  let sum = 0;
  for (let a = 0; a < dims; a++) {
    for (let b = 0; b < a; b++) sum += 2 * (lower[a * dims + b] as number) ** 2;
    sum += (lower[a * dims + a] as number) ** 2;
  }
  return sum;
}
