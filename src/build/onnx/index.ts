export { addDense, type Dense, type Weights } from './dense.ts';
export { OnnxGraph, type Value } from './graph.ts';
export { quantiseRows } from './quantise.ts';
export { addLayerNorm, attend, type LayerNorm, maskKeys } from './transformer.ts';
