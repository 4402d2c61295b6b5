import { expect, test } from 'vitest';
import type { ModelDevice } from '../domain/index.ts';
import { fakeEmbedder, group, tryOut } from './fakes.fixture.ts';

test('the model is described as it was when the texts were embedded, after a change of device on the way', async () => {
  const embedder = fakeEmbedder();
  let device: ModelDevice = 'webgpu';
  const result = await tryOut([...group(0, 0, 0, 9), ...group(1, 0, 9, 18)], {
    settings: { k: 2 },
    tools: {
      openEmbedder: async () => ({
        ...embedder,
        describe: async () => ({ ...(await embedder.describe()), device }),
        embed: (texts, ctx) => {
          device = 'wasm';
          return embedder.embed(texts, ctx);
        },
      }),
    },
  });
  expect(result.model.device).toBe('wasm');
});
