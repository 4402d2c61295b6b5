import { addDense, addLayerNorm, attend, maskKeys, OnnxGraph, type Value, type Weights } from '../onnx/index.ts';
import { VOCABULARY } from './vocabulary.ts';
import { type BertLayer, type BertWeights, HEADS, MAX_TOKENS, WIDTH } from './weights.ts';

const EPSILON = 1e-12;
const TOKENS = ['batch_size', 'sequence_length'];

/**
 * BERT without its pooler: `input_ids`, `attention_mask` and `token_type_ids`, int64 [batch, sequence] -> `last_hidden_state`, float32
 * [batch, sequence, WIDTH].
 */
export function bertGraph(weights: BertWeights, kind: Weights): Uint8Array {
  const graph = new OnnxGraph('tiny-bert');
  const ids = graph.input('input_ids', 'int64', TOKENS);
  const keyBias = maskKeys(graph, graph.cast(graph.input('attention_mask', 'int64', TOKENS)));
  const types = graph.input('token_type_ids', 'int64', TOKENS);
  let hidden = addLayerNorm(graph, 'embeddings.norm', embed(graph, weights, ids, types), weights.embeddingNorm, EPSILON);
  weights.layers.forEach((layer, i) => {
    hidden = addLayer(graph, kind, `layer${i}`, layer, hidden, keyBias);
  });
  graph.output('last_hidden_state', hidden, 'float32', [...TOKENS, WIDTH]);
  return graph.toBytes({ source: 'random weights, for tests' });
}

function embed(graph: OnnxGraph, weights: BertWeights, ids: Value, types: Value): Value {
  const look = (name: string, rows: number, table: Float32Array, at: Value): Value =>
    graph.op('Gather', [graph.floats(name, [rows, WIDTH], table), at], { axis: 0 });
  const positions = graph.floats('positions', [MAX_TOKENS, WIDTH], weights.positions);
  const length = graph.op('Shape', [ids], { start: 1, end: 2 });
  const both = graph.op('Add', [look('words', VOCABULARY.length, weights.words, ids), look('types', 2, weights.types, types)]);
  return graph.op('Add', [both, graph.op('Slice', [positions, graph.ints(0), length, graph.ints(0)])]);
}

/** Norms come after their residuals. */
function addLayer(graph: OnnxGraph, kind: Weights, name: string, layer: BertLayer, x: Value, keyBias: Value): Value {
  const qkv = graph.split('Split', [addDense(graph, kind, `${name}.qkv`, x, layer.queryKeyValue)], 3, { axis: -1 });
  const context = addDense(graph, kind, `${name}.output`, attend(graph, qkv, HEADS, WIDTH, keyBias), layer.attentionOutput);
  const attended = addLayerNorm(graph, `${name}.norm1`, graph.op('Add', [context, x]), layer.attentionNorm, EPSILON);
  const expanded = gelu(graph, addDense(graph, kind, `${name}.expand`, attended, layer.expand));
  const contracted = addDense(graph, kind, `${name}.contract`, expanded, layer.contract);
  return addLayerNorm(graph, `${name}.norm2`, graph.op('Add', [contracted, attended]), layer.outputNorm, EPSILON);
}

/** x / 2 (1 + erf(x / sqrt 2)) */
function gelu(graph: OnnxGraph, x: Value): Value {
  const erf = graph.op('Erf', [graph.op('Div', [x, graph.scalar(Math.SQRT2)])]);
  return graph.op('Mul', [graph.op('Mul', [x, graph.op('Add', [erf, graph.scalar(1)])]), graph.scalar(0.5)]);
}
