import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

/** The machine in words, without names or paths of it. */
export function machine(): string {
  const model = cpuModel();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cpus().length} ${cpus().length === 1 ? 'core' : 'cores'}, ${memory} GiB, ${process.platform} ${process.arch}`;
}

/** Some kernels hide the model from Node and tell it here. */
function cpuModel(): string {
  const told = cpus()[0]?.model.trim();
  if (told && told !== 'unknown') return told;
  try {
    return /model name\s*:\s*(.+)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim() ?? 'unknown processor';
  } catch {
    return 'unknown processor';
  }
}

/** Load in the last minute: above the number of threads in use, clocks on the wall tell little. */
export const loadNow = (): number => Number((loadavg()[0] ?? 0).toFixed(2));
