import { gzipSync } from 'node:zlib';
import { csvFile } from '../fixtures/app.ts';
import { countBy, parseAssignments } from '../fixtures/assignments.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

const small = smallCsv();
const MONTHS = 4;

test('P2 a saved manifest, loaded with the same file in a new page, gives the same assignments; another file is told', async ({
  app,
  page,
}) => {
  await app.open();
  await app.drop(csvFile('library.csv', small));
  await app.setNumber('Seed', 7);
  await app.setNumber('Events a user needs in a window', 2);
  await app.choosesFixed(5);
  await app.analyse();
  const first = await app.exportAssignments();
  const manifest = await app.export('Run manifest (JSON)');

  await app.open();
  await app.loadManifest(manifest);
  await expect(page.getByRole('region', { name: 'Run manifest' })).toContainText('library.csv');
  await app.drop(csvFile('library.csv', small));
  await expect(page.getByText('the files are the same')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Seed' })).toHaveValue('7');
  await app.analyse();
  expect(await app.exportAssignments()).toBe(first);

  await app.open();
  await app.loadManifest(manifest);
  await app.drop(csvFile('library.csv', smallCsv({ every: 7 })));
  await expect(page.getByText('The files differ from those of the recipe')).toBeVisible();
  await expect(page.getByText('library.csv has other content than then.')).toBeVisible();
});

test('global segments are fixed: the same tracks in every month, and no change tells a split or a merge', async ({
  app,
  page,
}) => {
  await app.open();
  await app.drop(csvFile('library.csv', small));
  await page.getByText('Global', { exact: true }).click();
  await expect(page.getByText('to see users move between segments that stay the same')).toBeVisible();
  await app.choosesFixed(5);
  await app.analyse();
  const rows = parseAssignments(await app.exportAssignments());
  const tracks = rows.filter((row) => row.track !== '').map((row) => `${row.segment} ${row.track}`);
  expect([...new Set(tracks)].sort()).toEqual(['0 1', '1 2', '2 3', '3 4', '4 5']);
  const { events } = JSON.parse(await app.export('Tracks (JSON)')) as { events: { kind: string }[] };
  expect(events.filter(({ kind }) => ['split', 'merge', 'reorganise'].includes(kind))).toEqual([]);
  const { settings } = JSON.parse(await app.export('Run manifest (JSON)')) as { settings: { mode: string } };
  expect(settings.mode).toBe('global');
});

test('a fixed k gives that many segments in every window; k chosen by silhouette tells what it tried', async ({ app, page }) => {
  await app.open();
  await app.drop(csvFile('library.csv', small));
  await app.choosesFixed(6);
  await app.analyse();
  await app.scrubber.focus();
  await page.keyboard.press('Home');
  for (let month = 0; month < MONTHS; month++) {
    await expect(app.map).toHaveAttribute('data-window', String(month));
    await expect(app.segments).toHaveCount(6);
    await page.keyboard.press('ArrowRight');
  }
  const rows = parseAssignments(await app.exportAssignments());
  const kinds = new Set(rows.map((row) => `${row.window} ${row.segment}`));
  expect([...countBy([...kinds], (kind) => kind.split(' ')[0] ?? '').values()]).toEqual(Array(MONTHS).fill(6));

  await app.settingsButton.click();
  await page.getByText('Automatic', { exact: true }).first().click();
  await app.setNumber('Most to try', 8);
  await app.analyse();
  const chosen = JSON.parse(await app.export('Run manifest (JSON)')) as { settings: { k: unknown; kMax: unknown } };
  expect(chosen.settings).toMatchObject({ k: 'auto', kMax: 8 });
  await expect(app.details).toContainText(/silhouette/i);
});

test('several files at once, gzipped too, make one run; the mapping can be changed; files can follow a result', async ({
  app,
  page,
}) => {
  const lines = small.trimEnd().split('\n');
  const half = Math.ceil(lines.length / 2);
  const early = `${lines.slice(0, half).join('\n')}\n`;
  const late = `${[lines[0], ...lines.slice(half)].join('\n')}\n`;
  await app.open();
  await app.drop(csvFile('early.csv', early), csvFile('late.csv.gz', gzipSync(late)));
  await expect(page.getByRole('tab', { name: 'early.csv' })).toBeVisible();
  await page.getByRole('tab', { name: 'late.csv.gz' }).click();
  await expect(page.getByRole('region', { name: 'Preview of the files' })).toContainText('gzipped');

  await test.step('the mapping is proposed right and can be changed', async () => {
    await expect(app.combobox(/^User/)).toHaveValue('user_id');
    await expect(app.combobox(/^Time: when/)).toHaveValue('timestamp');
    await expect(app.columns).toContainText('title');
    await app.select(/^User/, 'interest');
    await expect(app.combobox(/^User/)).toHaveValue('interest');
    await app.select(/^User/, 'user_id');
    await app.choosesFixed(5);
  });
  await app.analyse();
  expect(parseAssignments(await app.exportAssignments()).length).toBeGreaterThan(500);

  await test.step('a file that comes after a result joins the others', async () => {
    await app.settingsButton.click();
    await app.choose(csvFile('again.csv', early));
    await expect(page.getByRole('tab', { name: 'again.csv' })).toBeVisible();
    await expect(app.backButton).toBeVisible();
    await app.analyse();
    const more = JSON.parse(await app.export('Accounting (JSON)')) as { files: { name: string; read: number }[] };
    expect(more.files.map((file) => file.name)).toEqual(['early.csv', 'late.csv.gz', 'again.csv']);
  });
});

test('the map goes to another window, and stays where one looks at it, while the trust of the result is measured', async ({
  app,
  page,
}) => {
  await app.open();
  await app.drop(csvFile('library.csv', smallCsv({ every: 2 })));
  await app.analyse();
  const labels = () =>
    app.map.locator('[aria-hidden] > span[style*="left"]').evaluateAll((all) => all.map((one) => one.outerHTML));
  const whole = await labels();
  expect(whole.length).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  expect(await labels()).not.toEqual(whole);
  await app.scrubber.press('End');
  await expect(app.map).toHaveAttribute('data-settled', 'false');
  await expect(app.map).toHaveAttribute('data-settled', 'true', { timeout: 3000 });
  const near = await labels();
  await expect(page.getByText('Measuring trust')).toBeVisible();
  await expect(page.getByText('Measuring trust')).toHaveCount(0, { timeout: 120_000 });
  expect(await labels()).toEqual(near);
});
