import type { OnnxGraph, Value } from './graph.ts';

export interface LayerNorm {
  readonly size: number;
  readonly scale: Float32Array;
  readonly bias: Float32Array;
}

/** Over the last axis. */
export function addLayerNorm(graph: OnnxGraph, name: string, x: Value, norm: LayerNorm, epsilon: number): Value {
  const scale = graph.floats(`${name}.scale`, [norm.size], norm.scale);
  const bias = graph.floats(`${name}.bias`, [norm.size], norm.bias);
  return graph.op('LayerNormalization', [x, scale, bias], { axis: -1, epsilon: { float: epsilon } });
}

/** 0 for a token and -1e9 for padding, as [batch, 1, 1, sequence] to be added to the attention logits. Halves end at -65504, which does as well. */
export function maskKeys(graph: OnnxGraph, present: Value): Value {
  const absent = graph.op('Sub', [graph.scalar(1), present]);
  const never = graph.scalar(graph.float === 'float16' ? -6e4 : -1e9);
  return graph.op('Unsqueeze', [graph.op('Mul', [absent, never]), graph.ints(1, 2)]);
}

/**
 * Scaled dot-product attention (Vaswani et al. 2017): queries, keys and values of [batch, sequence, width] -> the same shape, before its
 * output layer.
 */
export function attend(graph: OnnxGraph, [q, k, v]: readonly Value[], heads: number, width: number, keyBias: Value): Value {
  const headSize = width / heads;
  const part = (value: Value | undefined, perm: readonly number[]): Value =>
    graph.op('Transpose', [graph.op('Reshape', [value as Value, graph.ints(0, 0, heads, headSize)])], { perm });
  const queries = graph.op('Mul', [part(q, [0, 2, 1, 3]), graph.scalar(1 / Math.sqrt(headSize))]);
  const logits = graph.op('Add', [graph.op('MatMul', [queries, part(k, [0, 2, 3, 1])]), keyBias]);
  const weights = graph.op('Softmax', [logits], { axis: -1 });
  const context = graph.op('Transpose', [graph.op('MatMul', [weights, part(v, [0, 2, 1, 3])])], { perm: [0, 2, 1, 3] });
  return graph.op('Reshape', [context, graph.ints(0, 0, width)]);
}
