import { expect, test } from '../fixtures/app.ts';

test('P1 the main job, from the drop to the exported file, makes no request that leaves the origin', async ({
  app,
  page,
  outside,
}) => {
  const requested: string[] = [];
  page.context().on('request', (request) => requested.push(request.url()));
  await app.open();
  await app.trySample();
  await app.analyse();
  await app.settled();

  await test.step('scrub by keyboard, then play', async () => {
    await app.scrubber.focus();
    await page.keyboard.press('Home');
    await app.settled();
    await expect(app.map).toHaveAttribute('data-window', '0');
    await page.keyboard.press('ArrowRight');
    await app.settled();
    await expect(app.map).toHaveAttribute('data-window', '1');
    expect(Number(await app.map.getAttribute('data-points'))).toBeGreaterThan(500);
    await page.getByRole('button', { name: 'Play' }).click();
    await expect(app.map).toHaveAttribute('data-window', '2');
    await page.getByRole('button', { name: 'Pause' }).click();
  });

  await test.step('a segment chosen in the list is chosen in the lineage, and the reverse', async () => {
    await app.settled();
    await app.segments.first().click();
    await expect(app.segments.first()).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByTestId('lineage').locator('[aria-pressed=true]').first()).toBeVisible();
    await app.lineageBlocks.last().click();
    await expect(page.getByTestId('lineage').locator('[aria-pressed=true]').first()).toBeVisible();
  });

  const csv = await app.export('Assignments (CSV)');
  expect(csv.split('\n')[0]).toBe('user,window_start,segment,track,thin,x,y');
  expect(csv.split('\n').length).toBeGreaterThan(5_000);

  const origin = new URL(page.url()).origin;
  const left = requested.filter((url) => !url.startsWith(origin) && !/^(blob|data):/.test(url));
  expect(left).toEqual([]);
  expect(requested.length).toBeGreaterThan(10);
  expect(await outside.requests()).toEqual([]);
});

test('P2 a saved manifest, loaded with the same file, gives the same result', async ({ app, page }) => {
  await app.open();
  await app.trySample();
  await page
    .getByRole('textbox', { name: /number of segments/i })
    .or(page.getByLabel(/number of segments/i))
    .first()
    .waitFor({ state: 'attached' });
  await app.analyse();
  const first = await app.export('Assignments (CSV)');
  const manifest = await app.export('Run manifest (JSON)');
  await app.open();
  await page
    .getByTestId('manifest-input')
    .setInputFiles({ name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(manifest) });
  await app.trySample();
  await app.analyse();
  expect(await app.export('Assignments (CSV)')).toBe(first);
});

test('P7 Cancel acts within 200 ms, keeps the files, and the next run works', async ({ app, page }) => {
  await app.open();
  await app.trySample();
  for (const stage of ['read', 'embed', 'segment', 'map']) {
    await app.analyseButton.click();
    await expect(page.getByTestId(`stage-${stage}`)).toHaveAttribute('data-state', 'running', { timeout: 120_000 });
    const took = await page.evaluate(async () => {
      const button = [...document.querySelectorAll('button')].find((b) => b.textContent === 'Cancel') as HTMLButtonElement;
      const start = performance.now();
      button.click();
      while (![...document.querySelectorAll('button')].some((b) => b.textContent === 'Analyse'))
        await new Promise((r) => setTimeout(r, 5));
      return performance.now() - start;
    });
    expect(took, `cancel during ${stage}`).toBeLessThan(200);
  }
  await app.analyse();
});
