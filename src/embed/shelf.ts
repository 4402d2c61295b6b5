import type { Dtype, ModelEntry } from '../domain/index.ts';
import { BUILT_IN_CARD, BUILT_IN_ID } from './registry.ts';
import type { OpenSource } from './runner.ts';
import { fetchFrom, type ModelSource, readFrom, sourceOf } from './source.ts';

/** The models that are here. */
export interface ModelShelf {
  list(): Promise<readonly ModelEntry[]>;
  /** Null where the model is not here. */
  readonly open: OpenSource;
}

const BUILT_IN_DTYPES: readonly Dtype[] = ['q8', 'int8'];

/**
 * In a browser: the model that is served with the page, and those in storage.
 * @param modelBase URL of the folder that holds `use-lite/`; ends with '/'
 */
export function createBrowserShelf(
  modelBase: string,
  stored: { readonly list: () => Promise<readonly ModelEntry[]>; readonly open: OpenSource },
): ModelShelf {
  const builtIn = sourceOf(BUILT_IN_CARD, BUILT_IN_DTYPES, fetchFrom(`${modelBase}${BUILT_IN_ID}/`));
  return {
    list: stored.list,
    open: async (id) => (id === BUILT_IN_ID ? builtIn : stored.open(id)),
  };
}

/**
 * In Node: the built-in model, built by src/build/model, and others.
 * @param root of the repository, an absolute path
 */
export function createNodeShelf(root: string, others: readonly ModelSource[] = []): ModelShelf {
  const builtIn = sourceOf(BUILT_IN_CARD, BUILT_IN_DTYPES, readFrom(`${root}/public/models/${BUILT_IN_ID}`));
  const sources = [builtIn, ...others];
  return {
    list: async () => sources.map(entryOf),
    open: async (id) => sources.findLast(({ card }) => card.id === id) ?? null,
  };
}

const entryOf = ({ card, dtypes }: ModelSource): ModelEntry => ({
  card,
  place: card.id === BUILT_IN_ID ? 'built-in' : 'stored',
  source: null,
  dtypes,
  files: [],
});
