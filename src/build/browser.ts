import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { chromium } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of a Chromium: CHROMIUM_PATH, one on the PATH, Playwright's own, or Playwright's own after fetching it. */
export function findChromium(): string {
  const found = present();
  if (found) return found;
  console.log('No Chromium found; fetching the one that Playwright brings ...');
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit', timeout: 300_000 });
  const fetched = present();
  if (fetched) return fetched;
  throw new Error(
    'No Chromium: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to its executable, then run the tests again.',
  );
}

function present(): string | null {
  const candidates = [process.env.CHROMIUM_PATH ?? '', ...onPath(), chromium.executablePath()];
  return candidates.find((path) => path !== '' && isExecutable(path)) ?? null;
}

const onPath = (): string[] =>
  (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Environment that lets WebGPU in Node find a Vulkan driver. Chromium ships the software driver SwiftShader and a Vulkan
 * loader in its own folder; the loader's folder must be in LD_LIBRARY_PATH before the process starts.
 */
export function vulkanEnvironment(chromiumPath: string): Record<string, string> {
  const folder = [
    dirname(realpathSync(chromiumPath)),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
  ].find((f) => existsSync(join(f, 'vk_swiftshader_icd.json')));
  if (!folder) return {};
  const libraries = [process.env.LD_LIBRARY_PATH, existsSync(join(folder, 'libvulkan.so.1')) ? folder : '']
    .filter(Boolean)
    .join(':');
  return {
    VK_DRIVER_FILES: process.env.VK_DRIVER_FILES ?? join(folder, 'vk_swiftshader_icd.json'),
    ...(libraries ? { LD_LIBRARY_PATH: libraries } : {}),
  };
}
