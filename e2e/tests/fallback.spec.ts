import { csvFile } from '../fixtures/app.ts';
import { smallCsv } from '../fixtures/small.ts';
import { expect, test } from '../fixtures/test.ts';

/** Put before a worker's script: a WebGPU that looks like real hardware and breaks when a device is asked for. */
const BROKEN_GPU = `Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => ({
  info: { vendor: 'made', architecture: 'up', device: '', description: '', isFallbackAdapter: false },
  features: new Set(), limits: {}, requestDevice: () => Promise.reject(new Error('the driver is broken')),
}) } });`;

test('P5 where the model breaks on WebGPU the run goes on with WASM in a new worker, and the page says why', async ({
  app,
  page,
  pageErrors,
}) => {
  await page.route(/(embed|runner)\.worker-.*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${BROKEN_GPU}\n${await response.text()}` });
  });
  await app.open('', true);
  await app.drop(csvFile('library.csv', smallCsv({ every: 12 })));
  await app.analyse();
  await page.getByRole('tab', { name: 'Data' }).click();
  await expect(app.details).toContainText(/WebGPU \(int8\) could not be used: .+Texts are embedded on WASM/s);
  const manifest = JSON.parse(await app.export('Run manifest (JSON)')) as { model: { device: string } };
  expect(manifest.model.device).toBe('wasm');
  // The runtime logs what it failed at.
  pageErrors.length = 0;
});
