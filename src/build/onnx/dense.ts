import type { OnnxGraph, Value } from './graph.ts';
import { quantiseBlocks, quantiseColumns } from './quantise.ts';

/** A dense layer y = x W + b, `weights` row-major [inputs, outputs]. */
export interface Dense {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/**
 * How the weights are kept and used:
 * - `fp32`, `fp16`: as floats of that width, in which all of the graph counts;
 * - `q8`: int8, integer matrix products, each token's activations quantised on their own (fast on WASM);
 * - `q8-tensor`: the same with one scale for the activations of the whole batch, as the files of the hub have it: there a vector depends on
 *   what it is run with;
 * - `int8`: int8 that is turned back into floats when the session is created (WebGPU, which has no integer matrix product);
 * - `q4`: four bits, one scale for every 32 weights, by the runtime's own operator.
 */
export type Weights = 'fp32' | 'fp16' | 'q8' | 'q8-tensor' | 'int8' | 'q4';

/** x W + b for `x` of [..., inputs]. */
export function addDense(graph: OnnxGraph, kind: Weights, name: string, x: Value, dense: Dense): Value {
  const { keep, multiply } = KINDS[kind];
  const [weights = '', scale = ''] = keep(graph, name, dense);
  const bias = graph.floats(`${name}.bias`, [dense.outputs], dense.bias);
  return graph.op('Add', [multiply(graph, x, weights, scale, dense), bias]);
}

interface Kind {
  /** The constants of the weights, and of their scales where they have any. */
  keep(graph: OnnxGraph, name: string, dense: Dense): Value[];
  multiply(graph: OnnxGraph, x: Value, weights: Value, scale: Value, dense: Dense): Value;
}

const keepFloats: Kind['keep'] = (graph, name, { inputs, outputs, weights }) => [
  graph.floats(`${name}.weights`, [inputs, outputs], weights),
];

const keepBytes: Kind['keep'] = (graph, name, { inputs, outputs, weights }) => {
  const { values, scales } = quantiseColumns(weights, inputs, outputs);
  return [
    graph.tensor(`${name}.weights`, 'int8', [inputs, outputs], values),
    graph.tensor(`${name}.scale`, 'float32', [1, outputs], scales),
  ];
};

/** Weights of a block of four bits each; the operator takes powers of two from 16. */
const BLOCK = 32;

const keepBlocks: Kind['keep'] = (graph, name, { inputs, outputs, weights }) => {
  const { packed, scales } = quantiseBlocks(weights, inputs, outputs, BLOCK);
  const blocks = inputs / BLOCK;
  return [
    graph.tensor(`${name}.weights`, 'uint8', [outputs, blocks, BLOCK / 2], packed),
    graph.floats(`${name}.scale`, [outputs * blocks], scales),
  ];
};

const plainProduct: Kind['multiply'] = (graph, x, weights) => graph.op('MatMul', [x, weights]);

/** Cast and Mul of constants are folded when the session is created: what runs is a plain float product. */
const floatProduct: Kind['multiply'] = (graph, x, weights, scale) =>
  graph.op('MatMul', [x, graph.op('Mul', [graph.cast(weights), scale])]);

/**
 * Two Muls and not one by the product of the scales: the runtime would fuse that into an operator that takes the scale of x
 * for a scalar, and the vectors would be wrong without a word (cosine .74).
 */
const integerProduct: Kind['multiply'] = (graph, x, weights, scale) => {
  const [quantised, tokenScale] = quantiseTokens(graph, x);
  const zeroPoint = graph.tensor('zero_point', 'uint8', [], Uint8Array.of(128));
  const sum = graph.cast(graph.op('MatMulInteger', [quantised, weights, zeroPoint]));
  return graph.op('Mul', [graph.op('Mul', [sum, scale]), tokenScale]);
};

const wholeBatchProduct: Kind['multiply'] = (graph, x, weights, scale) => {
  const [quantised = '', batchScale = '', zeroPoint = ''] = graph.split('DynamicQuantizeLinear', [x], 3);
  const sum = graph.cast(graph.op('MatMulInteger', [quantised, weights, zeroPoint]));
  return graph.op('Mul', [sum, graph.op('Mul', [batchScale, scale])]);
};

/** Activations stay floats. */
const blockProduct: Kind['multiply'] = (graph, x, weights, scale, { inputs, outputs }) =>
  graph.op('com.microsoft.MatMulNBits', [x, weights, scale], { K: inputs, N: outputs, bits: 4, block_size: BLOCK });

/**
 * round(127 x / max|x|) + 128 over the last axis, as uint8, and max|x| / 127. One scale a token and not one a tensor
 * (DynamicQuantizeLinear), so that a vector does not depend on the other texts of its batch; uint8 with zero point 128 because
 * the runtime's int8 x int8 product is about ten times slower.
 */
function quantiseTokens(graph: OnnxGraph, x: Value): [Value, Value] {
  const largest = graph.op('ReduceMax', [graph.op('Abs', [x])], { axes: [-1], keepdims: 1 });
  const scale = graph.op('Mul', [graph.op('Max', [largest, graph.scalar(1e-9)]), graph.scalar(1 / 127)]);
  const levels = graph.op('Add', [graph.op('Round', [graph.op('Div', [x, scale])]), graph.scalar(128)]);
  return [graph.cast(levels, 'uint8'), scale];
}

const KINDS: Readonly<Record<Weights, Kind>> = {
  fp32: { keep: keepFloats, multiply: plainProduct },
  fp16: { keep: keepFloats, multiply: plainProduct },
  q8: { keep: keepBytes, multiply: integerProduct },
  'q8-tensor': { keep: keepBytes, multiply: wholeBatchProduct },
  int8: { keep: keepBytes, multiply: floatProduct },
  q4: { keep: keepBlocks, multiply: blockProduct },
};
