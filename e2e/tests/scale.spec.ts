import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { behaviourCsv } from '../../src/testing/behaviour-csv.ts';
import { longestTasks, watchLongTasks } from '../fixtures/long-tasks.ts';
import { memoryOf } from '../fixtures/memory.ts';
import { expect, test } from '../fixtures/test.ts';

const ROWS = 1_000_000;
const MOST_MEMORY_MB = 700;
const LONGEST_TASK_MS = 100;

test('P7 a million rows are looked at and read without holding the page, in bounded memory', async ({
  app,
  page,
  figure,
}, info) => {
  const path = info.outputPath('behaviour.csv');
  await pipeline(Readable.from(behaviourCsv(ROWS, 7)), createWriteStream(path));
  await watchLongTasks(page);
  await app.open();
  const before = await memoryOf(page, 'VmRSS');
  await longestTasks(page);
  const start = Date.now();
  await app.choosePaths(path);
  figure('looking at a million rows', (Date.now() - start) / 1000, 's');
  // The survey types, cleans and accounts for every row, as reading does.
  await expect(page.getByText(/1,000,000 read = /)).toBeVisible({ timeout: 120_000 });
  figure('looking at them and surveying them', (Date.now() - start) / 1000, 's');
  const added = (await memoryOf(page, 'VmHWM')) - before;
  figure('memory added, at most', added, 'MB');
  const { working } = await longestTasks(page);
  figure('longest task of the main thread', working, 'ms');
  expect(added, 'memory added in MB').toBeLessThan(MOST_MEMORY_MB);
  expect(working, 'longest task of the main thread in ms').toBeLessThan(LONGEST_TASK_MS);
});
