import { type Browser, chromium, type Page } from '@playwright/test';
import { buildPage, findChromium, type PageServer, servePage, vulkanEnvironment } from '../../build/bench/index.ts';
import type { Matrix } from '../../domain/index.ts';
import type { Peak } from './gpu/peak.ts';
import type { PageRun } from './page/page.ts';
import type { Output, Runner, Timed } from './types.ts';
import type { Task, WorkName } from './work.ts';

const SOURCE = 'src/cli/bench/page';
const FOLDER = 'dist/bench';
const WARM_ROWS = 1000;
const LIMIT_MS = 600_000;
const HARDWARE = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--ignore-gpu-blocklist'];
const SOFTWARE = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** A headless Chromium with the page of the benchmark in it. */
export interface BenchBrowser {
  readonly version: string;
  readonly adapter: { readonly name: string; readonly software: boolean; readonly peak: Peak } | null;
  open(work: WorkName, x: Matrix, task: Task): Promise<Runner>;
  close(): Promise<void>;
}

/** Builds the page, serves it, and opens it; with a device, on the machine's own adapter or, where it has none, on SwiftShader. */
export async function openBrowser(onDevice: boolean): Promise<BenchBrowser> {
  buildPage(SOURCE, FOLDER);
  const server = await servePage(FOLDER);
  try {
    for (const args of onDevice ? [HARDWARE, SOFTWARE] : [[]]) {
      const opened = await launch(server, args, onDevice);
      if (opened) return opened;
    }
  } catch (error) {
    await server.close();
    throw error;
  }
  await server.close();
  throw new Error('This Chromium has no WebGPU adapter, not even SwiftShader.');
}

/** Null where a device is asked for and there is none. */
async function launch(server: PageServer, args: readonly string[], onDevice: boolean): Promise<BenchBrowser | null> {
  const path = findChromium();
  const env = { ...process.env, ...(onDevice ? vulkanEnvironment(path) : {}) } as Record<string, string>;
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', ...args], env });
  let kept = false;
  try {
    const page = await openPage(browser, server);
    const adapter = onDevice ? await page.evaluate(() => globalThis.murmurationBench.openDevice()) : null;
    if (onDevice && !adapter) return null;
    kept = true;
    const close = async (): Promise<void> => {
      await browser.close();
      await server.close();
    };
    return { version: `Chromium ${browser.version()}`, adapter, open: opener(page, server, onDevice), close };
  } finally {
    if (!kept) await browser.close();
  }
}

async function openPage(browser: Browser, server: PageServer): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(server.url);
  await page
    .waitForFunction(() => 'murmurationBench' in globalThis, undefined, { timeout: 20_000 })
    .catch((cause: unknown) => {
      throw new Error(`The page of the benchmark did not start: ${errors.join('; ')}`, { cause });
    });
  return page;
}

function opener(page: Page, server: PageServer, onDevice: boolean) {
  return async (work: WorkName, x: Matrix, task: Task): Promise<Runner> => {
    server.rows.set('all', new Uint8Array(x.data.buffer, x.data.byteOffset, x.data.byteLength));
    await page.evaluate(([rows, cols]) => globalThis.murmurationBench.load('/rows/all', rows, cols), [x.rows, x.cols] as const);
    const run = async (seed: number, rows: number): Promise<Timed> => {
      const asked = { work, task: { ...task, seed }, onDevice, rows };
      return timed(
        await page.evaluate((job) => globalThis.murmurationBench.run(job.work, job.task, job.onDevice, job.rows), asked),
      );
    };
    await run(task.seed, Math.min(WARM_ROWS, x.rows));
    const close = async (): Promise<void> => void server.rows.delete('all');
    return { by: 'ours in Chromium', once: false, run: (seed) => run(seed, x.rows), close };
  };
}

function timed({ wall, device, labels, ids, layout, value, passes }: PageRun): Timed {
  const output: Output = {
    ...(labels ? { labels: Int32Array.from(labels) } : {}),
    ...(ids ? { ids: Int32Array.from(ids) } : {}),
    ...(layout ? { layout: Float32Array.from(layout) } : {}),
    ...(value === undefined ? {} : { value }),
    ...(passes === undefined ? {} : { passes }),
  };
  return { output, wall, cpu: null, device };
}
