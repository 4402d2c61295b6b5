import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildModelVariants } from '../build/model/index.ts';
import { DTYPES, type Dtype, dot, rowOf, silentContext } from '../domain/index.ts';
import { createNodeEmbedder, nodeWasmBase } from './create.ts';
import { openSession } from './model.ts';
import { BUILT_IN_CARD, BUILT_IN_ID } from './registry.ts';
import { type ModelSource, modelFile, readFrom, sourceOf } from './source.ts';
import reference from './use-lite-golden.json' with { type: 'json' };

const ROOT = resolve(import.meta.dirname, '../..');
const RUNTIME = { wasmBase: nodeWasmBase(ROOT), threads: 1 };
/** What the model reads of a text. */
const MOST_TOKENS = 128;
/** An empty text has no vector here; the reference gives it one when others stand beside it. */
const ITEMS = reference.items.filter(({ ids }) => ids.length > 0);

/** Least cosine of each dtype to the published float32 vectors. */
const LEAST: Readonly<Record<Dtype, number>> = { fp32: 0.99999, fp16: 0.999, q8: 0.99, int8: 0.99, q4: 0.95 };

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

let folder: string;
let source: ModelSource;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'));
  buildModelVariants(join(folder, BUILT_IN_ID), DTYPES, ROOT);
  source = sourceOf(BUILT_IN_CARD, DTYPES, readFrom(join(folder, BUILT_IN_ID)));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(DTYPES)('the built-in model in %s on WASM', (dtype) => {
  it('gives the published vectors from the published ids, alone as in a batch (P2)', async () => {
    const session = await openSession({ dtype, device: 'wasm' }, source, RUNTIME);
    for (const { ids, vector } of ITEMS) {
      const read = ids.slice(0, MOST_TOKENS);
      const alone = (await session.run([read])).data;
      expect(cosine(alone, vector)).toBeGreaterThanOrEqual(LEAST[dtype]);
      const other = [...read].reverse();
      expect(rowOf(await session.run([other, other, read, other, other, other, other]), 2)).toEqual(alone);
    }
    await session.dispose();
  });

  it('gives them from the texts, and says how near it came in the golden check', async () => {
    const wish = { model: BUILT_IN_ID, dtype, device: 'wasm' } as const;
    const embedder = await createNodeEmbedder({ root: ROOT, models: [source], wish });
    const { golden, ...info } = await embedder.describe();
    expect(info).toMatchObject({ dtype, device: 'wasm', notes: [], sha256: await source.sha256(dtype) });
    expect(golden?.min).toBeGreaterThanOrEqual(LEAST[dtype]);
    // The reference reads the first 128 tokens of a longer text, and not whole sentences.
    const whole = ITEMS.filter(({ ids }) => ids.length <= MOST_TOKENS);
    const texts = whole.map(({ sentence }) => sentence);
    const { vectors } = await embedder.embed(texts, silentContext);
    whole.forEach(({ vector }, i) => {
      expect(cosine(rowOf(vectors, i), vector)).toBeGreaterThanOrEqual(LEAST[dtype]);
    });
    await embedder.dispose();
  });
});

describe('a dtype that is broken', () => {
  /** The model with the weights of `dtype` damaged in a way that loads and runs. */
  function broken(dtype: Dtype): ModelSource {
    const open: ModelSource['open'] = async (path) => {
      const file = await source.open(path);
      if (path !== modelFile(dtype) || !file) return file;
      const bytes = new Uint8Array(await file.arrayBuffer());
      // Some of the last layers' weights with another sign.
      const [from, to] = [bytes.length - 900_000, bytes.length - 300_000];
      for (let i = from; i < to; i++) bytes[i] = 256 - (bytes[i] as number);
      return new Response(bytes);
    };
    return sourceOf(BUILT_IN_CARD, ['q8', 'int8'], open);
  }

  it('is refused with its cosine, and the next choice embeds', async () => {
    const wish = { model: BUILT_IN_ID, dtype: 'auto', device: 'wasm' } as const;
    const embedder = await createNodeEmbedder({ root: ROOT, models: [broken('q8')], wish });
    const { dtype, device, notes, golden } = await embedder.describe();
    expect([dtype, device]).toEqual(['int8', 'wasm']);
    expect(notes.join(' ')).toMatch(/^WASM \(q8\) was refused: .*cosine -?0?\.\d+/);
    expect(golden?.min).toBeGreaterThanOrEqual(0.99);
    const { sentence, vector } = ITEMS[0] as (typeof ITEMS)[number];
    const { vectors } = await embedder.embed([sentence], silentContext);
    expect(cosine(rowOf(vectors, 0), vector)).toBeGreaterThanOrEqual(0.99);
    await embedder.dispose();
  });

  it('that was asked for by name is refused with its cosine too, and never used', async () => {
    const wish = { model: BUILT_IN_ID, dtype: 'int8', device: 'wasm' } as const;
    const embedder = await createNodeEmbedder({ root: ROOT, models: [broken('int8')], wish });
    const { dtype, notes } = await embedder.describe();
    expect(dtype).toBe('q8');
    expect(notes.join(' ')).toMatch(/^WASM \(int8\) was refused: .*cosine -?0?\.\d+/);
    await embedder.dispose();
  });

  it('by bytes that are missing is told as one that could not be used', async () => {
    const cut: ModelSource = sourceOf(BUILT_IN_CARD, ['q8', 'int8'], async (path) => {
      const file = await source.open(path);
      return path === modelFile('q8') && file ? new Response((await file.arrayBuffer()).slice(0, 5_000_000)) : file;
    });
    const wish = { model: BUILT_IN_ID, dtype: 'auto', device: 'wasm' } as const;
    const embedder = await createNodeEmbedder({ root: ROOT, models: [cut], wish });
    const { dtype, notes } = await embedder.describe();
    expect(dtype).toBe('int8');
    expect(notes.join(' ')).toMatch(/^WASM \(q8\) could not be used: /);
    await embedder.dispose();
  });
});
