import { embedOn, expectAgreement, keepModel, REFERENCES } from '../fixtures/embedding.ts';
import { builtInAs } from '../fixtures/models.ts';
import { expect, test } from '../fixtures/test.ts';

/** Embedding on a software adapter takes some half second a sentence. */
const SOME = REFERENCES.slice(0, 16);
const SENTENCES = SOME.map(({ sentence }) => sentence);

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  const adapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter())?.info.vendor ?? null);
  if (adapter === null) throw new Error('This browser has no WebGPU adapter: the software one that Chromium brings is needed.');
});

for (const dtype of ['int8', 'q8']) {
  test(`the built-in model in ${dtype}, in the built worker on WebGPU, agrees with its reference vectors`, async ({
    page,
    figure,
  }) => {
    const start = Date.now();
    const embedded = await embedOn(page, { model: 'use-lite', dtype, device: 'webgpu' }, SENTENCES);
    figure(`starting ${dtype} and embedding 16 sentences on a software adapter`, (Date.now() - start) / 1000, 's');
    expect(embedded).toMatchObject({ device: 'webgpu', dtype });
    // It may be told that texts go through alone: sums on a device may depend on the batch.
    expect(embedded.notes.join(' ')).not.toMatch(/refused|could not be used/);
    const { mean, min } = expectAgreement(embedded.vectors, SOME, 0.99);
    expect(mean, 'mean cosine').toBeGreaterThanOrEqual(0.999);
    figure(`cosine on WebGPU (${dtype}), mean`, mean, '');
    figure(`cosine on WebGPU (${dtype}), least`, min, '');
  });
}

test('the same model kept in storage: fp32 and q4 agree on WebGPU; fp16 is refused where the adapter has no 16-bit floats', async ({
  page,
  figure,
}) => {
  const model = await keepModel(page, 'use-lite', builtInAs(['fp32', 'fp16', 'q4']));
  for (const [dtype, least] of [
    ['fp32', 0.99],
    ['q4', 0.95],
  ] as const) {
    const embedded = await embedOn(page, { model, dtype, device: 'webgpu' }, SENTENCES);
    expect(embedded).toMatchObject({ device: 'webgpu', dtype });
    // It may be told that texts go through alone: sums on a device may depend on the batch.
    expect(embedded.notes.join(' ')).not.toMatch(/refused|could not be used/);
    const { min } = expectAgreement(embedded.vectors, SOME, least);
    figure(`cosine on WebGPU (${dtype}), least`, min, '');
  }
  const halves = await page.evaluate(async () => (await navigator.gpu.requestAdapter())?.features.has('shader-f16'));
  expect(halves, 'the software adapter has no shader-f16').toBe(false);
  const refused = await embedOn(page, { model, dtype: 'fp16', device: 'webgpu' }, SENTENCES);
  expect([refused.device, refused.dtype]).not.toEqual(['webgpu', 'fp16']);
  expect(refused.notes.join(' ')).toContain('cannot run fp16');
  expectAgreement(refused.vectors, SOME, 0.95);
});
