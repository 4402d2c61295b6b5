import { AppError } from '../domain/index.ts';
import type { OpenFile } from './source.ts';

export type Transformers = typeof import('@huggingface/transformers');

/** What the runtime of a page, worker or process is bound to. */
export interface RuntimeOptions {
  readonly device: 'wasm' | 'webgpu';
  /** URL of the folder with onnxruntime's wasm files; ends with '/'. */
  readonly wasmBase: string;
  /** Of WASM; more than one needs a page that is cross-origin isolated. */
  readonly threads: number;
}

/** transformers.js looks for a runtime here when its module is evaluated, before it takes its own. */
const RUNTIME_SLOT = Symbol.for('onnxruntime');

let loaded: { readonly library: Promise<Transformers>; readonly device: RuntimeOptions['device'] } | undefined;

/**
 * transformers.js, bound to a runtime that can serve `device`. The binding holds for the life of the page, worker or process:
 * one that began with WASM cannot go on to WebGPU, but the reverse works.
 *
 * For WASM the runtime is onnxruntime's plain WASM build, in browser and Node alike: the vectors are the same to the bit, and it
 * is 1.5 times as fast and half as large as the WebGPU-capable build that transformers.js would take in a browser (and Node would
 * get native code, with other vectors).
 * @throws AppError ability when WebGPU is asked for too late.
 */
export async function loadTransformers(options: RuntimeOptions): Promise<Transformers> {
  const { device } = options;
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
  configure(library, options);
  return library;
}

/** Versions of what runs a model; another one may give other vectors, and other speeds. */
export const runtimeVersion = ({ env }: Transformers): string =>
  `transformers.js ${env.version}, onnxruntime ${env.backends.onnx.versions?.web}`;

async function importFor(device: RuntimeOptions['device']): Promise<Transformers> {
  if (device === 'wasm') Object.assign(globalThis, { [RUNTIME_SLOT]: await importWasmRuntime() });
  return import('@huggingface/transformers');
}

/** In Node transformers.js hands the runtime a file path instead of bytes, which only the runtime's Node build can open. */
const importWasmRuntime = (): Promise<unknown> =>
  isNode() ? import(/* @vite-ignore */ nodeRuntime()) : import('onnxruntime-web/wasm');

/** A name that the bundler does not see through: a bundle for the browser must not take in what only Node uses. */
const nodeRuntime = (): string => ['onnxruntime', 'web'].join('-');

export const isNode = (): boolean => typeof process !== 'undefined' && process.release?.name === 'node';

/** Folders that models are loaded from, by the name that the library knows them by. */
const mounted = new Map<string, OpenFile>();
let mounts = 0;

/**
 * Makes files loadable under a name that `from_pretrained` takes, until `unmount`. The model's own id would not do: the library refuses some.
 */
export function mount(open: OpenFile): { readonly name: string; readonly unmount: () => void } {
  const name = `mounted-model-${++mounts}`;
  mounted.set(name, open);
  return { name, unmount: () => void mounted.delete(name) };
}

/** The library asks for `/NAME/PATH`; for a model file in Node it asks once more, by the name of the remote file. */
const REQUEST = /(mounted-model-\d+)\/(?:resolve\/main\/)?(.+)$/;

async function openMounted(request: string): Promise<Response | undefined> {
  const [, name = '', path = ''] = REQUEST.exec(request) ?? [];
  return mounted.get(name)?.(path);
}

/** All files come from {@link mount}; there is no way out to the network or to the disk (promise P1). */
function configure({ env, LogLevel }: Transformers, { wasmBase, threads }: RuntimeOptions): void {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/';
  env.useFS = false;
  env.fetch = () => Promise.resolve(new Response(null, { status: 404 }));
  env.useCustomCache = true;
  env.customCache = { match: openMounted, put: () => Promise.resolve() };
  env.useBrowserCache = false;
  env.useFSCache = false;
  env.useWasmCache = false;
  // Warnings would tell that it does not know the model type "use-lite" and takes its base class, as it should.
  env.logLevel = LogLevel.ERROR;
  const { wasm } = env.backends.onnx;
  if (!wasm) throw new AppError('bug', 'no-wasm-runtime', 'onnxruntime has no WASM backend.', 'Run "npm ci" again.');
  // A string: an object of two URLs would be loaded through a blob: import, which the content policy forbids.
  wasm.wasmPaths = wasmBase;
  wasm.numThreads = threads;
}
