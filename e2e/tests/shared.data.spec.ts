import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../fixtures/app.ts';
import { longestTasks, watchLongTasks } from '../fixtures/long-tasks.ts';
import { memoryOf } from '../fixtures/memory.ts';
import { expect, test } from '../fixtures/test.ts';

/** Real exports, dirt included: the folder that MURMURATION_DATA names. */
const ROOT = process.env.MURMURATION_DATA ?? '';
const MOST_MINUTES = 3;
const MOST_MEMORY_MB = 2048;

test.beforeAll(() => {
  if (ROOT === '' || !existsSync(ROOT))
    throw new Error('Set MURMURATION_DATA to the folder with the data sets (online-retail, movielens-small, polis).');
});

const chosen = (app: App, label: RegExp) => expect(app.combobox(label));

test('half a million purchases: mapped right, analysed in time and memory, every row accounted for', async ({
  app,
  page,
  figure,
}) => {
  await watchLongTasks(page);
  await app.open();
  const start = Date.now();
  await app.choosePaths(join(ROOT, 'online-retail/OnlineRetail.csv.gz'));
  figure('looking at online-retail', (Date.now() - start) / 1000, 's');
  await chosen(app, /^User/).toHaveValue('CustomerID');
  await chosen(app, /^Time: when/).toHaveValue('InvoiceDate');
  await expect(app.columns).toContainText('Description');
  await expect(page.getByText(/541,909 rows/)).toBeVisible();

  await longestTasks(page);
  const began = Date.now();
  await app.analyse(MOST_MINUTES * 60_000);
  figure('analysing online-retail', (Date.now() - began) / 1000, 's');
  const peak = await memoryOf(page, 'VmHWM');
  figure('memory of page and workers, at most', peak, 'MB');
  const longest = await longestTasks(page);
  figure('longest task of the main thread while analysing', longest.working, 'ms');
  figure('longest task of the main thread on opening the result', longest.showing, 'ms');
  expect(peak, 'memory in MB').toBeLessThan(MOST_MEMORY_MB);

  await page.getByRole('tab', { name: 'Data' }).click();
  await expect(app.details).toContainText('541,909');
  await expect(app.details).toContainText('135,080');
  expect(Number(await app.map.getAttribute('data-points'))).toBeGreaterThan(500);
  await expect(page.locator('canvas').first()).toBeVisible();
});

test('tags of films load and give a result', async ({ app }) => {
  await app.open();
  await app.choosePaths(join(ROOT, 'movielens-small/tags.csv'));
  await chosen(app, /^User/).toHaveValue('userId');
  await chosen(app, /^Time: when/).toHaveValue('timestamp');
  await chosen(app, /^Written as/).toHaveValue('Unix seconds');
  await expect(app.columns).toContainText('tag');
  await app.select('Window', 'Year');
  await app.analyse();
  expect(Number(await app.map.getAttribute('data-points'))).toBeGreaterThan(0);
});

test('Chinese comments load, and the page says that no model here knows Chinese, and that segments are by words', async ({
  app,
  page,
}) => {
  await app.open();
  await app.choosePaths(join(ROOT, 'polis/vtaiwan.uberx/comments.csv'));
  await chosen(app, /^User/).toHaveValue('author-id');
  await app.setNumber('Events a user needs in a window', 1);
  await app.analyse();
  await page.getByRole('button', { name: 'Warnings' }).click();
  await expect(page.getByText(/^No model that is here knows .*Chinese.* by words, not by meaning/)).toBeVisible();
});
