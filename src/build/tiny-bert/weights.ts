import { createRandom, type Random } from '../../domain/index.ts';
import type { Dense, LayerNorm } from '../onnx/index.ts';
import { VOCABULARY } from './vocabulary.ts';

export const WIDTH = 32;
export const HEADS = 2;
export const LAYERS = 2;
export const FEED_FORWARD = 64;
/** So short that a long title is cut. */
export const MAX_TOKENS = 32;

export interface BertLayer {
  /** Queries, keys and values side by side. */
  readonly queryKeyValue: Dense;
  readonly attentionOutput: Dense;
  readonly attentionNorm: LayerNorm;
  readonly expand: Dense;
  readonly contract: Dense;
  readonly outputNorm: LayerNorm;
}

/** Of a BERT (Devlin et al. 2018, https://arxiv.org/abs/1810.04805). */
export interface BertWeights {
  /** [VOCABULARY.length, WIDTH] */
  readonly words: Float32Array;
  /** [MAX_TOKENS, WIDTH] */
  readonly positions: Float32Array;
  /** [2, WIDTH] */
  readonly types: Float32Array;
  readonly embeddingNorm: LayerNorm;
  readonly layers: readonly BertLayer[];
}

/** The same seed gives the same weights on every machine. */
export function randomWeights(seed: number): BertWeights {
  const random = createRandom(seed);
  const dense = (inputs: number, outputs: number): Dense => ({
    inputs,
    outputs,
    // By the width, so that what comes out is as large as what goes in.
    weights: normals(random, inputs * outputs, 1 / Math.sqrt(inputs)),
    bias: normals(random, outputs, 0.1),
  });
  const norm = (): LayerNorm => ({
    size: WIDTH,
    scale: normals(random, WIDTH, 0.1).map((value) => 1 + value),
    bias: normals(random, WIDTH, 0.1),
  });
  return {
    words: normals(random, VOCABULARY.length * WIDTH, 1),
    // Small beside the words: texts that share words are near, as they are by a trained model.
    positions: normals(random, MAX_TOKENS * WIDTH, 0.1),
    types: normals(random, 2 * WIDTH, 0.1),
    embeddingNorm: norm(),
    layers: Array.from({ length: LAYERS }, () => ({
      queryKeyValue: dense(WIDTH, 3 * WIDTH),
      attentionOutput: dense(WIDTH, WIDTH),
      attentionNorm: norm(),
      expand: dense(WIDTH, FEED_FORWARD),
      contract: dense(FEED_FORWARD, WIDTH),
      outputNorm: norm(),
    })),
  };
}

/** Near enough to a normal distribution, by sums only: the language leaves the last bits of a logarithm to the engine. */
function normals(random: Random, count: number, deviation: number): Float32Array {
  const twelve = (): number => Array.from({ length: 12 }, () => random.next()).reduce((a, b) => a + b, -6);
  return Float32Array.from({ length: count }, () => deviation * twelve());
}
