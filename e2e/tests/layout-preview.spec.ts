import type { Page } from '@playwright/test';
import { type App, csvFile } from '../fixtures/app.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

const EPOCHS = 8000;
// A third of the sample's users: with fewer a fast machine ends the layout within the time between two frames.
const third = csvFile('library.csv', smallCsv({ every: 3 }));

/** Remembers every epoch that the running page shows, however short. */
async function watchEpochs(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const shown: number[] = [];
    const look = (): void => {
      const preview = document.querySelector<HTMLElement>('[data-testid=layout-preview]');
      const epoch = Number(preview?.dataset.epoch ?? 0);
      if (epoch > 0 && epoch !== shown.at(-1)) shown.push(epoch);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    Object.assign(window, { shownEpochs: shown });
  });
  return () => page.evaluate(() => (window as unknown as { shownEpochs: number[] }).shownEpochs);
}

/** A run with a layout of some seconds; the epochs that were shown. */
async function shownBy(app: App, page: Page): Promise<number[]> {
  await app.open();
  await app.drop(third);
  await app.choosesFixed(5);
  await page.getByRole('button', { name: 'Advanced settings' }).click();
  await app.setNumber('Epochs', EPOCHS);
  const epochs = await watchEpochs(page);
  await app.analyse();
  return epochs();
}

test('the map is seen forming while the run goes on', async ({ app, page }) => {
  const shown = await shownBy(app, page);
  expect(shown.length).toBeGreaterThan(1);
  expect(shown).toEqual([...shown].sort((a, b) => a - b));
  expect(shown[0]).toBeLessThan(EPOCHS / 2);
});

// The last frame may come with the result, which then takes its place.
test('who asks for less motion sees no frame but the last', async ({ app, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const shown = await shownBy(app, page);
  expect(shown.filter((epoch) => epoch !== EPOCHS)).toEqual([]);
});
