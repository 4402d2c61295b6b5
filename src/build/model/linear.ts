import { type OnnxGraph, quantiseRows, type Value } from '../onnx/index.ts';
import { EMBEDDING, VOCABULARY } from './weights.ts';

/** Of a model file, by the names that transformers.js has for them. */
export type Variant = 'fp32' | 'fp16' | 'q8' | 'int8' | 'q4';

/** Rows of the embedding table for `ids`: [batch, sequence] -> [batch, sequence, EMBEDDING]. But for the floats the table stays int8 in memory. */
export function addEmbedding(graph: OnnxGraph, variant: Variant, embeddings: Float32Array, ids: Value): Value {
  if (variant === 'fp32' || variant === 'fp16') {
    return graph.op('Gather', [graph.floats('embeddings', [VOCABULARY, EMBEDDING], embeddings), ids], { axis: 0 });
  }
  const { values, scales } = quantiseRows(embeddings, VOCABULARY, EMBEDDING);
  const table = graph.tensor('embeddings', 'int8', [VOCABULARY, EMBEDDING], values);
  const scale = graph.tensor('embeddings.scale', 'float32', [VOCABULARY, 1], scales);
  const rows = graph.cast(graph.op('Gather', [table, ids], { axis: 0 }));
  return graph.op('Mul', [rows, graph.op('Gather', [scale, ids], { axis: 0 })]);
}
