import { DTYPES, type Dtype, type ModelCard, type ModelEntry, type StoredFile } from '../../domain/index.ts';
import { LEXICAL_CARD } from '../lexical/index.ts';
import { BUILT_IN_CARD, HUB_MODELS } from '../registry.ts';
import { modelFile } from '../source.ts';
import type { CheckedModel } from './check.ts';
import type { Kept } from './shelf.ts';

export const BUILT_IN: ModelEntry = { card: BUILT_IN_CARD, place: 'built-in', source: null, dtypes: ['q8', 'int8'], files: [] };

/** Needs no file, so it is always here. */
export const LEXICAL: ModelEntry = { card: LEXICAL_CARD, place: 'built-in', source: null, dtypes: [], files: [] };

export const onHub = (card: ModelCard): ModelEntry => ({ card, place: 'hub', source: null, dtypes: [], files: [] });

export const entryOf = ({ card, source, files, notes }: Kept): ModelEntry => ({
  ...{ card, place: 'stored', source, dtypes: dtypesOf(files), files },
  ...(notes.length > 0 ? { notes } : {}),
});

/** Most precise first. */
export const dtypesOf = (files: readonly StoredFile[]): Dtype[] =>
  DTYPES.filter((dtype) => files.some(({ path }) => path === modelFile(dtype)));

/**
 * The card of a model that was dropped: the registry's where its folder has the name of a known model (and its vectors that length), or one of
 * its files is the same to the bit.
 */
export function cardOfDropped({ card, notes }: CheckedModel, stored: readonly StoredFile[]): Pick<Kept, 'card' | 'notes'> {
  const known = HUB_MODELS.find(
    (model) => isNamed(card, model.card) || stored.some((file) => hashes(model).includes(file.sha256)),
  );
  if (known) return { card: cardOfKnown(known.card, card), notes: [] };
  if (lastPart(card.id) === BUILT_IN_CARD.id) {
    const own = { id: `own/${BUILT_IN_CARD.id}`, name: `${BUILT_IN_CARD.name} (dropped)`, bytes: card.bytes };
    return { card: { ...BUILT_IN_CARD, ...own }, notes: [] };
  }
  return { card: { ...card, id: plainId(card.id) }, notes };
}

/** The registry's card; only how a file gives its vectors is the file's own affair. */
export const cardOfKnown = (known: ModelCard, found: ModelCard): ModelCard => ({
  ...known,
  pooling: found.pooling === 'output' ? 'output' : known.pooling,
  bytes: { ...known.bytes, ...found.bytes },
});

const hashes = ({ sha256 }: (typeof HUB_MODELS)[number]): readonly string[] => Object.values(sha256);

const isNamed = (found: ModelCard, known: ModelCard): boolean =>
  lastPart(found.id) === lastPart(known.id) && (found.dims === null || found.dims === known.dims);

const lastPart = (id: string): string => (id.split('/').at(-1) ?? '').toLowerCase();

/** Ids that stand for something else in settings. */
const TAKEN = ['auto', 'lexical'];

/** Letters that a path and transformers.js take; of names that hold none of them something is left, too. */
function plainId(name: string): string {
  const plain = name
    .split('/')
    .map((part) => part.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.-]+$/g, ''))
    .filter((part) => part !== '')
    .slice(-2)
    .join('/');
  return plain === '' || TAKEN.includes(plain.toLowerCase()) ? `own/${plain || 'model'}` : plain;
}
