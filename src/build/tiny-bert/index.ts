import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { forward } from './forward.ts';
import { bertGraph } from './graph.ts';
import { TOKENIZER, TOKENIZER_CONFIG } from './tokenizer.ts';
import { SPECIAL_TOKENS, VOCABULARY } from './vocabulary.ts';
import { FEED_FORWARD, HEADS, LAYERS, MAX_TOKENS, randomWeights, WIDTH } from './weights.ts';

export interface TinyBertFile {
  /** Below the model's folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export const TINY_BERT = { id: 'tiny-bert', dims: WIDTH, maxTokens: MAX_TOKENS } as const;

const SEED = 20;

/**
 * All files of a model folder as the hub has them (fp32 and q8): a BERT of {@link LAYERS} layers with random weights. It stands in tests for a
 * folder that an analyst drops: it knows nothing of meaning, but texts that share words are near each other.
 */
export function makeTinyBert(): TinyBertFile[] {
  const weights = randomWeights(SEED);
  const utf8 = new TextEncoder();
  const json = (path: string, value: unknown): TinyBertFile => ({
    path,
    bytes: utf8.encode(`${JSON.stringify(value, null, 2)}\n`),
  });
  return [
    json('config.json', CONFIG),
    json('tokenizer.json', TOKENIZER),
    json('tokenizer_config.json', TOKENIZER_CONFIG),
    { path: 'onnx/model.onnx', bytes: bertGraph(weights, 'fp32') },
    { path: 'onnx/model_quantized.onnx', bytes: bertGraph(weights, 'q8-tensor') },
  ];
}

/** Writes them into `folder`, whose last part is the model's id. */
export function writeTinyBert(folder: string): void {
  for (const { path, bytes } of makeTinyBert()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** What its fp32 file must give for the tokens of one text, a row a token: by a plain forward pass that shares no code with the file. */
export const tinyBertHidden = (ids: readonly number[]): number[][] => forward(randomWeights(SEED), ids);

const CONFIG = {
  model_type: 'bert',
  architectures: ['BertModel'],
  hidden_size: WIDTH,
  num_hidden_layers: LAYERS,
  num_attention_heads: HEADS,
  intermediate_size: FEED_FORWARD,
  hidden_act: 'gelu',
  vocab_size: VOCABULARY.length,
  max_position_embeddings: MAX_TOKENS,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
  pad_token_id: SPECIAL_TOKENS.indexOf('[PAD]'),
};
