import type { Times } from './types.ts';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** "0.123 (0.120 to 0.140)": median, least and most. One value stands alone. */
export function spread(values: readonly number[]): string {
  const middle = median(values).toFixed(3);
  return values.length === 1 ? middle : `${middle} (${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)})`;
}

export type Clock = 'wall' | 'cpu';

/** Median of the peer's times over the median of ours; by the clock on the wall where one of them has no other. */
export function ratioOf(ours: Times, peer: Times, clock: Clock): number {
  const [a, b] = clock === 'cpu' && ours.cpu && peer.cpu ? [ours.cpu, peer.cpu] : [ours.wall, peer.wall];
  return median(b) / median(a);
}
