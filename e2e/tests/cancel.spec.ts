import { type App, csvFile, STAGES, type StageName } from '../fixtures/app.ts';
import { longestTasks, watchLongTasks } from '../fixtures/long-tasks.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

const MOST_MS = 200;
/** Other work on the machine can only add to a time: a stage is tried again before it counts as slow. */
const TRIES = 3;

/** Stages of a small file may be over before the page has drawn them once. */
const MAY_BE_MISSED: readonly StageName[] = ['Profiles', 'Track'];

/**
 * Starts the analysis, presses Cancel as soon as the stage is seen at work, and waits in the page, since a message to it and
 * back would count as well. Milliseconds until Analyse is there again; null where the stage was over before it was seen.
 */
function cancelDuring(app: App, stage: StageName): Promise<number | null> {
  return app.page.evaluate(async (name) => {
    const nextFrame = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));
    const button = (text: string): HTMLButtonElement | undefined =>
      [...document.querySelectorAll('button')].find((b) => b.textContent?.trim() === text);
    const atWork = (): boolean => {
      const row = document.querySelector(`[role=progressbar][aria-label="${name}"]`)?.closest('li');
      return row != null && row.dataset.waiting === undefined && row.querySelector('[aria-label=done]') === null;
    };
    button('Analyse')?.click();
    while (!atWork()) {
      if (document.querySelector('[data-testid=map], [role=alert]')) return null;
      await nextFrame();
    }
    const start = performance.now();
    button('Cancel')?.click();
    while (!button('Analyse')) await nextFrame();
    return performance.now() - start;
  }, stage);
}

async function fastestCancel(app: App, stage: StageName): Promise<number | null> {
  let best: number | null = null;
  for (let i = 0; i < TRIES && (best === null || best >= MOST_MS); i++) {
    const took = await cancelDuring(app, stage);
    if (took === null) await app.settingsButton.click();
    else best = Math.min(best ?? took, took);
  }
  return best;
}

const busyWorkers = (app: App): string[] =>
  app.page
    .workers()
    .map((worker) => worker.url())
    .filter((url) => url.includes('analysis'));

test('P7 Cancel acts within 200 ms in every stage; files, mapping and the former result stay, and the next run works', async ({
  app,
  page,
  figure,
}) => {
  await watchLongTasks(page);
  await app.open();
  await app.drop(csvFile('library.csv', smallCsv({ every: 4, months: 3 })));
  await app.analyse();
  await app.settingsButton.click();
  for (const stage of STAGES) {
    const took = await fastestCancel(app, stage);
    figure(`Cancel in ${stage}`, took, 'ms');
    if (took === null) {
      expect(MAY_BE_MISSED, `${stage} is seen at work`).toContain(stage);
      continue;
    }
    expect(took, `Cancel in ${stage}`).toBeLessThan(MOST_MS);
    await expect(page.getByText('The run was cancelled.')).toBeVisible();
    await expect(app.combobox(/^User/)).toHaveValue('user_id');
    await expect(page.getByText('library.csv', { exact: true })).toBeVisible();
    await expect.poll(() => busyWorkers(app), { message: 'the work has ended' }).toEqual([]);
  }
  await app.backButton.click();
  await app.settled();
  await app.settingsButton.click();
  await app.analyse();
  const longest = await longestTasks(page);
  figure('longest task of the main thread while working', longest.working, 'ms');
  figure('longest task of the main thread while showing', longest.showing, 'ms');
});

test('P7 looking at a large file can be cancelled at once, and leaves no trace', async ({ app, page, figure }) => {
  await app.open();
  const took = await page.evaluate(async () => {
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));
    const cancel = (): HTMLButtonElement | undefined =>
      [...document.querySelectorAll('button')].find((b) => b.textContent?.trim() === 'Cancel');
    const row = 'u1,2024-01-01T00:00:00Z,a text about something\n'.repeat(100_000);
    const data = new DataTransfer();
    data.items.add(new File(['user,time,text\n', ...Array<string>(20).fill(row)], 'large.csv', { type: 'text/csv' }));
    document
      .querySelector('[aria-label="Drop files"]')
      ?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
    while (!cancel()) await pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const start = performance.now();
    cancel()?.click();
    while (!document.querySelector('[aria-label="Drop files"]')) await pause();
    return performance.now() - start;
  });
  figure('Cancel while looking at files', took, 'ms');
  expect(took).toBeLessThan(MOST_MS);
  await app.drop(csvFile('library.csv', smallCsv({ every: 40, months: 1 })));
  await expect(page.getByText('library.csv', { exact: true })).toBeVisible();
});
