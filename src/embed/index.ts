import type { TextEmbedder } from '../domain/index.ts';
import { chooseDevices, type DeviceWish, probeAdapter } from './choices.ts';
import { assembleEmbedder } from './embedder.ts';
import { openSession, openTokenizer } from './model.ts';
import type { RuntimePaths } from './runtime.ts';

export { detectLanguageNote } from './language.ts';
export type { DeviceWish };

export interface EmbedderOptions extends RuntimePaths {
  readonly device: DeviceWish;
}

/**
 * The built-in model behind the {@link TextEmbedder} of the domain: 512-d unit vectors, the same for a text whatever is embedded
 * along with it. Takes about a second; the golden gate is part of it.
 *
 * One page, worker or process is bound to the runtime of its first call: after `wasm` it cannot do `webgpu`.
 * @throws AppError ability if the model can run on no device, bug if transformers.js is not as expected.
 */
export async function createEmbedder(options: EmbedderOptions): Promise<TextEmbedder> {
  const adapter = options.device === 'wasm' ? 'none' : await probeAdapter();
  const { choices, notes } = chooseDevices(options.device, adapter);
  const encode = await openTokenizer(choices[0].device, options);
  return assembleEmbedder({ encode, choices, notes, open: (choice) => openSession(choice, options) });
}

/** Where model and runtime lie for Node, given the repository root (an absolute path). */
export function nodeEmbedderPaths(root: string): RuntimePaths {
  // Not an import: a browser bundle must not see node:url.
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  return {
    modelBase: `${root}/public/models/`,
    wasmBase: new URL('node_modules/onnxruntime-web/dist/', pathToFileURL(`${root}/`)).href,
  };
}
