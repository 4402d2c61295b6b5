import { type App, csvFile } from '../fixtures/app.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

/** A figure of the Data tab. */
async function fact(app: App, name: string): Promise<string> {
  await app.page.getByRole('tab', { name: 'Data' }).click();
  const term = app.details.locator('dt', { hasText: name });
  return (await term.count()) === 0 ? '' : ((await term.locator('xpath=following-sibling::dd').first().textContent()) ?? '');
}

const share = (app: App): Promise<number> =>
  app.page.getByRole('progressbar', { name: 'Embed', exact: true }).getAttribute('aria-valuenow').then(Number);

test('P2 a text is embedded once: after a reload the same file embeds nothing, and the result is the same to the bit', async ({
  app,
}) => {
  const file = csvFile('library.csv', smallCsv());
  await app.open();
  await app.drop(file);
  await app.analyse();
  const texts = await fact(app, 'Distinct texts');
  expect(Number(texts)).toBeGreaterThan(400);
  expect(await fact(app, 'Embedded in this run')).toContain(`${texts} (`);
  expect(await fact(app, 'Known from before')).toBe('');
  const first = await app.exportAssignments();

  await app.open();
  await app.drop(file);
  await app.analyse();
  expect(await fact(app, 'Known from before')).toBe(texts);
  expect(await fact(app, 'Embedded in this run')).toBe('none');
  expect(await app.exportAssignments()).toBe(first);
});

test('kept vectors that are damaged, and a storage that is full, are told, and the run goes on to the same result', async ({
  app,
  page,
}) => {
  const file = csvFile('library.csv', smallCsv());
  const analyse = async (): Promise<string> => {
    await app.open();
    await app.drop(file);
    await app.analyse();
    return app.exportAssignments();
  };
  const first = await analyse();
  const texts = Number(await fact(app, 'Distinct texts'));

  await test.step('one record', async () => {
    await overwriteKept(page, 0.5, 4);
    expect(await analyse()).toBe(first);
    expect(Number(await fact(app, 'Known from before'))).toBe(texts - 1);
    await expect(app.details).toContainText('One kept vector was damaged: its text is embedded again.');
  });
  await test.step('the head of the file', async () => {
    await overwriteKept(page, 0, 4);
    expect(await analyse()).toBe(first);
    expect(await fact(app, 'Known from before')).toBe('');
    await expect(app.details).toContainText('The file of kept vectors was damaged and was begun anew.');
  });
  await test.step('no room for another model', async () => {
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(page.url());
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin });
    await overwriteKept(page, 0, 4, 0);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage / 2 });
    expect(await analyse()).toBe(first);
    expect(await fact(app, 'Known from before')).toBe('');
    await expect(app.details).toContainText('The storage of this browser is full');
  });
});

/** Writes 255s over the one file of kept vectors, from a share of its length on; then cuts it to `length` bytes, if told. */
async function overwriteKept(page: App['page'], share: number, bytes: number, length?: number): Promise<void> {
  await page.evaluate(
    async ([share, bytes, length]) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('vectors');
      for await (const handle of folder.values()) {
        const file = handle as FileSystemFileHandle;
        const position = Math.floor((await file.getFile()).size * share);
        const writable = await file.createWritable({ keepExistingData: true });
        await writable.write({ type: 'write', position, data: new Uint8Array(bytes).fill(255) });
        if (length !== undefined) await writable.truncate(length);
        await writable.close();
      }
    },
    [share, bytes, length] as const,
  );
}

test('P7 embedding can be paused and goes on; a run that is cancelled while it is paused ends at once', async ({ app, page }) => {
  await app.open();
  await app.drop(csvFile('library.csv', smallCsv({ every: 2, months: 6 })));
  await app.analyseButton.click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const goOn = page.getByRole('button', { name: 'Go on', exact: true });
  await expect(goOn).toBeVisible();
  await expect(page.getByText(/^Paused/)).toBeVisible();
  // What was under way is done within a moment.
  await page.waitForTimeout(1000);
  const held = await share(app);
  await page.waitForTimeout(1500);
  expect(await share(app)).toBe(held);
  await goOn.click();
  await expect.poll(() => share(app)).toBeGreaterThan(held);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await app.cancelButton.click();
  await expect(page.getByText('The run was cancelled.')).toBeVisible();
  await app.analyse();
});

test('a run that a reload interrupts goes on with its file, its settings and the texts that it had embedded', async ({
  app,
  page,
  browser,
}) => {
  const file = csvFile('library.csv', smallCsv({ every: 2, months: 6 }));
  const begin = async (on: App): Promise<void> => {
    await on.open();
    await on.drop(file);
    await on.setNumber('Seed', 7);
    await on.choosesFixed(5);
  };
  await begin(app);
  await app.analyseButton.click();
  await expect.poll(() => share(app), { timeout: 60_000, intervals: [50] }).toBeGreaterThan(10);
  // However fast the machine is, some texts are left to embed.
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText(/^Paused/)).toBeVisible();
  await page.reload();
  const card = page.getByRole('region', { name: 'Interrupted run' });
  await expect(card).toContainText('The analysis of library.csv was interrupted');
  await expect(card).toContainText(/with \d+ % of its texts embedded/);

  await test.step('another file is told, and waits for the analyst', async () => {
    await app.drop(csvFile('library.csv', smallCsv({ every: 40, months: 1 })));
    const note = page.getByText('library.csv has other content than then.');
    await expect(note).toBeVisible();
    // Closing the note hides it; the run itself is kept, which the rest of this test goes on with.
    await page.getByRole('status').filter({ has: note }).getByRole('button', { name: 'Dismiss' }).click();
    await expect(note).toHaveCount(0);
    await page.getByRole('button', { name: 'Start over' }).click();
  });
  await page.locator('input[type=file][multiple]').first().setInputFiles(file);
  await expect(app.map).toBeVisible({ timeout: 180_000 });
  await app.settled();
  const texts = Number((await fact(app, 'Distinct texts')).replaceAll(',', ''));
  const known = Number((await fact(app, 'Known from before')).replaceAll(',', ''));
  expect(known).toBeGreaterThan(0);
  expect(known).toBeLessThan(texts);

  const alone = await browser.newContext();
  const fresh = new (app.constructor as new (p: typeof page) => App)(await alone.newPage());
  await begin(fresh);
  await fresh.analyse();
  expect(await fact(fresh, 'Known from before')).toBe('');
  expect(await app.exportAssignments()).toBe(await fresh.exportAssignments());
  await alone.close();

  await page.reload();
  await expect(app.sampleButton).toBeVisible();
  await expect(card, 'the run was not interrupted').toHaveCount(0);
});

test('the sample goes on at one click; what was interrupted can be forgotten', async ({ app, page }) => {
  await app.open('', true);
  await app.trySample();
  await app.analyseButton.click();
  await expect.poll(() => share(app), { timeout: 60_000, intervals: [50] }).toBeGreaterThan(10);
  await page.reload();
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect.poll(() => share(app), { timeout: 60_000, intervals: [50] }).toBeGreaterThan(20);
  await page.reload();
  await page.getByRole('button', { name: 'Forget it' }).click();
  const card = page.getByRole('region', { name: 'Interrupted run' });
  await expect(card).toHaveCount(0);
  await page.reload();
  await expect(app.sampleButton).toBeVisible();
  await expect(card).toHaveCount(0);
});
