import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuiltInModel } from '../build/model/index.ts';
import { dot, type Matrix, rowOf, silentContext, type TextEmbedder } from '../domain/index.ts';
import { createNodeEmbedder, nodeWasmBase } from './create.ts';
import { createEncode, type Encode } from './encode.ts';
import { GOLDEN } from './gate.ts';
import { BUILT_IN_CARD, BUILT_IN_ID } from './registry.ts';
import { createNodeShelf } from './shelf.ts';
import { type ModelSource, readFrom, sourceOf } from './source.ts';
import { openTokens, type Tokens } from './tokenizer.ts';
import reference from './use-lite-golden.json' with { type: 'json' };

const ROOT = resolve(import.meta.dirname, '../..');
const RUNTIME = { wasmBase: nodeWasmBase(ROOT), threads: 1 };
const MOST_TOKENS = 128;
/** An empty text has no vector here; the reference gives it one when others stand beside it. */
const ITEMS = reference.items
  .filter(({ ids }) => ids.length > 0)
  .map((item) => ({ ...item, read: item.ids.slice(0, MOST_TOKENS) }));

const cosine = (m: Matrix, row: number, { vector }: (typeof ITEMS)[number]): number =>
  dot(rowOf(m, row), vector) / Math.sqrt(dot(vector, vector) * dot(rowOf(m, row), rowOf(m, row)));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

let source: ModelSource;
beforeAll(async () => {
  await ensureBuiltInModel(ROOT);
  source = (await createNodeShelf(ROOT).open(BUILT_IN_ID)) as ModelSource;
});

it('the sentences of the gate are reference sentences', () => {
  for (const { sentence, ids, vector } of GOLDEN) {
    const whole = ITEMS.find((item) => item.sentence === sentence);
    expect(ids).toEqual(whole?.read);
    vector.forEach((value, i) => {
      expect(value).toBeCloseTo(whole?.vector[i] ?? Number.NaN, 4);
    });
  }
});

describe('the tokenizer', () => {
  let tokens: Tokens;
  let encode: Encode;
  beforeAll(async () => {
    tokens = await openTokens(source, { ...RUNTIME, device: 'wasm' });
    encode = createEncode(tokens, BUILT_IN_CARD, '');
  });

  it('gives the reference ids for all 65 sentences, score ties included', () => {
    for (const { sentence, ids } of reference.items) expect(tokens(sentence)).toEqual(ids);
  });

  it('takes a text of a million characters without a halt', () => {
    const start = performance.now();
    const { ids, cut } = encode('many words '.repeat(100_000));
    expect(ids).toHaveLength(MOST_TOKENS);
    expect(cut).toBe(true);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('a missing model is told with what to do', async () => {
    const nowhere = sourceOf(BUILT_IN_CARD, ['q8'], readFrom(`${ROOT}/src`));
    await expect(openTokens(nowhere, { ...RUNTIME, device: 'wasm' })).rejects.toMatchObject({
      kind: 'ability',
      code: 'model-missing',
      hint: expect.stringContaining('npm start'),
    });
  });

  it('gives no token for an empty text and one for unknown characters', () => {
    for (const text of ['', ' ', '\n\t ']) expect(encode(text)).toEqual({ ids: [], cut: false });
    expect(encode('東京').ids).toEqual([30, 0]);
  });

  it('cuts a text of more than 128 tokens at the end of a sentence, and at the limit where one sentence is longer', () => {
    for (const { sentence, ids, read } of ITEMS) {
      const { ids: found, cut } = encode(sentence);
      expect(cut).toBe(ids.length > MOST_TOKENS);
      expect(found).toEqual(read.slice(0, found.length));
    }
    const items = ITEMS.find(({ sentence }) => sentence.startsWith('Item 1:'));
    expect(encode(items?.sentence ?? '').ids.length).toBeLessThan(MOST_TOKENS);
  });
});

describe('the embedder in Node', () => {
  let embedder: TextEmbedder;
  beforeAll(async () => {
    embedder = await createNodeEmbedder({ root: ROOT });
  });
  afterAll(() => embedder.dispose());
  const texts = ITEMS.map(({ sentence }) => sentence);
  const vectorsOf = async (list: readonly string[]) => (await embedder.embed(list, silentContext)).vectors;

  it('agrees with the reference vectors from text, rows in the order of the texts', async () => {
    const vectors = await vectorsOf(texts);
    // The reference reads the first 128 tokens of a longer text, and not whole sentences.
    const found = ITEMS.flatMap((item, i) => (item.ids.length > MOST_TOKENS ? [] : [cosine(vectors, i, item)]));
    expect(found.length).toBeGreaterThan(55);
    expect(mean(found)).toBeGreaterThanOrEqual(0.999);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0.99);
  });

  it('P2 rows do not depend on the order or on the company of the texts', async () => {
    const all = await vectorsOf(texts);
    const reversed = await vectorsOf([...texts].reverse());
    const few = await vectorsOf(texts.slice(20, 23));
    texts.forEach((_, i) => {
      expect(rowOf(reversed, texts.length - 1 - i)).toEqual(rowOf(all, i));
    });
    for (let i = 0; i < 3; i++) expect(rowOf(few, i)).toEqual(rowOf(all, 20 + i));
  });

  it('rows are unit vectors of 512, none for no texts, zeros for a text without a token, which is counted', async () => {
    const { vectors: m, report } = await embedder.embed(['', 'a', ' \n'], silentContext);
    expect([m.rows, m.cols]).toEqual([3, 512]);
    expect(dot(rowOf(m, 1), rowOf(m, 1))).toBeCloseTo(1, 6);
    for (const row of [0, 2]) expect(rowOf(m, row).every((value) => value === 0)).toBe(true);
    expect(report).toMatchObject({ texts: 3, empty: 2, cut: 0, cached: 0 });
    expect(await embedder.embed([], silentContext)).toMatchObject({
      vectors: { rows: 0, cols: 512 },
      report: { texts: 0, tokens: 0 },
    });
    expect(await embedder.embedQuery(' ', [])).toEqual(new Float32Array(512));
    expect(await embedder.embedQuery('a', [])).toEqual(rowOf(m, 1));
  });

  it('runs on WASM, passed the gate, and says so', async () => {
    const info = await embedder.describe();
    expect(info).toMatchObject({
      id: 'use-lite',
      dtype: 'q8',
      device: 'wasm',
      dims: 512,
      languages: ['en'],
      workers: 1,
      threads: 1,
    });
    expect(info.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(info.golden).toMatchObject({ reference: 'the published vectors', least: 0.99 });
    expect(info.golden?.min).toBeGreaterThanOrEqual(0.99);
  });

  it('P1 may load nothing from elsewhere, and the runtime is the one for the web', async () => {
    const { env } = await import('@huggingface/transformers');
    expect(env.allowRemoteModels).toBe(false);
    expect((await env.fetch('https://huggingface.co/x')).status).toBe(404);
    expect(env.backends.onnx.versions?.web).toBeDefined();
    expect(env.backends.onnx.versions?.node).toBeUndefined();
  });
});
