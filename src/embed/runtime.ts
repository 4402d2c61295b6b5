import { AppError } from '../domain/index.ts';
import type { Choice } from './session.ts';

type Transformers = typeof import('@huggingface/transformers');

export interface RuntimePaths {
  /** URL or path of the folder that holds `use-lite/`; ends with '/'. */
  readonly modelBase: string;
  /** URL of the folder with onnxruntime's wasm files; ends with '/'. */
  readonly wasmBase: string;
}

/** transformers.js looks for a runtime here when its module is evaluated, before it takes its own. */
const RUNTIME_SLOT = Symbol.for('onnxruntime');

let loaded: { readonly library: Promise<Transformers>; readonly device: Choice['device'] } | undefined;

/**
 * transformers.js, bound to a runtime that can serve `device`. The binding holds for the life of the page, worker or process:
 * one that began with WASM cannot go on to WebGPU, but the reverse works.
 *
 * For WASM the runtime is onnxruntime's plain WASM build, in browser and Node alike: the vectors are the same to the bit, and it
 * is 1.5 times as fast and half as large as the WebGPU-capable build that transformers.js would take in a browser (and Node would
 * get native code, with other vectors).
 * @throws AppError ability when WebGPU is asked for too late.
 */
export async function loadTransformers(device: Choice['device'], paths: RuntimePaths): Promise<Transformers> {
  loaded ??= { device, library: importFor(device) };
  if (device === 'webgpu' && loaded.device !== 'webgpu') {
    throw new AppError(
      'ability',
      'runtime-bound',
      'This worker already runs the WASM runtime.',
      'Start a new worker for WebGPU.',
    );
  }
  const library = await loaded.library;
  configure(library, paths);
  return library;
}

async function importFor(device: Choice['device']): Promise<Transformers> {
  if (device === 'wasm') Object.assign(globalThis, { [RUNTIME_SLOT]: await importWasmRuntime() });
  return import('@huggingface/transformers');
}

/** In Node transformers.js hands the runtime a file path instead of bytes, which only the runtime's Node build can open. */
const importWasmRuntime = (): Promise<unknown> =>
  isNode() ? import(/* @vite-ignore */ nodeRuntime()) : import('onnxruntime-web/wasm');

/** A name that the bundler does not see through: a bundle for the browser must not take in what only Node uses. */
const nodeRuntime = (): string => ['onnxruntime', 'web'].join('-');

const isNode = (): boolean => typeof process !== 'undefined' && process.release?.name === 'node';

/** Everything from the origin (promise P1). */
function configure({ env, LogLevel }: Transformers, { modelBase, wasmBase }: RuntimePaths): void {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = modelBase;
  env.useBrowserCache = false;
  env.useWasmCache = false;
  // Warnings would tell that it does not know the model type "use-lite" and takes its base class, as it should.
  env.logLevel = LogLevel.ERROR;
  const { wasm } = env.backends.onnx;
  if (!wasm) throw new AppError('bug', 'no-wasm-runtime', 'onnxruntime has no WASM backend.', 'Run "npm ci" again.');
  // A string: an object of two URLs would be loaded through a blob: import, which the content policy forbids.
  wasm.wasmPaths = wasmBase;
  wasm.numThreads = 1;
}
