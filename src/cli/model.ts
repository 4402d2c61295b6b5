import { inputError, type ModelWish, type TextEmbedder } from '../domain/index.ts';
import { BUILT_IN_ID, createEmbedder, nodeEmbedderPaths } from '../embed/index.ts';

/**
 * The model that is wished for.
 * @param root of the repository, an absolute path
 * @throws AppError input where it is not here
 */
export async function openModel({ model, dtype, device }: ModelWish, root: string): Promise<TextEmbedder> {
  const hint = `Here is ${BUILT_IN_ID}, as q8, on wasm.`;
  if (model !== 'auto' && model !== BUILT_IN_ID) throw inputError('model-not-here', `There is no model "${model}".`, hint);
  if (dtype !== 'auto' && dtype !== 'q8') throw inputError('model-dtype', `There is no ${dtype} of ${BUILT_IN_ID}.`, hint);
  if (device === 'webgpu') throw inputError('model-device', 'Models do not run on WebGPU here.', hint);
  return createEmbedder({ ...nodeEmbedderPaths(root), device: 'wasm' });
}
