import { csvFile } from '../fixtures/app.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

test('P5 work is shared out over threads, and without shared memory it is not; the page says so, the result is the same', async ({
  app,
  page,
}) => {
  const analyse = async (): Promise<string> => {
    await app.open();
    await app.drop(csvFile('library.csv', smallCsv({ every: 12 })));
    await app.analyse();
    await page.getByRole('tab', { name: 'Data' }).click();
    return await app.export('Assignments (CSV)');
  };
  const threads = await page.evaluate(() => Math.min(navigator.hardwareConcurrency, 4));
  const shared = await analyse();
  await expect(app.details).toContainText(`Threads${threads}`);
  await page.route('**/analysis.worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `delete globalThis.SharedArrayBuffer;\n${await response.text()}` });
  });
  const alone = await analyse();
  await expect(app.details).toContainText('Threads1');
  expect(alone).toBe(shared);
});
