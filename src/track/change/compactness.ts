import type { SurvivorChange } from '../../domain/index.ts';
import type { Centre, UserRows } from './centre.ts';
import { inErrors, Z95 } from './estimate.ts';

/**
 * Change of the mean cosine of members to their centroid. Its variance is the sum over users of the squared influence that each has on
 * the difference, so that a user of both windows counts once, with both profiles (Efron & Stein 1981, infinitesimal jackknife).
 */
export function compactnessChange(before: Centre, after: Centre, users: Iterable<UserRows>): SurvivorChange {
  const [old, fresh] = [influence(before), influence(after)];
  let variance = 0;
  for (const [i, j] of users) variance += (fresh(j) - old(i)) ** 2;
  const amount = after.unbiased - before.unbiased;
  const error = Math.sqrt(variance);
  return {
    ...{ measure: 'compactness', before: before.unbiased, after: after.unbiased, amount, chance: 0 },
    ...{ low: amount - Z95 * error, high: amount + Z95 * error },
    strength: inErrors(amount, error),
  };
}

/** By row, scaled so that the squares of independent rows add up to the variance without bias. */
function influence({ count, length, unbiased, cosines }: Centre): (row: number) => number {
  const slope = unbiased > 0 ? (count * length) / ((count - 1) * unbiased) : 1;
  const scale = slope / Math.sqrt(count * (count - 1));
  return (row) => (row < 0 ? 0 : scale * ((cosines[row] as number) - length));
}
