import { rmSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { type App, csvFile } from '../fixtures/app.ts';
import { TINY_BERT, tinyBert, tinyBertFolder } from '../fixtures/models.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';
import { zipOf } from '../fixtures/zip.ts';

const log = csvFile('library.csv', smallCsv({ every: 30, months: 3 }));
const NAME = TINY_BERT.id;

const zipped = (name: string, files: ReturnType<typeof tinyBert>) => ({
  ...{ name, mimeType: 'application/zip' },
  buffer: zipOf(Object.fromEntries(files.map(({ path, bytes }) => [`${NAME}/${path}`, bytes]))),
});

/** Every request that the page and its workers make from now on. */
function requestsOf(page: Page): string[] {
  const urls: string[] = [];
  page.context().on('request', (request) => urls.push(request.url()));
  return urls;
}

async function analyseBy(app: App, model: string): Promise<void> {
  await app.choosesFixed(4);
  await app.openModels();
  await app.select('Model of a run', model);
  await app.analyse();
  await app.page.getByRole('tab', { name: 'Data' }).click();
  await expect(app.details).toContainText(model);
}

test('a model folder that is dropped is checked and kept, embeds, stays over a reload, works without the server, and can be removed', async ({
  app,
  page,
  outside,
}) => {
  const { folder, parent } = tinyBertFolder();
  await test.step('choose the folder: it is checked, kept and listed with its size', async () => {
    await app.open();
    await app.drop(log);
    await app.openModels();
    await page.locator('input[webkitdirectory]').setInputFiles(folder);
    await expect(app.modelRow(NAME)).toContainText(/kB|MB/);
    rmSync(parent, { recursive: true });
  });
  await test.step('analyse with it', async () => {
    await analyseBy(app, NAME);
    await expect(app.segments).toHaveCount(4);
  });
  await test.step('after a reload it embeds again, with no request for any model', async () => {
    // Out of reach from here on: what embeds comes out of the browser's storage.
    await page.context().route(/\/models\//, (route) => route.abort());
    const requests = requestsOf(page);
    await page.reload();
    await app.drop(log);
    await analyseBy(app, NAME);
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.filter((url) => url.includes(NAME) || /\/models\/|tokenizer/.test(url))).toEqual([]);
  });
  await test.step('P1 nothing has left the origin; removed, it is gone for good', async () => {
    expect(await outside.requests()).toEqual([]);
    await page.reload();
    await app.drop(log);
    await app.openModels();
    await app.removeModel(NAME);
    await page.reload();
    await app.drop(log);
    await app.openModels();
    await expect(app.modelRow('Universal Sentence Encoder').first()).toBeVisible();
    await expect(app.modelRow(NAME)).toHaveCount(0);
  });
});

test('a .zip is a model folder too; one with a truncated file is refused by that file`s name, and what was here stays', async ({
  app,
}) => {
  await app.open();
  await app.drop(log);
  await app.openModels();
  await app.dropModel(zipped('tiny.zip', tinyBert()));
  await expect(app.modelRow(NAME)).toContainText(/kB|MB/);

  const whole = tinyBert().find(({ path }) => path === 'onnx/model.onnx')?.bytes ?? new Uint8Array();
  const broken = tinyBert({ 'onnx/model.onnx': whole.slice(0, whole.length / 2) });
  await app.dropModel(zipped('broken.zip', broken));
  await expect(app.alert).toContainText('onnx/model.onnx');
  await expect(app.modelRow(NAME)).toHaveCount(1);
  await app.removeModel(NAME);
});
