import { embedOn, expectAgreement, REFERENCES } from '../fixtures/embedding.ts';
import { expect, test } from '../fixtures/test.ts';

test('the built-in model, in the built worker on WASM, agrees with its reference vectors', async ({ app, page, figure }) => {
  await app.open();
  const sentences = REFERENCES.map(({ sentence }) => sentence);
  const embedded = await embedOn(page, 'wasm', sentences);
  expect(embedded.device).toBe('wasm');
  const { mean, min } = expectAgreement(embedded.vectors, REFERENCES);
  figure(`cosine on WASM (${embedded.dtype}), mean`, mean, '');
  figure(`cosine on WASM (${embedded.dtype}), least`, min, '');
});
