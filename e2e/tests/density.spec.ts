import type { Locator, Page } from '@playwright/test';
import { csvFile } from '../fixtures/app.ts';
import { parseAssignments } from '../fixtures/assignments.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

const small = smallCsv();

const reachSlider = (page: Page): Locator => page.getByRole('slider', { name: 'Reach (eps)' });
const joinSlider = (page: Page): Locator => page.getByRole('slider', { name: /^Similarity from which noise joins/ });

interface Tracks {
  readonly windows: readonly { readonly noise: number; readonly joined: number; readonly eps?: number }[];
}

test('eps dragged on the k-distance curve and applied changes the noise; back to auto gives the first result again', async ({
  app,
  page,
}) => {
  await app.open();
  await app.drop(csvFile('library.csv', small));
  await app.select('Segments by', 'Density, eps (DBSCAN)');
  await app.analyse();
  await expect(app.details).toContainText('Each window takes the knee of its own curve');
  const knees = await app.exportAssignments();
  const { windows } = JSON.parse(await app.export('Tracks (JSON)')) as Tracks;

  await test.step('by keys and by pointer the line moves, and tells the share of core users', async () => {
    const slider = reachSlider(page);
    await slider.focus();
    await page.keyboard.press('Home');
    await expect(slider).toHaveAttribute('aria-valuetext', '0, about 0% of the users core');
    const box = (await slider.boundingBox())!;
    await page.mouse.move(box.x + 150, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 150, box.y + 11, { steps: 4 });
    await page.mouse.up();
    await expect(slider).toHaveAttribute('aria-valuetext', /about 9\d% of the users core|about 100% of the users core/);
    await expect(app.map).toHaveAttribute('data-window', '0');
  });

  await test.step('no reach at all: all are noise', async () => {
    await reachSlider(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    await page.getByRole('button', { name: 'Run again with eps 0.005' }).click();
    await expect(app.details).toContainText('One eps for all windows: 0.005.', { timeout: 180_000 });
    await expect(app.details).toContainText('More than half of all users are noise');
    expect(parseAssignments(await app.exportAssignments()).every((row) => row.segment === -1)).toBe(true);
  });

  await page.getByRole('button', { name: 'Back to auto' }).click();
  await expect(app.details).toContainText('Each window takes the knee of its own curve', { timeout: 180_000 });
  expect(await app.exportAssignments()).toBe(knees);
  expect(windows.every(({ eps }) => (eps ?? 0) > 0)).toBe(true);
});

test('noise joins its nearest segment from the similarity on that was set, and the window that was looked at stays', async ({
  app,
  page,
}) => {
  await app.open();
  await app.drop(csvFile('library.csv', small));
  await app.select('Segments by', 'Density (HDBSCAN)');
  await app.setNumber('Users that make a segment', 8);
  await app.analyse();
  await app.scrubber.focus();
  await page.keyboard.press('ArrowRight');
  await expect(app.map).toHaveAttribute('data-window', '1');
  await expect(reachSlider(page)).toHaveCount(0);
  const before = JSON.parse(await app.export('Tracks (JSON)')) as Tracks;
  const noise = before.windows.reduce((sum, window) => sum + window.noise, 0);
  expect(noise).toBeGreaterThan(0);

  const slider = joinSlider(page);
  await expect(slider).toHaveAttribute('aria-valuetext', 'off: noise stays noise');
  await slider.focus();
  await page.keyboard.press('Home');
  const told = Number((await slider.getAttribute('aria-valuetext'))?.match(/^0: (\d+) join$/)?.[1]);
  await page.getByRole('button', { name: 'Apply from 0' }).click();
  await expect(slider).toHaveAttribute('aria-valuenow', '0', { timeout: 180_000 });
  await expect(page.getByRole('button', { name: 'Apply from 0' })).toHaveCount(0);
  await app.settled();
  await expect(app.map).toHaveAttribute('data-window', '1');
  const after = JSON.parse(await app.export('Tracks (JSON)')) as Tracks;
  expect(after.windows.reduce((sum, window) => sum + window.joined, 0)).toBe(told);
  expect(after.windows.reduce((sum, window) => sum + window.noise, 0)).toBe(noise - told);

  await app.settingsButton.click();
  await expect(app.combobox('Users in no segment (noise)')).toHaveValue('Join the nearest if similar');
  await expect(page.getByRole('textbox', { name: 'Least similarity (cosine)' })).toHaveValue('0');
});
