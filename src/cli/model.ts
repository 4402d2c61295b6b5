import { stat } from 'node:fs/promises';
import type { ModelWish } from '../domain/index.ts';
import { type ModelSource, openModelFolder } from '../embed/index.ts';

/** A wish whose model is named by its id, and the models to find it among beside the built-in one. */
export interface WishedModel {
  readonly wish: ModelWish;
  readonly models: readonly ModelSource[];
}

/**
 * The model that is wished for: one that is here by its id, or a model's folder on disk.
 * @throws AppError input where the folder holds no model
 */
export async function wishedModel(wish: ModelWish): Promise<WishedModel> {
  const found = await stat(wish.model).catch(() => null);
  if (!found?.isDirectory()) return { wish, models: [] };
  const source = await openModelFolder(wish.model);
  return { wish: { ...wish, model: source.card.id }, models: [source] };
}
