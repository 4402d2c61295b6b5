import type { Page } from '@playwright/test';
import type { App } from '../fixtures/app.ts';
import { type Assignment, countBy, parseAssignments } from '../fixtures/assignments.ts';
import { longestTasks, watchLongTasks } from '../fixtures/long-tasks.ts';
import { expect, test } from '../fixtures/test.ts';

/** Months of the sample, and the most that one task may hold the page while an analysis runs. */
const WINDOWS = 12;
const LONGEST_TASK_MS = 200;

/** Every address that the page and its workers ask for. */
function recordRequests(page: Page): string[] {
  const asked: string[] = [];
  page.context().on('request', (request) => asked.push(request.url()));
  return asked;
}

/** Whether the map was seen on its way since, however short. */
async function watchMoves(app: App): Promise<() => Promise<boolean>> {
  const seen = await app.map.evaluateHandle((map) => {
    const found = { moving: false };
    new MutationObserver(() => {
      found.moving ||= map.getAttribute('data-settled') === 'false';
    }).observe(map, { attributes: true });
    return found;
  });
  return () => seen.evaluate(({ moving }) => moving);
}

async function stepByKeys(app: App): Promise<void> {
  await app.scrubber.focus();
  await app.page.keyboard.press('Home');
  await expect(app.map).toHaveAttribute('data-window', '0');
  await app.settled();
  const moved = await watchMoves(app);
  await app.page.keyboard.press('ArrowRight');
  // On the way before it has arrived: users move, they do not jump.
  await expect.poll(moved).toBe(true);
  await app.settled();
  await expect(app.map).toHaveAttribute('data-window', '1');
  await app.page.keyboard.press('End');
  await expect(app.map).toHaveAttribute('data-window', String(WINDOWS - 1));
  await app.page.keyboard.press('ArrowLeft');
  await expect(app.map).toHaveAttribute('data-window', String(WINDOWS - 2));
}

async function stepByPointer(app: App): Promise<void> {
  const box = await app.scrubber.boundingBox();
  if (!box) throw new Error('the scrubber has no place on the page');
  const inMonth = (month: number): number => ((month + 0.5) / WINDOWS) * box.width;
  await app.scrubber.click({ position: { x: inMonth(4), y: 10 } });
  await expect(app.scrubber).toHaveAttribute('aria-valuenow', '4');
  await app.page.mouse.move(box.x + inMonth(4), box.y + 10);
  await app.page.mouse.down();
  await app.page.mouse.move(box.x + inMonth(7), box.y + 10, { steps: 5 });
  await app.page.mouse.up();
  await expect(app.map).toHaveAttribute('data-window', '7');
  await app.settled();
}

async function playAndPause(app: App): Promise<void> {
  await app.page.getByRole('button', { name: 'Play' }).click();
  await expect(app.map).toHaveAttribute('data-window', '9');
  await app.page.getByRole('button', { name: 'Pause' }).click();
  await app.settled();
  const stopped = await app.map.getAttribute('data-window');
  // Longer than the rest in a window: it stays where it was stopped.
  await app.page.waitForTimeout(2000);
  await expect(app.map).toHaveAttribute('data-window', stopped ?? '');
}

/** The list, the lineage and the details show the same track. */
async function expectSelected(app: App): Promise<string> {
  await expect(app.selectedSegment).toHaveCount(1);
  const track = (await app.selectedSegment.getAttribute('data-track')) ?? '';
  await expect(app.details).toContainText(`Track ${track} ·`);
  const name = ((await app.selectedBlocks.first().getAttribute('aria-label')) ?? '').split(', 2')[0] ?? '';
  await expect(app.selectedSegment).toContainText(name);
  return track;
}

/** Clicks on the map until a dot is hit; the user whose dot it was. */
async function clickADot(app: App): Promise<string> {
  const box = await app.map.boundingBox();
  if (!box) throw new Error('the map has no place on the page');
  const tip = app.map.getByRole('tooltip');
  for (let y = 0.3; y < 0.8; y += 0.04) {
    for (let x = 0.25; x < 0.75; x += 0.02) {
      await app.page.mouse.move(box.x + x * box.width, box.y + y * box.height);
      if ((await tip.count()) === 0 || (await tip.getByText('No segment').count()) > 0) continue;
      const user = (await tip.textContent())?.match(/^u\d{4}/)?.[0] ?? '';
      await app.page.mouse.down();
      await app.page.mouse.up();
      return user;
    }
  }
  throw new Error('no dot of the map answers the pointer');
}

async function expectEveryUserDrawn(app: App, rows: readonly Assignment[]): Promise<void> {
  const users = [...countBy(rows, (row) => row.window)].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(users).toHaveLength(WINDOWS);
  await app.scrubber.focus();
  for (const [at, [, count]] of users.slice(0, 3).entries()) {
    await app.page.keyboard.press(at === 0 ? 'Home' : 'ArrowRight');
    await expect(app.map).toHaveAttribute('data-window', String(at));
    await expect(app.map).toHaveAttribute('data-points', String(count));
  }
}

test('P1 the main job, from the drop to the exported file, asks nothing of any other address', async ({
  app,
  page,
  outside,
  figure,
}) => {
  const asked = recordRequests(page);
  await watchLongTasks(page);
  await app.open('', true);
  await app.trySample();
  await longestTasks(page);
  await app.analyse();
  const longest = await longestTasks(page);
  figure('longest task of the main thread while analysing', longest.working, 'ms');
  figure('longest task of the main thread on opening the result', longest.showing, 'ms');

  await test.step('scrub: keys, pointer, play and pause', async () => {
    await stepByKeys(app);
    await stepByPointer(app);
    await playAndPause(app);
  });

  const rows = parseAssignments(await app.exportAssignments());
  await test.step('the map holds the users of its window', () => expectEveryUserDrawn(app, rows));

  await test.step('a segment chosen in one view is chosen in all', async () => {
    await app.settled();
    await app.segments.nth(1).click();
    await expectSelected(app);
    const block = app.lineageBlocks.last();
    await block.click();
    await expect(block).toHaveAttribute('aria-pressed', 'true');
    await app.settled();
    await expectSelected(app);
    await page.keyboard.press('Escape');
    await expect(app.selectedSegment).toHaveCount(0);
    const window = await app.map.getAttribute('data-window');
    const user = await clickADot(app);
    const month = [...new Set(rows.map((row) => row.window))].sort()[Number(window)];
    expect(await expectSelected(app)).toBe(rows.find((row) => row.user === user && row.window === month)?.track);
  });

  await test.step('each known group has its precision, recall and F1, and leads to the segment matched with it', async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Data' }).click();
    const group = page.getByRole('rowgroup').filter({ has: page.getByRole('rowheader', { name: 'baking', exact: true }) });
    await expect(group.getByRole('cell')).toHaveText([/baking/, /^\d+$/, /^[01]\.\d\d$/, /^[01]\.\d\d$/, /^[01]\.\d\d$/]);
    await group.getByRole('button').click();
    await expect(app.selectedSegment).toContainText('baking');
  });

  const { origin } = new URL(page.url());
  expect(asked.filter((url) => !url.startsWith(`${origin}/`) && !/^(blob|data):/.test(url))).toEqual([]);
  expect(asked.some((url) => url.includes('/models/'))).toBe(true);
  expect(asked.some((url) => url.endsWith('.wasm'))).toBe(true);
  expect(await outside.requests()).toEqual([]);
  await expect(page.getByText('Nothing left this machine')).toBeVisible();
  expect(longest.working, 'P7 the page stays alive').toBeLessThan(LONGEST_TASK_MS);
});
