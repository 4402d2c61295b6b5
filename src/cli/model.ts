import { stat } from 'node:fs/promises';
import {
  AppError,
  inputError,
  type OpenEmbedder,
  pinnedModel,
  type RecordedModel,
  type Settings,
  type TextEmbedder,
} from '../domain/index.ts';
import { createNodeEmbedder, type ModelSource, openModelFolder } from '../embed/index.ts';
import type { NodeRunners } from './node-runners.ts';

/** The models of a run, opened as it asks for them. */
export interface Models {
  readonly open: OpenEmbedder;
  /** May be called twice. */
  dispose(): Promise<void>;
}

/**
 * The folder that --model names in place of an id, checked; null where it names none.
 * @throws AppError input that names the file that is wrong
 */
export async function folderOfModel(model: string | undefined): Promise<ModelSource | null> {
  if (model === undefined || model === 'auto') return null;
  // What is not there is an id; a path that can't be looked at is told as one by `openModelFolder`.
  const isFolder = (await stat(model).catch(() => null))?.isDirectory() ?? false;
  // An id of the hub has one slash inside; what begins or ends with one is meant as a path.
  return isFolder || /^\.{0,2}\/|\/$/.test(model) ? openModelFolder(model) : null;
}

/** The settings with the model of the folder by its id, which a manifest can record: a path holds on one machine. */
export const withFolder = (settings: Settings, folder: ModelSource | null): Settings =>
  folder ? { ...settings, embedding: { ...settings.embedding, model: folder.card.id } } : settings;

export interface ModelsOptions {
  /** Of the repository, an absolute path. */
  readonly root: string;
  readonly settings: Pick<Settings, 'embedding' | 'words'>;
  /** A model beside the built-in one. */
  readonly folder: ModelSource | null;
  /** The model of a manifest's run, which 'auto' then takes. */
  readonly recorded: RecordedModel | null;
  readonly runners: NodeRunners;
}

export function openModels({ root, settings: { embedding, words }, folder, recorded, runners }: ModelsOptions): Models {
  const opened: TextEmbedder[] = [];
  const wish = pinnedModel(embedding, recorded);
  return {
    async open(languages) {
      const models = folder ? [folder] : [];
      const embedder = await createNodeEmbedder({ root, wish, words, languages, models, ...runners }).catch(mended);
      opened.push(embedder);
      return embedder;
    },
    async dispose() {
      for (const embedder of opened.splice(0)) await embedder.dispose();
    },
  };
}

/** What the page offers is not here. */
function mended(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'model-not-here') throw error;
  throw inputError(
    error.code,
    error.message,
    'Name its folder: --model FOLDER, with config.json, tokenizer.json and onnx/.',
    error,
  );
}
