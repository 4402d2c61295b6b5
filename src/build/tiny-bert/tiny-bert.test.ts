import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FeatureExtractionPipeline } from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTinyBert, TINY_BERT, tinyBertHidden, writeTinyBert } from './index.ts';
import { VOCABULARY } from './vocabulary.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const TEXTS = ['The Night Sky', 'sewing dresses, with linen!', 'x', '', '夜空 Ünïcode', 'a book of great stars '.repeat(3)];

let parent: string;
let open: (dtype: 'fp32' | 'q8') => Promise<FeatureExtractionPipeline>;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'tiny-bert-'));
  writeTinyBert(join(parent, TINY_BERT.id));
  // The runtime of the app, and not the native one of Node.
  Object.assign(globalThis, { [Symbol.for('onnxruntime')]: await import('onnxruntime-web') });
  const { env, pipeline } = await import('@huggingface/transformers');
  Object.assign(env, { allowRemoteModels: false, localModelPath: `${parent}/` });
  Object.assign(env.backends.onnx.wasm ?? {}, {
    wasmPaths: new URL('node_modules/onnxruntime-web/dist/', pathToFileURL(`${ROOT}/`)).href,
    numThreads: 1,
  });
  const session_options = { executionProviders: ['wasm'] };
  open = (dtype) => pipeline('feature-extraction', TINY_BERT.id, { dtype, device: 'auto', session_options });
});
afterAll(() => rmSync(parent, { recursive: true }));

/** Hidden states of one text, a row a token. */
async function hiddenOf(model: FeatureExtractionPipeline, text: string): Promise<number[][]> {
  const { data, dims } = await model(text, { pooling: 'none' });
  expect([dims[0], dims[2]]).toEqual([1, TINY_BERT.dims]);
  return Array.from({ length: dims[1] as number }, (_, t) => Array.from(data as Float32Array).slice(32 * t, 32 * (t + 1)));
}

const idsOf = (model: FeatureExtractionPipeline, text: string): number[] => {
  const { input_ids } = model.tokenizer(text, { return_tensor: false, truncation: true });
  return input_ids;
};

describe('the tiny BERT', () => {
  it('two builds give the same bytes', () => {
    const again = makeTinyBert();
    makeTinyBert().forEach(({ path, bytes }, i) => {
      expect(path).toBe(again[i]?.path);
      expect(Buffer.compare(bytes, again[i]?.bytes ?? new Uint8Array())).toBe(0);
    });
  });

  it('every piece of its vocabulary stands there once', () => {
    expect(new Set(VOCABULARY).size).toBe(VOCABULARY.length);
  });

  it('splits text into the longest pieces it has, between [CLS] and [SEP], and cuts what is too long', async () => {
    const model = await open('fp32');
    const pieces = (text: string) => idsOf(model, text).map((id) => VOCABULARY[id]);
    expect(pieces('The Guitars, 7x!')).toEqual(['[CLS]', 'the', 'guitar', '##s', ',', '7', '##x', '!', '[SEP]']);
    expect(pieces('夜 Büx')).toEqual(['[CLS]', '[UNK]', 'b', '##u', '##x', '[SEP]']);
    expect(pieces('')).toEqual(['[CLS]', '[SEP]']);
    expect(pieces('book '.repeat(99))).toHaveLength(TINY_BERT.maxTokens);
    await model.dispose();
  });

  it('through transformers.js agrees with a plain forward pass to 1e-5', async () => {
    const model = await open('fp32');
    for (const text of TEXTS) {
      const expected = tinyBertHidden(idsOf(model, text));
      const found = await hiddenOf(model, text);
      expect(found).toHaveLength(expected.length);
      found.flat().forEach((value, i) => {
        expect(Math.abs(value - (expected.flat()[i] as number))).toBeLessThan(1e-5);
      });
    }
    await model.dispose();
  });

  it('in q8 is near to fp32, and depends on its batch as the files of the hub do', async () => {
    const [exact, rounded] = [await open('fp32'), await open('q8')];
    const alone: number[][] = [];
    for (const text of TEXTS) {
      const [a = [], b = []] = [(await hiddenOf(exact, text)).flat(), (await hiddenOf(rounded, text)).flat()];
      const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, v, i) => sum + v * (y[i] as number), 0);
      expect(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))).toBeGreaterThan(0.99);
      alone.push(b);
    }
    const together = await rounded([TEXTS[0] as string, 'tea cake set'], { pooling: 'none' });
    const first = Array.from(together.data as Float32Array).slice(0, alone[0]?.length);
    expect(first).not.toEqual(alone[0]);
    await Promise.all([exact.dispose(), rounded.dispose()]);
  });
});
