import { csvFile } from '../fixtures/app.ts';
import { parseAssignments } from '../fixtures/assignments.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

/** About 60 users, 3 months: the adapter runs on the processor. */
const tiny = csvFile('library.csv', smallCsv({ every: 30, months: 3 }));

type Manifest = { readonly compute: { readonly device: string; readonly adapter: string }; readonly model: { device: string } };

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  const adapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter())?.info.vendor ?? null);
  if (adapter === null) throw new Error('This browser has no WebGPU adapter: the software one that Chromium brings is needed.');
});

test('the main job with the engine on WebGPU: map, scrub, select, export', async ({ app, page, figure }) => {
  await app.open('?test-software-gpu=1');
  await app.drop(tiny);
  await app.choosesFixed(4);
  await app.select('Compute on', 'GPU (WebGPU)');
  const start = Date.now();
  await app.analyse();
  figure('analysis of 60 users with the engine on a software adapter', (Date.now() - start) / 1000, 's');

  await page.getByRole('tab', { name: 'Data' }).click();
  await expect(app.details).toContainText('Devicewebgpu');
  await app.scrubber.focus();
  await page.keyboard.press('Home');
  await app.settled();
  await page.keyboard.press('ArrowRight');
  await expect(app.map).toHaveAttribute('data-settled', 'false');
  await app.settled();
  await expect(app.segments).toHaveCount(4);
  await app.segments.first().click();
  await expect(app.selectedSegment).toHaveCount(1);
  await expect(app.selectedBlocks.first()).toBeVisible();

  const manifest = JSON.parse(await app.export('Run manifest (JSON)')) as Manifest;
  expect(manifest.compute.device).toBe('webgpu');
  expect(manifest.compute.adapter).not.toBe('');
  // The model is never put on a software adapter for a user; it has tests of its own in model.webgpu.spec.ts.
  expect(manifest.model.device).toBe('wasm');
  const onGpu = parseAssignments(await app.exportAssignments());

  await test.step('the CPU gives the same segments', async () => {
    await app.settingsButton.click();
    await app.select('Compute on', 'CPU');
    await app.analyse();
    const onCpu = parseAssignments(await app.exportAssignments());
    expect(onGpu.map((row) => `${row.user} ${row.window} ${row.segment}`)).toEqual(
      onCpu.map((row) => `${row.user} ${row.window} ${row.segment}`),
    );
  });
});

test('P5 without the test setting a software adapter is not used, and the page says so', async ({ app, page }) => {
  await app.open();
  await app.drop(tiny);
  await app.choosesFixed(4);
  await app.analyse();
  await page.getByRole('tab', { name: 'Data' }).click();
  await expect(app.details).toContainText('Devicecpu');
  await expect(app.details).toContainText(/software|processor/i);
  const manifest = JSON.parse(await app.export('Run manifest (JSON)')) as Manifest;
  expect(manifest.compute.device).toBe('cpu');
});
