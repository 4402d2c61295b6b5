import { spawnSync } from 'node:child_process';

const AGAIN = 'MURMURATION_SOFTWARE_VULKAN';

/**
 * Starts `program` again with the software driver that Chromium brings: the Vulkan loader looks at the environment only as a
 * process starts. Returns its exit code; null where this is that second start, or there is no Chromium to take it from.
 */
export async function againOnSoftware(program: string): Promise<number | null> {
  if (process.env[AGAIN]) return null;
  // Apart from the rest: the bundle for a bare machine has no Playwright to look for a Chromium with.
  const found = await import('../../../build/bench/index.ts').catch(() => null);
  if (!found) return null;
  const env = { ...process.env, ...found.vulkanEnvironment(found.findChromium()), [AGAIN]: '1' };
  return spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit', env }).status ?? 2;
}
