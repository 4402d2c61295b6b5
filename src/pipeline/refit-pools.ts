/** One no-change re-fit: the window whose events are halved, and which of that window's re-fits it is. */
export interface RefitPlan {
  readonly window: number;
  readonly ordinal: number;
}

/** The re-fits that events are held against. */
export interface RefitPool {
  /** The pool judges the events of this window and those after, up to the next pool's. */
  readonly from: number;
  readonly plans: readonly RefitPlan[];
}

/** `count` re-fits dealt over windows in turn. */
export const dealRefits = (able: readonly number[], count: number): RefitPlan[] =>
  able.length === 0
    ? []
    : Array.from({ length: count }, (_, r) => ({
        window: able[r % able.length] as number,
        ordinal: Math.floor(r / able.length),
      }));

/** A pool for each window that can be re-fitted, of `count` re-fits of the windows up to it: what comes later does not change it. */
export const poolsAsOf = (able: readonly number[], count: number): RefitPool[] =>
  able.map((from, i) => ({ from, plans: dealRefits(able.slice(0, i + 1), count) }));

/**
 * All re-fits of the pools, each once, in the order in which the pools need them. Pools of n windows in turn share most: about
 * count x (1 + 1/2 + ... + 1/n) re-fits.
 */
export function refitsOf(pools: readonly RefitPool[]): RefitPlan[] {
  const plans = new Map<string, RefitPlan>();
  for (const { plans: own } of pools) for (const plan of own) plans.set(keyOfRefit(plan), plan);
  return [...plans.values()];
}

export const keyOfRefit = ({ window, ordinal }: RefitPlan): string => `${window} ${ordinal}`;

/** The pool that judges the events of a window. */
export const poolAt = (pools: readonly RefitPool[], window: number): RefitPool | undefined =>
  pools.findLast(({ from }) => from <= window);
