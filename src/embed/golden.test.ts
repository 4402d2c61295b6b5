import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuiltInModel } from '../build/model/index.ts';
import { dot, type Matrix, rowOf, silentContext, type TextEmbedder } from '../domain/index.ts';
import { GOLDEN } from './gate.ts';
import { createEmbedder, nodeEmbedderPaths } from './index.ts';
import { openSession, openTokenizer } from './model.ts';
import type { Choice, Session } from './session.ts';
import type { Encode } from './tokenizer.ts';
import reference from './use-lite-golden.json' with { type: 'json' };

const ROOT = resolve(import.meta.dirname, '../..');
const PATHS = nodeEmbedderPaths(ROOT);
const ITEMS = reference.items;
const MOST_TOKENS = 128;

const cosines = (m: Matrix): number[] => ITEMS.map(({ vector }, i) => dot(rowOf(m, i), vector) / Math.sqrt(dot(vector, vector)));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

beforeAll(async () => {
  await ensureBuiltInModel(ROOT);
});

it('the sentences of the gate are reference sentences', () => {
  for (const { sentence, ids, vector } of GOLDEN) {
    const whole = ITEMS.find((item) => item.sentence === sentence);
    expect(ids).toEqual(whole?.ids.slice(0, MOST_TOKENS));
    vector.forEach((value, i) => {
      expect(value).toBeCloseTo(whole?.vector[i] ?? Number.NaN, 4);
    });
  }
});

describe('the tokenizer', () => {
  let encode: Encode;
  beforeAll(async () => {
    encode = await openTokenizer('wasm', PATHS);
  });

  it('gives the reference ids for all 65 sentences, score ties included', () => {
    for (const { sentence, ids } of ITEMS) expect(encode(sentence)).toEqual(ids.slice(0, MOST_TOKENS));
  });

  it('takes a text of a million characters without a halt', () => {
    const start = performance.now();
    expect(encode('many words '.repeat(100_000))).toHaveLength(MOST_TOKENS);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('a missing model is told with what to do', async () => {
    await expect(openTokenizer('wasm', { ...PATHS, modelBase: `${ROOT}/src/` })).rejects.toMatchObject({
      kind: 'ability',
      code: 'model-missing',
      hint: expect.stringContaining('npm start'),
    });
  });

  it('gives no token for an empty text and one for unknown characters', () => {
    expect(encode('')).toEqual([]);
    expect(encode('東京')).toEqual([30, 0]);
  });
});

describe.each<Choice>([
  { dtype: 'q8', device: 'wasm' },
  { dtype: 'int8', device: 'wasm' },
])('the model file of $dtype on $device', (choice) => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession(choice, PATHS);
  });
  afterAll(() => session.dispose());

  it('agrees with the reference vectors from the reference ids', async () => {
    const rows = await Promise.all(ITEMS.map(({ ids }) => session.run([ids])));
    const found = ITEMS.map(({ vector }, i) => dot(rowOf(rows[i] as Matrix, 0), vector));
    expect(mean(found)).toBeGreaterThanOrEqual(0.999);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0.99);
  });

  it('P2 a vector is the same to the bit alone and in a batch', async () => {
    for (const { ids } of ITEMS.filter((_, i) => i % 4 === 0)) {
      const other = [...ids].reverse();
      const alone = (await session.run([ids])).data;
      const together = await session.run([other, other, ids, other, other, other, other]);
      expect(rowOf(together, 2)).toEqual(alone);
    }
  });
});

describe('the embedder in Node', () => {
  let embedder: TextEmbedder;
  beforeAll(async () => {
    embedder = await createEmbedder({ ...PATHS, device: 'wasm' });
  });
  afterAll(() => embedder.dispose());
  const texts = ITEMS.map(({ sentence }) => sentence);
  const vectorsOf = async (list: readonly string[]) => (await embedder.embed(list, silentContext)).vectors;

  it('agrees with the reference vectors from text, rows in the order of the texts', async () => {
    const found = cosines(await vectorsOf(texts));
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

  it('rows are unit vectors of 512, none for no texts, one for an empty text', async () => {
    const m = await vectorsOf(['', 'a']);
    expect([m.rows, m.cols]).toEqual([2, 512]);
    for (let r = 0; r < 2; r++) expect(dot(rowOf(m, r), rowOf(m, r))).toBeCloseTo(1, 6);
    expect((await vectorsOf([''])).data).toEqual(rowOf(m, 0));
    expect((await vectorsOf([])).rows).toBe(0);
  });

  it('runs on WASM, passed the gate, and says so', async () => {
    const info = await embedder.describe();
    expect(info).toMatchObject({ id: 'use-lite', dtype: 'q8', device: 'wasm', dims: 512, languages: ['en'] });
    expect(info.golden?.min).toBeGreaterThanOrEqual(0.99);
  });

  it('P1 may load nothing from elsewhere, and the runtime is the one for the web', async () => {
    const { env } = await import('@huggingface/transformers');
    expect(env.allowRemoteModels).toBe(false);
    expect(env.backends.onnx.versions?.web).toBeDefined();
    expect(env.backends.onnx.versions?.node).toBeUndefined();
  });
});
