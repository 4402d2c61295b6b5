import { randomBytes } from 'node:crypto';
import { type App, csvFile } from '../fixtures/app.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

const good = csvFile('good.csv', smallCsv({ every: 40, months: 2 }));
const HEADER = 'user,time,text\n';
const ROWS = 'u1,2024-01-01,a first text\nu2,2024-01-02,a second text\n';

/** Every message says what was found and, below, what to do. */
async function expectTold(app: App, found: RegExp, toDo: RegExp): Promise<void> {
  await expect(app.alert).toHaveCount(1);
  await expect(app.alert).toContainText(found);
  await expect(app.alert).toContainText(toDo);
  await expect(app.alert, 'the user is not blamed for a mistake of ours').not.toHaveAttribute('data-kind', 'bug');
}

async function expectKept(app: App): Promise<void> {
  await expect(app.page.getByText('good.csv', { exact: true })).toBeVisible();
  await expect(app.combobox(/^User/)).toHaveValue('user_id');
  await expect(app.analyseButton).toBeEnabled();
}

const UNREADABLE = [
  { name: 'empty.csv', content: '', found: /empty\.csv is empty/, toDo: /Choose a file/ },
  { name: 'header.csv', content: HEADER, found: /header line \(user, time, text\) and no rows/, toDo: /Check that the export/ },
  {
    name: 'binary.csv',
    content: Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]), randomBytes(4096)]),
    found: /no table that can be read/,
    toDo: /Choose|Export|Save/i,
  },
  {
    name: 'cut.csv.gz',
    content: Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2]),
    found: /can't be unpacked/,
    toDo: /Copy or download/,
  },
] as const;

for (const { name, content, found, toDo } of UNREADABLE) {
  test(`${name} alone and beside a good file: told, and what was loaded stays`, async ({ app }) => {
    await app.open();
    await app.drop(csvFile(name, content as string));
    await expectTold(app, found, toDo);
    await app.page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(app.sampleButton).toBeEnabled();

    await app.drop(good);
    await expectKept(app);
    await app.drop(csvFile(name, content as string));
    await expectTold(app, found, toDo);
    await expectKept(app);
  });
}

test('a line of 200 MB is told within seconds, and what was loaded stays', async ({ app, page, figure }) => {
  await app.open();
  await app.drop(good);
  const start = Date.now();
  await page.evaluate(() => {
    const part = 'x'.repeat(1_000_000);
    const data = new DataTransfer();
    data.items.add(
      new File(['user,time,text\nu1,2024-01-01,"', ...Array<string>(200).fill(part)], 'line.csv', { type: 'text/csv' }),
    );
    document
      .querySelector('[aria-label="Columns"]')
      ?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
  });
  await expectTold(app, /line\.csv.*(long|line)/, /quotation mark|line breaks/);
  figure('a line of 200 MB is told after', (Date.now() - start) / 1000, 's');
  await expectKept(app);
});

test('UTF-16 is read as what it is', async ({ app, page }) => {
  await app.open();
  const text = `\uFEFF${HEADER}${ROWS}u3,2024-01-03,ĝusta teksto\n`;
  await app.drop(csvFile('utf16.csv', Buffer.from(text, 'utf16le')));
  await expect(page.getByRole('region', { name: 'Preview of the files' })).toContainText('ĝusta teksto');
  await expect(page.getByRole('region', { name: 'Preview of the files' })).toContainText(/utf-16/i);
});

test('no time column: told before the analysis, which cannot be started', async ({ app, page }) => {
  await app.open();
  await app.drop(csvFile('timeless.csv', 'user,text\nu1,a first text\nu2,a second text\n'));
  await expect(app.columns).toContainText(/no time column/i);
  await expect(page.getByText('Choose the column for when (time).')).toBeVisible();
  await expect(app.analyseButton).toBeDisabled();
});

/** Files that are tables and give no result; each keeps its files and mapping, so that they can be mended. */
const NO_RESULT = [
  {
    rule: 'times that cannot be read',
    csv: `${HEADER}u1,soon,a first text\nu2,later,a second text\nu1,never,a third text\n`,
    prepare: (app: App) => app.select(/^Time: when/, 'time'),
    found: /no row with a valid time in "time"/,
    toDo: /another time (column|format)/,
  },
  {
    rule: 'one user only',
    csv: HEADER + Array.from({ length: 9 }, (_, i) => `u1,2024-01-0${i + 1},text number ${i}\n`).join(''),
    prepare: async () => {},
    found: /belong to one user \("u1"\)/,
    toDo: /user column/,
  },
  {
    rule: 'more segments than profiles',
    csv: HEADER + Array.from({ length: 30 }, (_, i) => `u${i % 6},2024-01-0${(i % 9) + 1},text number ${i}\n`).join(''),
    prepare: (app: App) => app.choosesFixed(50),
    found: /50 segments were asked for, and the fullest window has 6 users/,
    toDo: /Choose at most 6/,
  },
] as const;

for (const { rule, csv, prepare, found, toDo } of NO_RESULT) {
  test(`${rule}: told, and files and mapping stay`, async ({ app, page }) => {
    await app.open();
    await app.drop(csvFile('odd.csv', csv));
    await prepare(app);
    await app.analyseButton.click();
    await expectTold(app, found, toDo);
    await expect(page.getByText('odd.csv', { exact: true })).toBeVisible();
    await expect(app.combobox(/^User/)).toHaveValue('user');
    await expect(app.analyseButton).toBeEnabled();
  });
}

test('one window only: a result, and a warning that nothing can be compared', async ({ app, page }) => {
  await app.open();
  await app.drop(csvFile('month.csv', smallCsv({ every: 12, months: 1 })));
  await app.choosesFixed(4);
  await app.analyse();
  await page.getByRole('button', { name: 'Warnings' }).click();
  await expect(page.getByText(/one window, so nothing can be compared/)).toBeVisible();
});

test('a manifest that is none: told, and what was loaded stays', async ({ app }) => {
  await app.open();
  await app.drop(good);
  await app.loadManifest('{"manifest": 99}');
  await expectTold(app, /manifest/, /Choose the \.json file/);
  await expectKept(app);
});
