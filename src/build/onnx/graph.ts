import { toHalves } from './half.ts';
import { ProtoMessage } from './proto.ts';

/** Element types by their number in onnx.proto (TensorProto.DataType). */
export const ELEMENT = { float32: 1, uint8: 2, int8: 3, int64: 7, float16: 10 } as const;
export type ElementType = keyof typeof ELEMENT;

export type TensorData = Float32Array | Uint8Array | Int8Array | BigInt64Array | Uint16Array;

/** Sizes of a tensor; a word is a size that only the caller knows (`batch_size`). */
export type Shape = readonly (number | string)[];

/** A whole number, a list of them, or `{ float }`: JavaScript cannot tell 1 from 1.0, ONNX does. */
export type Attribute = number | readonly number[] | { readonly float: number };

/** What the graph counts in. */
export type FloatType = 'float32' | 'float16';

/** Name of a value that flows through the graph. */
export type Value = string;

const IR_VERSION = 8;
/** 17 is the first with LayerNormalization as an operator. */
const OPSET = 17;
/** The runtime's own operators; their types are written with it in front. */
const MICROSOFT = 'com.microsoft';

/** Collects operators and constants and writes them as an ONNX model file. Names are counted, so equal calls give equal bytes. */
export class OnnxGraph {
  private readonly nodes: ProtoMessage[] = [];
  private readonly constants = new Map<string, ProtoMessage>();
  private readonly inputs: ProtoMessage[] = [];
  private readonly outputs: ProtoMessage[] = [];
  private count = 0;
  private ofMicrosoft = false;

  constructor(
    private readonly name: string,
    readonly float: FloatType = 'float32',
  ) {}

  input(name: string, type: ElementType, shape: Shape): Value {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Makes `value` an output of the model, under `name`. */
  output(name: string, value: Value, type: ElementType, shape: Shape): void {
    this.nodes.push(operator('Identity', `output_${name}`, [value], [name], {}));
    this.outputs.push(valueInfo(name, type, shape));
  }

  /** A constant tensor, row-major; a name that is taken must mean the same tensor. */
  tensor(name: string, type: ElementType, shape: readonly number[], data: TensorData): Value {
    if (data.length !== shape.reduce((a, b) => a * b, 1)) throw new Error(`${name}: ${data.length} values for [${shape}]`);
    if (!this.constants.has(name)) this.constants.set(name, tensorProto(name, type, shape, data));
    return name;
  }

  /** A constant in the graph's floats. */
  floats(name: string, shape: readonly number[], data: Float32Array): Value {
    return this.tensor(name, this.float, shape, this.float === 'float16' ? toHalves(data) : data);
  }

  scalar(value: number): Value {
    return this.floats(`scalar_${value}`, [], Float32Array.of(value));
  }

  /** `x` in the graph's floats, or in `type`. */
  cast(x: Value, type: ElementType = this.float): Value {
    return this.op('Cast', [x], { to: ELEMENT[type] });
  }

  /** A vector of int64, as shapes, axes and slices want it. */
  ints(...values: number[]): Value {
    return this.tensor(`ints_${values.join('_')}`, 'int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  /** Adds an operator with one output and returns that output. One of the runtime's own is written `com.microsoft.Type`. */
  op(type: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    return this.split(type, inputs, 1, attributes)[0] as Value;
  }

  /** Adds an operator with several outputs. */
  split(type: string, inputs: readonly Value[], outputs: number, attributes: Readonly<Record<string, Attribute>> = {}): Value[] {
    if (type.startsWith(MICROSOFT)) this.ofMicrosoft = true;
    const name = `${type.split('.').at(-1)}_${this.count++}`;
    const out = Array.from({ length: outputs }, (_, i) => (outputs === 1 ? name : `${name}_${i}`));
    this.nodes.push(operator(type, name, inputs, out, attributes));
    return out;
  }

  /** The model file. `metadata` goes in as key and value for whoever opens it. */
  toBytes(metadata: Readonly<Record<string, string>>): Uint8Array {
    const graph = new ProtoMessage();
    for (const node of this.nodes) graph.message(1, node);
    graph.string(2, this.name);
    for (const tensor of this.constants.values()) graph.message(5, tensor);
    for (const input of this.inputs) graph.message(11, input);
    for (const output of this.outputs) graph.message(12, output);
    const opset = new ProtoMessage().string(1, '').int(2, OPSET);
    const model = new ProtoMessage().int(1, IR_VERSION).string(2, 'murmuration').message(7, graph).message(8, opset);
    if (this.ofMicrosoft) model.message(8, new ProtoMessage().string(1, MICROSOFT).int(2, 1));
    for (const [key, value] of Object.entries(metadata)) model.message(14, new ProtoMessage().string(1, key).string(2, value));
    return model.toBytes();
  }
}

function operator(
  type: string,
  name: string,
  inputs: readonly Value[],
  outputs: readonly Value[],
  attributes: Readonly<Record<string, Attribute>>,
): ProtoMessage {
  const node = new ProtoMessage();
  for (const input of inputs) node.string(1, input);
  for (const output of outputs) node.string(2, output);
  const [, domain, plain = type] = /^(.+)\.(.+)$/.exec(type) ?? [];
  node.string(3, name).string(4, plain);
  if (domain) node.string(7, domain);
  for (const [key, value] of Object.entries(attributes)) node.message(5, attribute(key, value));
  return node;
}

function attribute(name: string, value: Attribute): ProtoMessage {
  const out = new ProtoMessage().string(1, name);
  if (typeof value === 'number') return out.int(3, value).int(20, 2);
  if ('float' in value) return out.float(2, value.float).int(20, 1);
  for (const item of value) out.int(8, item);
  return out.int(20, 7);
}

/** The values as raw little-endian bytes (every platform that Node and browsers run on is little-endian). */
function tensorProto(name: string, type: ElementType, shape: readonly number[], data: TensorData): ProtoMessage {
  const out = new ProtoMessage();
  for (const size of shape) out.int(1, size);
  return out
    .int(2, ELEMENT[type])
    .string(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function valueInfo(name: string, type: ElementType, shape: Shape): ProtoMessage {
  const sizes = new ProtoMessage();
  for (const size of shape) {
    sizes.message(1, typeof size === 'string' ? new ProtoMessage().string(2, size) : new ProtoMessage().int(1, size));
  }
  const tensorType = new ProtoMessage().int(1, ELEMENT[type]).message(2, sizes);
  return new ProtoMessage().string(1, name).message(2, new ProtoMessage().message(1, tensorType));
}
