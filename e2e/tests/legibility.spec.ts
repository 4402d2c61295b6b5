import { type App, csvFile } from '../fixtures/app.ts';
import { illegibleTexts, unnamedControls } from '../fixtures/legibility.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

const small = csvFile('library.csv', smallCsv());

const FOLDS = [
  'Times, numbers, missing values',
  'Filter and computed columns (SQL)',
  'Cleaning',
  'Model',
  'Profiles',
  'Rows',
  'Columns',
  'Events over time',
] as const;

async function expectLegible(app: App, where: string): Promise<void> {
  await app.page.mouse.move(0, 0);
  expect.soft(await unnamedControls(app.page), `${where}: controls without a name`).toEqual([]);
  expect.soft(await illegibleTexts(app.page), `${where}: texts`).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`at 1280 x 800, ${colorScheme}: every control has a name and no text is cut off or covered`, async ({ app, page }) => {
    await page.emulateMedia({ colorScheme });
    await app.open();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    await expectLegible(app, 'start');
    await app.drop(small);
    await expectLegible(app, 'mapping');
    await page.getByRole('button', { name: 'How it is read' }).click();
    for (const name of FOLDS) await page.getByRole('region', { name, exact: true }).getByRole('button').first().click();
    await expectLegible(app, 'how files are read, cleaned, and what they hold');
    await page.getByRole('button', { name: 'Advanced settings' }).click();
    await expect(page.getByText('Tracking thresholds')).toBeVisible();
    await expectLegible(app, 'advanced settings');
    await app.analyseButton.click();
    await expect(page.getByRole('progressbar', { name: 'Embed' })).toBeVisible();
    await page.waitForTimeout(1500);
    await expectLegible(app, 'running');
    await expect(app.map).toBeVisible({ timeout: 60_000 });
    await app.settled();
    await expectLegible(app, 'workspace');
    await app.segments.first().click();
    await app.settled();
    await expectLegible(app, 'a segment selected');
    for (const tab of ['What changed', 'Movement', 'Data']) {
      await page.getByRole('tab', { name: tab }).click();
      await expectLegible(app, tab);
    }
    await app.scrubber.focus();
    await page.keyboard.press('ArrowRight');
    await app.settled();
    await page.getByRole('tab', { name: 'Movement' }).click();
    await expect(page.getByRole('grid', { name: 'Users from segment to segment' })).toBeVisible();
    await expectLegible(app, 'movement since the window before');
    await page.getByRole('button', { name: 'Show large' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect.soft(await unnamedControls(page), 'movement, large: controls without a name').toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
}

test('light and dark can be switched by hand', async ({ app, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await app.open();
  await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});
