import type { OnnxGraph, Value } from './onnx-graph.ts';
import { quantiseColumns, quantiseRows } from './quantise.ts';
import { type Dense, EMBEDDING, VOCABULARY } from './weights.ts';

/**
 * How the int8 weights are used:
 * - `q8`: integer matrix products, each token's activations quantised on their own (fast on WASM);
 * - `int8`: weights turned back into floats when the session is created (WebGPU, which has no integer matrix product).
 */
export type Variant = 'q8' | 'int8';

/** x W + b for `x` of [..., inputs]. */
export function addDense(graph: OnnxGraph, variant: Variant, name: string, x: Value, dense: Dense): Value {
  const { inputs, outputs } = dense;
  const { values, scales } = quantiseColumns(dense.weights, inputs, outputs);
  const weights = graph.tensor(`${name}.weights`, 'int8', [inputs, outputs], values);
  const scale = graph.tensor(`${name}.scale`, 'float32', [1, outputs], scales);
  const bias = graph.tensor(`${name}.bias`, 'float32', [outputs], dense.bias);
  const product = variant === 'q8' ? integerProduct(graph, x, weights, scale) : floatProduct(graph, x, weights, scale);
  return graph.op('Add', [product, bias]);
}

/** Rows of the embedding table for `ids`: [batch, sequence] -> [batch, sequence, EMBEDDING]. The table stays int8 in memory. */
export function addEmbedding(graph: OnnxGraph, embeddings: Float32Array, ids: Value): Value {
  const { values, scales } = quantiseRows(embeddings, VOCABULARY, EMBEDDING);
  const table = graph.tensor('embeddings', 'int8', [VOCABULARY, EMBEDDING], values);
  const scale = graph.tensor('embeddings.scale', 'float32', [VOCABULARY, 1], scales);
  const rows = graph.op('Cast', [graph.op('Gather', [table, ids], { axis: 0 })], { to: 1 });
  return graph.op('Mul', [rows, graph.op('Gather', [scale, ids], { axis: 0 })]);
}

/** Cast and Mul of constants are folded when the session is created: what runs is a plain float product. */
function floatProduct(graph: OnnxGraph, x: Value, weights: Value, scale: Value): Value {
  return graph.op('MatMul', [x, graph.op('Mul', [graph.op('Cast', [weights], { to: 1 }), scale])]);
}

/**
 * Two Muls and not one by the product of the scales: the runtime would fuse that into an operator that takes the scale of x
 * for a scalar, and the vectors would be wrong without a word (cosine .74).
 */
function integerProduct(graph: OnnxGraph, x: Value, weights: Value, scale: Value): Value {
  const [quantised, tokenScale] = quantiseTokens(graph, x);
  const zeroPoint = graph.tensor('zero_point', 'uint8', [], Uint8Array.of(128));
  const sum = graph.op('Cast', [graph.op('MatMulInteger', [quantised, weights, zeroPoint])], { to: 1 });
  return graph.op('Mul', [graph.op('Mul', [sum, scale]), tokenScale]);
}

/**
 * round(127 x / max|x|) + 128 over the last axis, as uint8, and max|x| / 127. One scale a token and not one a tensor
 * (DynamicQuantizeLinear), so that a vector does not depend on the other texts of its batch; uint8 with zero point 128 because
 * the runtime's int8 x int8 product is about ten times slower.
 */
function quantiseTokens(graph: OnnxGraph, x: Value): [Value, Value] {
  const largest = graph.op('ReduceMax', [graph.op('Abs', [x])], { axes: [-1], keepdims: 1 });
  const scale = graph.op('Mul', [graph.op('Max', [largest, graph.scalar(1e-9)]), graph.scalar(1 / 127)]);
  const levels = graph.op('Add', [graph.op('Round', [graph.op('Div', [x, scale])]), graph.scalar(128)]);
  return [graph.op('Cast', [levels], { to: 2 }), scale];
}
