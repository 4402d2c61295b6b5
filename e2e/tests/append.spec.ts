import { csvFile } from '../fixtures/app.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

/** The sample's rows before and after a day, each with the header. */
function splitAt(csv: string, day: string): [string, string] {
  const [header = '', ...rows] = csv.trim().split('\n');
  const early = (row: string): boolean => (row.split(',')[1] ?? '') < day;
  const file = (lines: string[]): string => `${[header, ...lines].join('\n')}\n`;
  return [file(rows.filter(early)), file(rows.filter((row) => !early(row)))];
}

const [EARLY, LATE] = splitAt(smallCsv({ every: 6, months: 5 }), '2024-04-01');

test('a file that is added keeps windows, tracks and colours, and only what it touches is computed again', async ({
  app,
  page,
}) => {
  await app.open();
  await app.drop(csvFile('early.csv', EARLY));
  await app.analyse();
  await expect(page.getByText('Measuring trust')).toHaveCount(0, { timeout: 120_000 });
  await app.scrubber.press('Home');
  const looks = () =>
    app.segments.evaluateAll((rows) => rows.map((row) => [row.textContent, row.innerHTML.match(/(background|--)[^;"]*/g)]));
  const before = await looks();
  expect(before.length).toBeGreaterThan(2);

  await test.step('other columns are refused in words, and the result stays', async () => {
    await app.dropOnResult(csvFile('other.csv', 'who,what\na,b\n'));
    await expect(app.alert).toContainText('other.csv has no column');
    expect(await looks()).toEqual(before);
    await app.alert.getByRole('button').first().click();
  });

  await test.step('the result stays in view while data are added', async () => {
    await app.dropOnResult(csvFile('late.csv', LATE));
    await expect(page.getByRole('status').filter({ hasText: /Adding data|Looking at the files/ })).toBeVisible();
    await expect(app.map).toBeVisible();
  });

  await expect(page.getByText(/Computed again: .* \(2 of 5 windows\)/)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText('5 windows', { exact: false }).first()).toBeVisible();
  expect(await looks()).toEqual(before);
  await page.getByRole('tab', { name: 'Data' }).click();
  for (const name of ['early.csv', 'late.csv']) await expect(app.details.getByText(name, { exact: true })).toBeVisible();
});

test('the data that are added can be cancelled, which leaves the result, and added again', async ({ app, page }) => {
  await app.open();
  await app.drop(csvFile('early.csv', EARLY));
  await app.analyse();
  await expect(page.getByText('Measuring trust')).toHaveCount(0, { timeout: 120_000 });
  await app.dropOnResult(csvFile('late.csv', LATE));
  await page.getByRole('button', { name: 'Stop adding data' }).click();
  await expect(page.getByRole('button', { name: 'Stop adding data' })).toHaveCount(0);
  await expect(app.map).toBeVisible();
  await expect(page.getByText('3 windows', { exact: false }).first()).toBeVisible();
  await app.dropOnResult(csvFile('late.csv', LATE));
  await expect(page.getByText(/Computed again: .* \(2 of 5 windows\)/)).toBeVisible({ timeout: 120_000 });
});
