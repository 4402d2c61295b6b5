import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

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
