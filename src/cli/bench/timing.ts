import type { Output, Timed } from './types.ts';

/** Runs `work` once in this process. */
export async function timeOnce(work: () => Output | Promise<Output>): Promise<Timed> {
  const before = process.cpuUsage();
  const started = performance.now();
  const output = await work();
  const wall = (performance.now() - started) / 1e3;
  const { user, system } = process.cpuUsage(before);
  return { output, wall, cpu: (user + system) / 1e6 };
}
