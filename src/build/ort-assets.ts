import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defaultClientConditions, type Plugin } from 'vite';

export interface AssetFile {
  /** Absolute path of the file. */
  readonly from: string;
  /** Name below the folder that serves them. */
  readonly to: string;
}

/**
 * The files of onnxruntime-web that a page fetches, 41 MB together; a page fetches one pair of the two. The names are fixed inside
 * the runtime: its WASM build asks for the first pair, its WebGPU build (which can do WASM too) for the second.
 */
const NAMES = [
  'ort-wasm-simd-threaded.mjs',
  'ort-wasm-simd-threaded.wasm',
  'ort-wasm-simd-threaded.asyncify.mjs',
  'ort-wasm-simd-threaded.asyncify.wasm',
];

/** What has to be copied into the folder that `EmbedderOptions.wasmBase` names. `root` is the repository. */
export function ortAssetFiles(root: string): AssetFile[] {
  const folder = dirname(createRequire(join(root, 'package.json')).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  return NAMES.map((name) => ({ from: join(folder, name), to: name }));
}

/**
 * Vite plugin for onnxruntime-web served below `base` ('/ort/').
 * - Takes the builds of the library that load their wasm from outside: the others would put the same 41 MB into the bundle again.
 * - By dev, answers for the .mjs files itself: the runtime imports them by URL, and the dev server refuses to let
 *   modules import what lies in public/.
 */
export function onnxRuntime(root: string, base = '/ort/'): Plugin {
  const modules = new Map(ortAssetFiles(root).map(({ from, to }) => [base + to, from]));
  const serve = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const file = modules.get(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (!file?.endsWith('.mjs')) {
      next();
      return;
    }
    response.setHeader('Content-Type', 'text/javascript');
    createReadStream(file).pipe(response);
  };
  return {
    name: 'murmuration:onnx-runtime',
    config: () => ({
      environments: { client: { resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] } } },
    }),
    configureServer: (server) => void server.middlewares.use(serve),
  };
}
