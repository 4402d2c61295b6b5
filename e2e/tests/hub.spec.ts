import type { Page } from '@playwright/test';
import { csvFile } from '../fixtures/app.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

const HUB = 'https://huggingface.co';
const ALLOWED = `${HUB} https://*.hf.co`;

/** The page as whoever runs the server serves it where the hub is allowed: by header, for workers too, and by meta. */
async function allowHub(page: Page): Promise<void> {
  // As HTML writes the quotes, too.
  const allowed = (policy: string): string => policy.replace(/connect-src ('|&#39;)self\1/, `$& ${ALLOWED}`);
  await page.route(/localhost:\d+\/(\?|$|assets\/.*\.js$)/, async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    headers['content-security-policy'] = allowed(headers['content-security-policy'] ?? '');
    const isPage = headers['content-type']?.startsWith('text/html') === true;
    await route.fulfill({ response, headers, ...(isPage ? { body: allowed(await response.text()) } : {}) });
  });
}

test('P1 where the server lets it, a model is asked of the hub after a yes alone; files that are not those that are known are told, and not kept', async ({
  app,
  page,
  outside,
}) => {
  const asked: string[] = [];
  await allowHub(page);
  await page.route(`${HUB}/**`, async (route) => {
    asked.push(route.request().url());
    await route.fulfill({ body: '{}', headers: { 'access-control-allow-origin': '*', 'content-type': 'application/json' } });
  });
  await app.open();
  await app.drop(csvFile('library.csv', smallCsv({ every: 12 })));
  await app.openModels();
  await app.modelRow('all-MiniLM-L6-v2').getByRole('button', { name: 'Get all-MiniLM-L6-v2…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Fetch all-MiniLM-L6-v2?' });
  await expect(dialog.getByRole('row', { name: /onnx\/model_quantized\.onnx/ })).toContainText('23.0 MB');
  expect(asked).toEqual([]);
  await dialog.getByRole('button', { name: 'No, fetch nothing' }).click();
  expect(asked).toEqual([]);

  await app.modelRow('all-MiniLM-L6-v2').getByRole('button', { name: 'Get all-MiniLM-L6-v2…' }).click();
  await dialog.getByRole('button', { name: /^Yes, fetch 23\.\d MB from huggingface\.co$/ }).click();
  await expect(page.getByRole('alert')).toContainText(/all-MiniLM-L6-v2/);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((url) => !url.startsWith(`${HUB}/Xenova/all-MiniLM-L6-v2/resolve/`))).toEqual([]);
  await expect(app.modelRow('all-MiniLM-L6-v2').getByRole('button', { name: 'Get all-MiniLM-L6-v2…' })).toBeVisible();
  expect(await outside.requests()).toEqual([]);
});
