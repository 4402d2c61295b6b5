/** Times of one kind of work, in seconds. */
export interface Times {
  /** By the clock. */
  readonly wall: number[];
  /** Processor time of the process: what is left comparable on a machine that others use too. */
  readonly cpu: number[];
}

/** What a run answered, so that a fast wrong one shows, and so that it cannot be left out as dead code. */
export type Answer = number;

/** Runs `work` once and adds its times. */
export async function timeOnce(work: () => Promise<Answer>, times: Times): Promise<Answer> {
  const cpuBefore = process.cpuUsage();
  const wallBefore = performance.now();
  const answer = await work();
  times.wall.push((performance.now() - wallBefore) / 1e3);
  const { user, system } = process.cpuUsage(cpuBefore);
  times.cpu.push((user + system) / 1e6);
  return answer;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** ".123 (.120 to .140)": best, and median to worst. */
export const spread = (values: readonly number[]): string =>
  `${Math.min(...values).toFixed(3)} (${median(values).toFixed(3)} to ${Math.max(...values).toFixed(3)})`;
