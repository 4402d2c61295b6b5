import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { abilityError } from '../domain/index.ts';
import { type GpuContext, type OptionalFeature, openGpu } from '../gpu/index.ts';

const ICD = 'vk_swiftshader_icd.json';

/**
 * A WebGPU device in Node (Dawn through the npm package `webgpu`), on the machine's own driver or on the SwiftShader that
 * comes with Chromium. Rejects where there is none: a GPU test that can't run has failed.
 * The Vulkan loader reads LD_LIBRARY_PATH at process start, so whoever starts the tests sets it (see {@link swiftShaderFolder}).
 */
export async function openNodeGpu(
  provide: () => Promise<GPU> = nodeGpu,
  without: readonly OptionalFeature[] = [],
): Promise<GpuContext> {
  const folder = process.env.VK_DRIVER_FILES ? null : swiftShaderFolder();
  if (folder) process.env.VK_DRIVER_FILES = join(folder, ICD);
  const opened = await openGpu(await provide(), { allowSoftware: true, without });
  if (opened.ok) return opened.context;
  throw abilityError(
    'no-test-gpu',
    `The GPU tests need a WebGPU adapter: ${opened.reason}`,
    `Install Chromium (it brings SwiftShader) and start the tests with LD_LIBRARY_PATH on the folder that holds libvulkan.so.1; VK_DRIVER_FILES is ${process.env.VK_DRIVER_FILES ?? 'not set'}.`,
  );
}

/** The same without an optional feature that the adapter may have: for the plain path beside it. */
export const openPlainGpu = (...without: OptionalFeature[]): Promise<GpuContext> => openNodeGpu(nodeGpu, without);

/** Counts the buffers of a device from now on, until `restore`. */
export function countBuffers({ device }: GpuContext) {
  const create = device.createBuffer.bind(device);
  const open = new Set<GPUBuffer>();
  let made = 0;
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    open.add(buffer);
    made++;
    buffer.destroy = () => {
      open.delete(buffer);
      return destroy();
    };
    return buffer;
  };
  const restore = (): void => {
    device.createBuffer = create;
  };
  return { made: () => made, open: () => open.size, restore };
}

/** The folder with SwiftShader's driver file, where Debian, the PATH's chromium or Playwright have put it; null if nowhere. */
export function swiftShaderFolder(): string | null {
  return [...installedFolders(), ...playwrightFolders()].find((folder) => existsSync(join(folder, ICD))) ?? null;
}

function installedFolders(): string[] {
  return ['/usr/lib/chromium', '/usr/lib/chromium-browser', ...folderOnPath('chromium'), ...folderOnPath('google-chrome')];
}

function folderOnPath(command: string): string[] {
  try {
    const path = execFileSync('which', [command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return [dirname(realpathSync(path))];
  } catch {
    return [];
  }
}

/** Playwright keeps one folder a browser build, with the binaries one level below. */
function playwrightFolders(): string[] {
  const root = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache/ms-playwright');
  return foldersIn(root)
    .filter((folder) => folder.includes('chromium'))
    .flatMap(foldersIn);
}

function foldersIn(root: string): string[] {
  if (!existsSync(root)) return [];
  const entries = readdirSync(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name));
}

// Kept in a module local and not on globalThis.navigator: a GPU that a global holds keeps Node from exiting.
let gpu: GPU | null = null;

async function nodeGpu(): Promise<GPU> {
  if (gpu) return gpu;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  gpu = create([]);
  return gpu;
}
