import { createMatrix, inputError, type Matrix, type ModelCard } from '../domain/index.ts';
import { loadTransformers, mount, type RuntimeOptions, type Transformers } from './runtime.ts';
import type { Choice, Session } from './session.ts';
import { type ModelSource, modelFile } from './source.ts';

/**
 * Loads the file of `choice` of a model.
 * @throws whatever the library throws where the file is broken or the device cannot run it
 */
export async function openSession(
  choice: Choice,
  source: ModelSource,
  runtime: Omit<RuntimeOptions, 'device'>,
): Promise<Session> {
  const { device, dtype } = choice;
  const library = await loadTransformers({ ...runtime, device });
  const files = mount(source.open);
  const model = await library.AutoModel.from_pretrained(files.name, {
    dtype,
    // transformers.js lists no device for a runtime that it was handed, so 'wasm' would be unknown to it.
    device: device === 'webgpu' ? 'webgpu' : 'auto',
    session_options: { executionProviders: [device] },
  }).finally(files.unmount);
  return {
    async run(ids) {
      const output: unknown = await model(inputsOf(library, ids));
      return pool(output, ids, source.card, modelFile(dtype));
    },
    async dispose() {
      await model.dispose();
    },
  };
}

/** A graph that asks for `token_type_ids` gets zeros from the library. */
function inputsOf({ Tensor }: Transformers, ids: readonly (readonly number[])[]) {
  const shape = [ids.length, ids[0]?.length ?? 0];
  const size = ids.length * (ids[0]?.length ?? 0);
  const values = BigInt64Array.from(ids.flat(), BigInt);
  if (size === 0 || values.length !== size) throw new Error('a batch must hold rows of equal length, and tokens');
  return {
    input_ids: new Tensor('int64', values, shape),
    attention_mask: new Tensor('int64', new BigInt64Array(size).fill(1n), shape),
  };
}

interface Floats {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** What the library makes of an output. */
interface LibraryTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
  to(type: 'float32'): LibraryTensor;
}

/** One vector a row, copied out of the runtime's memory. No row is padded, so that the mean is over all tokens. */
function pool(output: unknown, ids: readonly (readonly number[])[], { pooling }: ModelCard, file: string): Matrix {
  const rows = ids.length;
  if (pooling === 'output') {
    const vectors = floats(output, ['sentence_embedding'], [rows], file);
    const matrix = createMatrix(rows, vectors.dims[1] ?? 0);
    matrix.data.set(vectors.data);
    return matrix;
  }
  const tokens = ids[0]?.length ?? 0;
  const { data, dims } = floats(output, ['last_hidden_state', 'token_embeddings'], [rows, tokens], file);
  const cols = dims[2] ?? 0;
  const matrix = createMatrix(rows, cols);
  for (let row = 0; row < rows; row++) {
    const states = data.subarray(row * tokens * cols, (row + 1) * tokens * cols);
    const vector = pooling === 'cls' ? states.subarray(0, cols) : meanOf(states, cols);
    matrix.data.set(vector, row * cols);
  }
  return matrix;
}

function meanOf(states: Float32Array, cols: number): Float64Array {
  const sum = new Float64Array(cols);
  for (let i = 0; i < states.length; i++) sum[i % cols] = (sum[i % cols] as number) + (states[i] as number);
  return sum.map((value) => (value * cols) / states.length);
}

/** The first of the named outputs; its shape must be `shape` and one more. */
function floats(output: unknown, names: readonly string[], shape: readonly number[], file: string): Floats {
  const outputs = output as Readonly<Record<string, LibraryTensor | undefined>>;
  const found = names.map((name) => outputs[name]).find((tensor) => tensor !== undefined);
  const tensor = found?.type === 'float16' ? found.to('float32') : found;
  if (tensor?.data instanceof Float32Array && isOfShape(tensor.dims, shape)) return { data: tensor.data, dims: tensor.dims };
  const given = Object.entries(outputs).map(([name, t]) => `"${name}" [${t?.dims}]`);
  throw inputError(
    'model-output',
    `${file} gives ${given.join(', ')} where "${names[0]}" [${shape}, dimensions] of floats is needed.`,
    'Take a model for sentence embeddings in the layout of transformers.js.',
  );
}

const isOfShape = (dims: readonly number[], shape: readonly number[]): boolean =>
  dims.length === shape.length + 1 && shape.every((size, i) => dims[i] === size);
