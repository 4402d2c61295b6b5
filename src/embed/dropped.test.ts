import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TINY_BERT, tinyBertHidden, writeTinyBert } from '../build/tiny-bert/index.ts';
import {
  type Dtype,
  type ModelCard,
  NOTHING_EMBEDDED,
  normaliseRows,
  rowOf,
  silentContext,
  type TextEmbedder,
} from '../domain/index.ts';
import { createNodeEmbedder, nodeWasmBase } from './create.ts';
import { type ModelSource, readFrom, sourceOf } from './source.ts';
import { openTokens } from './tokenizer.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CARD: ModelCard = {
  ...{
    id: TINY_BERT.id,
    name: 'Tiny BERT',
    kind: 'semantic',
    languages: null,
    dims: null,
    licence: null,
    bytes: {},
    pooling: 'mean',
  },
  ...{ prefix: { text: '', query: '' }, maxTokens: TINY_BERT.maxTokens },
};
const TEXTS = [
  'The Night Sky',
  'sewing dresses with linen',
  'x',
  'football',
  'A book of great stars',
  'the night sky by telescope',
  '夜空',
];

let folder: string;
let source: ModelSource;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropped-'));
  writeTinyBert(join(folder, TINY_BERT.id));
  source = sourceOf(CARD, ['fp32', 'q8'], readFrom(join(folder, TINY_BERT.id)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const open = (dtype: Dtype): Promise<TextEmbedder> =>
  createNodeEmbedder({ root: ROOT, models: [source], wish: { model: TINY_BERT.id, dtype, device: 'wasm' } });

describe('a model of another family than the built-in one', () => {
  it('gives the mean over the tokens of a text, those that begin and end it included, by fp32 to 1e-5', async () => {
    const tokens = await openTokens(source, { device: 'wasm', wasmBase: nodeWasmBase(ROOT), threads: 1 });
    const embedder = await open('fp32');
    const { vectors } = await embedder.embed(TEXTS, silentContext);
    TEXTS.forEach((text, row) => {
      const hidden = tinyBertHidden(tokens(text));
      const sums = Float32Array.from({ length: TINY_BERT.dims }, (_, c) =>
        hidden.reduce((sum, token) => sum + (token[c] as number), 0),
      );
      const expected = normaliseRows({ rows: 1, cols: TINY_BERT.dims, data: sums }).data;
      rowOf(vectors, row).forEach((value, c) => {
        expect(Math.abs(value - (expected[c] as number))).toBeLessThan(1e-5);
      });
    });
    await embedder.dispose();
  });

  it.each(['fp32', 'q8'] as const)(
    'P2 a vector of %s is the same to the bit alone, in company and in another order',
    async (dtype) => {
      const embedder = await open(dtype);
      const { vectors } = await embedder.embed(TEXTS, silentContext);
      const { vectors: reversed } = await embedder.embed([...TEXTS].reverse(), silentContext);
      for (const [row, text] of TEXTS.entries()) {
        const { vectors: alone } = await embedder.embed([text], silentContext);
        expect(rowOf(alone, 0)).toEqual(rowOf(vectors, row));
        expect(rowOf(reversed, TEXTS.length - 1 - row)).toEqual(rowOf(vectors, row));
      }
      await embedder.dispose();
    },
  );

  it('is compared with its own most precise file, and that with nothing, which is told', async () => {
    const [exact, rounded] = [await open('fp32'), await open('q8')];
    expect((await exact.describe()).golden).toMatchObject({ reference: null, min: null });
    const { golden, dims } = await rounded.describe();
    expect(golden?.reference).toContain('fp32');
    expect(golden?.min).toBeGreaterThan(0.99);
    expect(dims).toBe(TINY_BERT.dims);
    await Promise.all([exact.dispose(), rounded.dispose()]);
  });

  it('counts what it cut and what it could not read', async () => {
    const embedder = await open('fp32');
    const { report } = await embedder.embed(['book '.repeat(99), '', 'tea'], silentContext);
    expect(report).toMatchObject({
      ...NOTHING_EMBEDDED,
      texts: 3,
      cut: 1,
      empty: 1,
      tokens: expect.any(Number),
      seconds: expect.any(Number),
    });
    await embedder.dispose();
  });
});
