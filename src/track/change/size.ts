import type { SurvivorChange } from '../../domain/index.ts';
import { inErrors, Z95 } from './estimate.ts';

/** Users of two windows and of one segment of each, which have some in common. */
export interface ShareCounts {
  /** Users with a profile that is not thin, in the earlier and in the later window, and in both. */
  readonly users: readonly [number, number];
  readonly commonUsers: number;
  /** Members of the two segments, and users in both. */
  readonly members: readonly [number, number];
  readonly commonMembers: number;
  /** Members of the earlier segment with a profile in the later window; of the later one, in the earlier window. */
  readonly oldPresent: number;
  readonly freshPresent: number;
}

/**
 * Change of a segment's share of its window's users. The two samples of users overlap in part, so that the shares are correlated by
 * r, from the users that are in both windows. The interval joins the Wilson limits of each by r (Zou & Donner 2008, "MOVER";
 * with wholly paired samples it is Newcombe 1998, method 8), the strength is the difference in Wald's standard errors with the same covariance
 * (Derrick et al. 2015).
 */
export function shareChange(counts: ShareCounts): SurvivorChange {
  const [users, freshUsers] = counts.users;
  const [s, t] = [counts.members[0] / users, counts.members[1] / freshUsers];
  const [v, w] = [(s * (1 - s)) / users, (t * (1 - t)) / freshUsers];
  const joint = counts.commonMembers - t * counts.oldPresent - s * counts.freshPresent + s * t * counts.commonUsers;
  const covariance = joint / (users * freshUsers);
  const r = v > 0 && w > 0 ? covariance / Math.sqrt(v * w) : 0;
  const [old, fresh] = [wilson(s, users), wilson(t, freshUsers)];
  const amount = t - s;
  return {
    ...{ measure: 'size', before: s, after: t, amount, chance: 0 },
    low: amount - joined(t - fresh.low, old.high - s, r),
    high: amount + joined(fresh.high - t, s - old.low, r),
    strength: inErrors(amount, Math.sqrt(Math.max(0, v + w - 2 * covariance))),
  };
}

/** Length of the sum of two sides of which the second points against the first where r is above 0. */
const joined = (a: number, b: number, r: number): number => Math.sqrt(Math.max(0, a * a + b * b - 2 * r * a * b));

/** Wilson 1927: the shares from which the one found is at most Z95 standard errors away. */
function wilson(share: number, n: number): { low: number; high: number } {
  const square = Z95 ** 2;
  const middle = (share + square / (2 * n)) / (1 + square / n);
  const half = (Z95 * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n))) / (1 + square / n);
  return { low: middle - half, high: middle + half };
}
