import type { Page, Worker } from '@playwright/test';
import { PROXY_URL } from '../fixtures/addresses.ts';
import { type App, csvFile } from '../fixtures/app.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, type Outside, test } from '../fixtures/test.ts';

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

/** Runs in the page or a worker: fetches `url` there, and from a worker that it starts; the two outcomes. */
const plant = async (url: string): Promise<string[]> => {
  const attempt = (target: string): Promise<string> =>
    fetch(target, { mode: 'no-cors' }).then(
      () => 'sent',
      () => 'blocked',
    );
  const code = `(${attempt})(${JSON.stringify(`${url}-nested`)}).then((r) => postMessage(r))`;
  const nested = new Promise<string>((resolve) => {
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
    worker.onmessage = (event) => resolve(event.data as string);
  });
  return [await attempt(url), await nested];
};

async function violationsDuring(page: Page, work: () => Promise<unknown>): Promise<string[]> {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seenViolations: seen });
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.blockedURI));
  });
  await work();
  return page.evaluate(() => (globalThis as unknown as { seenViolations: string[] }).seenViolations);
}

const asked = async (outside: Outside): Promise<number> =>
  (await outside.requests()).filter((url) => url.includes('planted.test')).length;

/**
 * What the app's workers say to a planted fetch, by worker. Each is asked as soon as it starts: one that ends before it could
 * answer (the one that reads files does, once they are read) is left out, and the three kinds must all have answered.
 */
async function verdictsOfWorkers(app: App): Promise<Map<string, string[]>> {
  const verdicts = new Map<string, string[]>();
  const ask = (worker: Worker): void => {
    if (worker.url().startsWith('blob:')) return;
    worker.evaluate(plant, 'http://planted.test/worker').then(
      (verdict) => verdicts.set(worker.url(), verdict),
      () => undefined,
    );
  };
  app.page.on('worker', ask);
  for (const worker of app.page.workers()) ask(worker);
  await app.drop(csvFile('library.csv', smallCsv({ every: 2 })));
  await app.analyseButton.click();
  const kinds = ['ingest', 'embed', 'analysis'];
  const answered = (kind: string): boolean => [...verdicts.keys()].some((url) => url.includes(`${kind}.worker`));
  await expect.poll(() => kinds.filter(answered), { timeout: 60_000 }).toEqual(kinds);
  app.page.off('worker', ask);
  return verdicts;
}

test('P1 every response carries the policy, worker scripts and missing files included', async ({ app, page }) => {
  const responses = new Map<string, Record<string, string>>();
  page.context().on('response', (response) => responses.set(response.url(), response.headers()));
  await app.open();
  await app.drop(csvFile('library.csv', smallCsv({ every: 12 })));
  // The database is asked for with the first SQL.
  await page.getByRole('button', { name: /^Filter and computed columns/ }).click();
  await page.getByRole('textbox', { name: 'Only rows for which' }).fill("title <> ''");
  await app.analyse();
  const missing = await page.request.get('/models/none.onnx');
  expect(missing.status()).toBe(404);
  const all = [...responses.entries(), ['missing file', missing.headers()] as const].filter(
    ([url]) => !/^(blob|data):/.test(url),
  );
  for (const part of ['ingest.worker', 'embed.worker', 'analysis.worker', 'duckdb', 'ort-wasm', '.onnx', '.css', 'index'])
    expect(
      all.some(([url]) => url.includes(part)),
      part,
    ).toBe(true);
  for (const [url, headers] of all) {
    expect(headers['content-security-policy']?.split('; '), url).toEqual(POLICY);
    expect(headers['cross-origin-opener-policy'], url).toBe('same-origin');
    expect(headers['cross-origin-embedder-policy'], url).toBe('require-corp');
  }
  const meta = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(meta?.split('; ')).toEqual(POLICY);
});

test('control: without the policy, planted fetches from a page, a worker and a nested worker reach the proxy', async ({
  page,
  outside,
}) => {
  await page.goto(`${PROXY_URL}/bare`);
  expect(await page.evaluate(plant, 'http://planted.test/page')).toEqual(['sent', 'sent']);
  expect(await asked(outside)).toBe(2);
  const nestedTwice = await page.evaluate(async (source) => {
    const worker = new Worker(
      URL.createObjectURL(
        new Blob([`(${source})('http://planted.test/worker').then((r) => postMessage(r))`], { type: 'text/javascript' }),
      ),
    );
    return new Promise((resolve) => {
      worker.onmessage = (event) => resolve(event.data);
    });
  }, plant.toString());
  expect(nestedTwice).toEqual(['sent', 'sent']);
  expect(await asked(outside)).toBe(4);
});

test('P1 planted fetches from the page, its workers and nested workers are seen and blocked', async ({
  app,
  page,
  outside,
  pageErrors,
}) => {
  await app.open();
  const seen = await violationsDuring(page, async () => {
    expect(await page.evaluate(plant, 'http://planted.test/page')).toEqual(['blocked', 'blocked']);
    expect(await page.evaluate(plant, 'https://planted.test/page')).toEqual(['blocked', 'blocked']);
  });
  expect(seen.filter((url) => url.includes('planted.test')).length).toBeGreaterThanOrEqual(2);
  await expect(page.getByText('An outside request was blocked'), 'the page tells its user of the attempt').toBeVisible();

  for (const [worker, verdict] of await verdictsOfWorkers(app)) expect(verdict, worker).toEqual(['blocked', 'blocked']);
  expect(await asked(outside)).toBe(0);
  // The browser logs each blocked fetch as an error: here they are what was asked for.
  const others = pageErrors.filter((text) => !/Content Security Policy|planted\.test/.test(text));
  expect(others).toEqual([]);
  pageErrors.length = 0;
});
