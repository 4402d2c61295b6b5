import { gzipSync } from 'node:zlib';
import { type App, csvFile, type InputFile, textOf } from '../fixtures/app.ts';
import { expect, test } from '../fixtures/test.ts';
import { zipOf } from '../fixtures/zip.ts';

const TOPICS = ['green tea and cups', 'rowing boats', 'garden roses', 'night trains', 'piano songs'];

/** Visits of 30 users on days that can be read both ways, with a price in decimal commas, and five rows that are no events. */
function visits(): string[] {
  const rows = Array.from({ length: 360 }, (_, i) => {
    const day = `0${1 + (i % 9)}/0${1 + (i % 6)}/2024`;
    return [`u${i % 30}`, day, `Café talk on ${TOPICS[(i + Math.floor(i / 30)) % 5]} ${i % 40}`, `${i % 17},5`].join(';');
  });
  const bad = ['', ';01/02/2024;no user;1', 'u1;nonsense;no time;2', 'u1;01/02/2024;;2', rows[0] ?? ''];
  return ['user;when;text;price', ...rows, ...bad];
}

const odd = (): InputFile => csvFile('visits.csv', Buffer.from(`${visits().join('\n')}\n`, 'latin1'));

const fold = (app: App, name: string) => app.page.getByRole('region', { name, exact: true });
const unfold = (app: App, name: string) => fold(app, name).getByRole('button', { name, exact: false }).first().click();

test('a file of another dialect, encoding and date order: shown, asked, accounted for, saved, analysed', async ({
  app,
  page,
}) => {
  await app.open();
  await app.drop(odd());
  await expect(page.getByText('Western (Windows-1252) · semicolon · header on line 1')).toBeVisible();
  await expect(page.getByRole('cell', { name: /^Café talk/ }).first()).toBeVisible();
  await expect(app.analyseButton).toBeDisabled();
  await page.getByRole('button', { name: /^Day first/ }).click();
  await expect(app.analyseButton).toBeEnabled();

  const rows = fold(app, 'Rows');
  await expect(rows.getByText('365 read = 360 kept + 5 set aside')).toBeVisible();
  await unfold(app, 'Rows');
  await rows.getByRole('button', { name: /^no user/ }).click();
  await expect(rows.getByRole('row', { name: /363.*no user/ })).toBeVisible();
  const saving = page.waitForEvent('download');
  await rows.getByRole('button', { name: 'Save it as CSV' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('visits.csv-no-user.csv');
  expect((await textOf(saved)).split('\n')[1]).toMatch(/visits\.csv,363,no user,,01\/02\/2024,no user,1/);

  await unfold(app, 'Columns');
  const price = fold(app, 'Columns')
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: 'price', exact: true }) });
  await expect(price.getByRole('cell').nth(0)).toHaveText('number');
  await expect(price.getByRole('cell').nth(2)).toHaveText('19');
  await expect(price.getByRole('img', { name: 'From 0.5 to 16.5' })).toBeVisible();
  await expect(fold(app, 'Events over time').getByText('2024-01-01 to 2024-06-09')).toBeVisible();

  await unfold(app, 'Cleaning');
  await expect(fold(app, 'Cleaning').getByText('1 row', { exact: true })).toBeVisible();
  await page.getByRole('switch', { name: 'Set aside users with fewer than' }).click();
  await app.setNumber('Set aside users with fewer than: events', 13);
  await expect(rows.getByText('365 read = 0 kept + 365 set aside')).toBeVisible();
  await app.setNumber('Set aside users with fewer than: events', 2);
  await expect(rows.getByText('365 read = 360 kept + 5 set aside')).toBeVisible();

  await app.choosesFixed(3);
  await app.analyse();
  const { intake, mapping } = JSON.parse(await app.export('Run manifest (JSON)'));
  expect(mapping.timeFormat).toBe('dmy');
  expect(intake).toMatchObject({ decimal: ',', cleaning: { minUserEvents: 2 } });
  await page.getByRole('tab', { name: 'Data' }).click();
  await page.getByRole('button', { name: /^time not readable/ }).click();
  await expect(page.getByRole('cell', { name: 'nonsense' })).toBeVisible();
});

test('another delimiter: the preview follows at once, and the choice can be taken back', async ({ app, page }) => {
  await app.open();
  await app.drop(odd());
  await page.getByRole('button', { name: 'How it is read' }).click();
  const delimiter = page
    .getByRole('textbox', { name: 'Delimiter' })
    .or(page.getByRole('combobox', { name: 'Delimiter' }))
    .first();
  const price = page.getByRole('columnheader', { name: /price$/ });
  await expect(price).toBeVisible();
  await delimiter.fill('comma');
  await delimiter.press('Enter');
  await expect(page.getByText(/comma · .* — as you set it/)).toBeVisible();
  await expect(price).toHaveCount(0);
  await page.getByRole('button', { name: 'As detected' }).click();
  await expect(price).toBeVisible();
  await expect(page.getByText('semicolon · header on line 1')).toBeVisible();
});

test('a .zip with events and their catalogue: a join is proposed with what matches, and the joined texts are analysed', async ({
  app,
  page,
}) => {
  const ratings = Array.from({ length: 400 }, (_, i) => `${i % 40},${(i * 7) % 25},${1704067200 + i * 20_000}`);
  const films = Array.from({ length: 22 }, (_, i) => `${i},Film of ${TOPICS[i % 5]} part ${i}`);
  const zip = zipOf({
    'ratings.csv': `userId,filmId,timestamp\n${ratings.join('\n')}\n`,
    'films.csv': `filmId,title\n${films.join('\n')}\n`,
    'notes.pdf': '%PDF-1.4 nothing to read',
  });
  await app.open();
  await app.drop({ name: 'export.zip', mimeType: 'application/zip', buffer: zip });
  const join = page.getByRole('region', { name: 'Join' });
  await expect(join).toContainText('352 events match');
  await expect(join).toContainText('48 do not');
  await expect(page.getByText(/Not read from export\.zip: .*notes\.pdf/)).toBeVisible();
  await join.getByRole('button', { name: 'Don’t join' }).click();
  await expect(join).toHaveCount(0);
  await expect(app.analyseButton).toBeDisabled();
  await page.getByRole('tab', { name: /films\.csv/ }).click();
  await app.select('What export.zip/films.csv holds', 'Catalogue');
  await expect(join).toContainText('352 events match');
  await app.choosesFixed(3);
  await app.analyse();
  await page.getByRole('tab', { name: 'Data' }).click();
  await expect(page.getByRole('button', { name: /^no text 48/ })).toBeVisible();
});

test('JSON Lines, gzipped; SQL is checked while it is typed, its mistake shown where it is', async ({ app, page }) => {
  const lines = Array.from({ length: 200 }, (_, i) =>
    JSON.stringify({
      user: `u${i % 20}`,
      at: `2024-0${1 + (i % 4)}-10T10:00:00Z`,
      page: { title: `${TOPICS[i % 5]} ${i}` },
      score: i % 10,
    }),
  );
  await app.open();
  await app.drop({ name: 'log.jsonl.gz', mimeType: 'application/gzip', buffer: gzipSync(`${lines.join('\n')}\n{"user":\n`) });
  await expect(page.getByText('JSON Lines · gzipped')).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'page.title' })).toBeVisible();
  await unfold(app, 'Filter and computed columns (SQL)');
  const filter = page.getByRole('textbox', { name: 'Only rows for which' });
  await filter.fill('"scor" = \'3\'');
  await expect(page.getByText('"scor" = \'3\'\n^')).toBeVisible({ timeout: 60_000 });
  await expect(app.analyseButton).toBeDisabled();
  await filter.fill('');
  await filter.pressSequentially('TRY_CAST(');
  await page.getByRole('button', { name: 'score', exact: true }).click();
  await expect(filter).toHaveValue('TRY_CAST("score"');
  await filter.fill('TRY_CAST("score" AS INTEGER) < 5');
  await expect(app.analyseButton).toBeEnabled();
  await expect(fold(app, 'Rows').getByText('201 read = 100 kept + 101 set aside')).toBeVisible();
});
