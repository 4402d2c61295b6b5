import type { ModelWish, TextEmbedder } from '../domain/index.ts';
import { chooseDevice, type DeviceWish, probeAdapter } from './choices.ts';
import { assembleEmbedder } from './embedder.ts';
import { openSession, openTokenizer } from './model.ts';
import type { RuntimePaths } from './runtime.ts';

export { adviseModel, knownShare, languageNote } from './advice.ts';
export { clearVectorCaches, listVectorCaches } from './cache/index.ts';
export { measureLanguages } from './languages.ts';
export { createLexicalEmbedder, LEXICAL_CARD } from './lexical/index.ts';
export { BUILT_IN_CARD, BUILT_IN_ID, HUB_MODELS, KNOWN } from './registry.ts';
export { createModelLibrary, type ModelLibrary } from './store/index.ts';
export type { DeviceWish };

export interface EmbedderOptions extends RuntimePaths, Partial<ModelWish> {
  readonly device: DeviceWish;
  /** Why it is no other device; told before the embedder's own notes. */
  readonly notes?: readonly string[];
}

/**
 * The built-in model behind the {@link TextEmbedder} of the domain: 512-d unit vectors, the same for a text whatever is embedded
 * along with it. Takes about a second; the golden gate is part of it.
 *
 * One page, worker or process is bound to the runtime of its first call: after `wasm` it cannot do `webgpu`.
 * @throws AppError ability if the model cannot run on the device (see {@link assembleEmbedder}), bug if transformers.js is not as expected.
 */
export async function createEmbedder(options: EmbedderOptions): Promise<TextEmbedder> {
  const adapter = options.device === 'wasm' ? 'none' : await probeAdapter();
  const { choice, notes } = chooseDevice(options.device, adapter);
  const encode = await openTokenizer(choice.device, options);
  const told = [...(options.notes ?? []), ...notes];
  return assembleEmbedder({ encode, choice, notes: told, open: (c) => openSession(c, options) });
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
