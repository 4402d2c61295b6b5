import { AppError, abilityError, createMatrix, type Matrix } from '../domain/index.ts';
import { loadTransformers, type RuntimePaths } from './runtime.ts';
import type { Choice, Session } from './session.ts';
import { createEncoder, type Encode } from './tokenizer.ts';

export const MODEL_ID = 'use-lite';
export const DIMENSIONS = 512;

/** Loads the built-in model's file for `choice`. */
export async function openSession(choice: Choice, paths: RuntimePaths): Promise<Session> {
  const { AutoModel, Tensor } = await loadTransformers(choice.device, paths);
  const model = await AutoModel.from_pretrained(MODEL_ID, {
    dtype: choice.dtype,
    // transformers.js lists no device for a runtime that it was handed, so 'wasm' would be unknown to it.
    device: choice.device === 'webgpu' ? 'webgpu' : 'auto',
    session_options: { executionProviders: [choice.device] },
  });
  return {
    async run(ids) {
      const { values, mask, shape } = inputsOf(ids);
      const output: unknown = await model({
        input_ids: new Tensor('int64', values, shape),
        attention_mask: new Tensor('int64', mask, shape),
      });
      return readEmbedding(output, ids.length);
    },
    async dispose() {
      await model.dispose();
    },
  };
}

/**
 * Loads the tokenizer that goes with the model.
 * @throws AppError ability if its files are not where `paths` says.
 */
export async function openTokenizer(device: Choice['device'], paths: RuntimePaths): Promise<Encode> {
  const { AutoTokenizer } = await loadTransformers(device, paths);
  const tokenizer = await AutoTokenizer.from_pretrained(MODEL_ID).catch((cause: unknown) => {
    throw abilityError(
      'model-missing',
      `The built-in model was not found under ${paths.modelBase}${MODEL_ID}.`,
      'Start the app with "npm start", which builds the model, or reload the page if the server was stopped.',
      cause,
    );
  });
  return createEncoder(tokenizer);
}

/** A masked token that stands for no text: the runtime cannot take rows of length 0. */
const FILLER = 3n;

function inputsOf(ids: readonly (readonly number[])[]): { values: BigInt64Array; mask: BigInt64Array; shape: number[] } {
  const tokens = ids[0]?.length ?? 0;
  const shape = [ids.length, Math.max(1, tokens)];
  const size = ids.length * Math.max(1, tokens);
  if (tokens === 0) return { values: new BigInt64Array(size).fill(FILLER), mask: new BigInt64Array(size), shape };
  const values = BigInt64Array.from(ids.flat(), BigInt);
  if (values.length !== size) throw new Error('a batch must hold rows of equal length');
  return { values, mask: new BigInt64Array(size).fill(1n), shape };
}

/** The sentence vectors of a model's output, copied out of the runtime's memory. */
function readEmbedding(output: unknown, rows: number): Matrix {
  const tensor = (output as { sentence_embedding?: { data?: unknown; dims?: readonly number[] } }).sentence_embedding;
  if (!(tensor?.data instanceof Float32Array) || tensor.dims?.join() !== `${rows},${DIMENSIONS}`) {
    throw new AppError(
      'bug',
      'model-output',
      `The model gave [${tensor?.dims}] where [${rows},${DIMENSIONS}] float32 "sentence_embedding" was expected.`,
      'Delete public/models and build anew.',
    );
  }
  const matrix = createMatrix(rows, DIMENSIONS);
  matrix.data.set(tensor.data);
  return matrix;
}
