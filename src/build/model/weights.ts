import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dense, LayerNorm } from '../onnx/index.ts';

/** One transformer layer: pre-norm attention over `width`, then a pre-norm feed-forward over 512. */
export interface EncoderLayer {
  readonly width: number;
  readonly attentionNorm: LayerNorm;
  readonly queryKeyValue: Dense;
  readonly attentionOutput: Dense;
  readonly feedForwardNorm: LayerNorm;
  readonly expand: Dense;
  readonly contract: Dense;
}

/** The weights of Universal Sentence Encoder Lite. */
export interface UseLiteWeights {
  /** [VOCABULARY, EMBEDDING] */
  readonly embeddings: Float32Array;
  /** Angular frequencies of the timing signal, length EMBEDDING / 2. */
  readonly inverseTimescales: Float32Array;
  /** Brings the un-normalised input of layer 0 from 256 to 512 for its residual. */
  readonly firstResidual: Dense;
  readonly layers: readonly EncoderLayer[];
  readonly tanh: Dense;
}

export const VOCABULARY = 8002;
export const EMBEDDING = 256;
export const WIDTH = 512;
export const FEED_FORWARD = 1536;

const ENCODE = 'module_apply_default/Encoder_en/KonaTransformer/Encode/';
const STACK = `${ENCODE}TransformerStack/`;
const MODULE = 'module/Encoder_en/';
const CONCAT = '/ConcatPartitions/concat';

/**
 * Reads the TensorFlow.js graph model in `folder` (model.json and its shards).
 * @throws Error naming the tensor that is missing or has another shape than expected.
 */
export function readWeights(folder: string): UseLiteWeights {
  const get = lookup(readTensors(folder));
  return {
    embeddings: get('module/Embeddings_en', VOCABULARY, EMBEDDING),
    inverseTimescales: get(`${STACK}Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`, 1, EMBEDDING / 2),
    firstResidual: dense(
      get,
      `${ENCODE}Layer_0/TransformerLayer/dense/kernel${CONCAT}`,
      `${ENCODE}Layer_0/TransformerLayer/dense/bias${CONCAT}`,
      EMBEDDING,
      WIDTH,
    ),
    layers: [readLayer(get, 0, EMBEDDING), readLayer(get, 1, WIDTH)],
    tanh: dense(get, `${MODULE}hidden_layers/tanh_layer_0/weights`, `${MODULE}hidden_layers/tanh_layer_0/bias`, WIDTH, WIDTH),
  };
}

type Get = (name: string, ...shape: number[]) => Float32Array;

function readLayer(get: Get, index: number, width: number): EncoderLayer {
  const layer = `${ENCODE}Layer_${index}/TransformerLayer/`;
  const attention = `${MODULE}KonaTransformer/Encode/Layer_${index}/TransformerLayer/MultiheadAttention/`;
  const stack = `${STACK}Layer_${index}/TransformerLayer/FFN/`;
  const projection = (name: string, inputs: number, outputs: number): Dense =>
    dense(get, `${attention}${name}/kernel/part_0`, `${layer}MultiheadAttention/${name}/bias${CONCAT}`, inputs, outputs);
  const feedForward = (name: string, inputs: number, outputs: number): Dense =>
    dense(get, `${stack}${name}/Tensordot/Reshape_1`, `${layer}FFN/${name}/bias${CONCAT}`, inputs, outputs);
  const norm = (prefix: string, size: number): LayerNorm => ({
    size,
    scale: get(`${prefix}layer_prepostprocess/layer_norm/layer_norm_scale${CONCAT}`, size),
    bias: get(`${prefix}layer_prepostprocess/layer_norm/layer_norm_bias${CONCAT}`, size),
  });
  return {
    width,
    attentionNorm: norm(layer, width),
    queryKeyValue: projection('qkv_transform_single', width, 3 * width),
    attentionOutput: projection('output_transform_single', width, WIDTH),
    feedForwardNorm: norm(`${layer}FFN/`, WIDTH),
    expand: feedForward('conv1', WIDTH, FEED_FORWARD),
    contract: feedForward('conv2', FEED_FORWARD, WIDTH),
  };
}

const dense = (get: Get, weights: string, bias: string, inputs: number, outputs: number): Dense => ({
  inputs,
  outputs,
  weights: get(weights, inputs, outputs),
  bias: get(bias, outputs),
});

/** The part of a TensorFlow.js model.json that is read here. */
interface GraphModel {
  readonly weightsManifest: readonly WeightGroup[];
}

interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[];
}

interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

function readTensors(folder: string): Map<string, Tensor> {
  const model: GraphModel = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const tensors = new Map<string, Tensor>();
  for (const group of model.weightsManifest) {
    const bytes = Buffer.concat(group.paths.map((path) => readFileSync(join(folder, path))));
    let offset = 0;
    for (const { name, shape, dtype } of group.weights) {
      // float32 and int32 both take four bytes; the few int32 tensors are shapes that our graph has no use for.
      const end = offset + 4 * shape.reduce((a, b) => a * b, 1);
      if (dtype === 'float32')
        tensors.set(name, { shape, data: new Float32Array(Uint8Array.from(bytes.subarray(offset, end)).buffer) });
      offset = end;
    }
    if (offset !== bytes.length)
      throw new Error(`weights: the manifest describes ${offset} bytes, the shards hold ${bytes.length}`);
  }
  return tensors;
}

function lookup(tensors: Map<string, Tensor>): Get {
  return (name, ...shape) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`weights: no tensor "${name}"`);
    // A 1x1 convolution kernel [1, 1, in, out] is a plain matrix.
    const found = tensor.shape.length === 4 ? tensor.shape.slice(2) : tensor.shape;
    if (found.join() !== shape.join()) throw new Error(`weights: "${name}" is [${tensor.shape}], expected [${shape}]`);
    return tensor.data;
  };
}
