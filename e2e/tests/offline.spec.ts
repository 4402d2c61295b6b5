import { resolve } from 'node:path';
import { preview } from 'vite';
import { PASSING_PORT } from '../fixtures/addresses.ts';
import { csvFile } from '../fixtures/app.ts';
import { Search } from '../fixtures/search.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

const ADDRESS = `http://localhost:${PASSING_PORT}/`;
test.use({ serviceWorkers: 'allow', baseURL: ADDRESS });

test('P5 once it has run, the page opens, analyses and searches with its server gone, and stays as shut off as before', async ({
  app,
  page,
  outside,
  pageErrors,
}) => {
  const server = await preview({
    root: resolve(import.meta.dirname, '../..'),
    logLevel: 'error',
    preview: { port: PASSING_PORT, strictPort: true },
  });
  const file = csvFile('library.csv', smallCsv());
  await app.open();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await app.drop(file);
  await app.analyse();
  const first = await app.exportAssignments();

  await server.close();
  await expect(fetch(ADDRESS)).rejects.toThrow();
  await app.open();
  await app.drop(csvFile('library.csv', `${smallCsv()}u1,2024-01-05T10:00:00Z,loan,b9999,A text that was never embedded,1,\n`));
  await app.analyse();
  await app.open();
  await app.drop(file);
  await app.analyse();
  expect(await app.exportAssignments()).toBe(first);
  const search = new Search(page);
  await search.ask('space');
  await expect(search.hits.first()).toContainText('astronomy');

  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const [keeper] = page.context().serviceWorkers();
  expect(await page.evaluate(attempt, 'http://planted.test/page')).toBe('blocked');
  expect(await keeper?.evaluate(attempt, 'http://planted.test/keeper')).toBe('blocked');
  expect(await outside.requests()).toEqual([]);
  // The browser logs the fetch that was blocked as an error.
  expect(pageErrors.filter((text) => !/Content Security Policy|planted\.test/.test(text))).toEqual([]);
  pageErrors.length = 0;
});

const attempt = (url: string): Promise<string> =>
  fetch(url, { mode: 'no-cors' }).then(
    () => 'sent',
    () => 'blocked',
  );
