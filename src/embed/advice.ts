import {
  describeShares,
  foreignShare,
  knownShare,
  type ModelAdvice,
  type ModelCard,
  type ModelEntry,
  type ModelInfo,
  type TextLanguages,
  toldShare,
} from '../domain/index.ts';
import { LEXICAL_CARD } from './lexical/card.ts';

/** A model that knows less of the texts than this tells most of them apart by chance; the lexical one tells them by their words. */
const LEAST_KNOWN = 0.5;
/** A model that is not here is worth its download where it knows at least this much more of the texts. */
const WORTH_IT = 0.1;
/** Below this share in languages that the model does not know nothing is said: a few titles are always taken for another language. */
const LITTLE = 0.25;

/**
 * The model for texts in these languages among those that are here: the semantic one that knows the largest share of them, the built-in and then
 * the first of `entries` where several know as much; the lexical one where none knows half. A model of which no languages are told is for the
 * user to name.
 */
export function adviseModel(languages: TextLanguages, entries: readonly ModelEntry[]): ModelAdvice {
  if (languages.lettered === 0) return { id: firstHere(entries), known: 1, warning: null, better: [] };
  const semantic = entries.filter(({ card }) => card.kind === 'semantic' && card.languages !== null);
  const here = ranked(semantic.filter(isHere), languages);
  const best = here[0];
  const known = best ? knownShare(best.card, languages) : 0;
  const away = ranked(
    semantic.filter((entry) => !isHere(entry)),
    languages,
  );
  const better = away.filter(({ card }) => knownShare(card, languages) >= known + WORTH_IT).map(({ card }) => card.id);
  if (!best || known < LEAST_KNOWN) {
    return { id: LEXICAL_CARD.id, known, warning: lexicalWarning(languages, best?.card), better };
  }
  const isPart = foreignShare(best.card, languages) >= LITTLE;
  return { id: best.card.id, known, warning: isPart ? partWarning(languages, best.card) : null, better };
}

/** What a result says of its model and the languages: the warning of the advice, or that a model which was named knows less than half of the texts. */
export function languageNote({ advice, ...model }: ModelInfo, languages: TextLanguages): string | null {
  if (advice) return advice.warning;
  if (model.languages === null || languages.lettered === 0 || knownShare(model, languages) >= LEAST_KNOWN) return null;
  return partWarning(languages, model);
}

const isHere = ({ place }: ModelEntry): boolean => place !== 'hub';

const firstHere = (entries: readonly ModelEntry[]): string =>
  entries.find((entry) => isHere(entry) && entry.card.kind === 'semantic')?.card.id ?? LEXICAL_CARD.id;

/** Those that know any of the texts, the most first; of equals the one that comes first. */
const ranked = (entries: readonly ModelEntry[], languages: TextLanguages): ModelEntry[] =>
  entries
    .map((entry) => ({ entry, known: knownShare(entry.card, languages) }))
    .filter(({ known }) => known > 0)
    .sort((a, b) => b.known - a.known)
    .map(({ entry }) => entry);

const HOW_TO_GET =
  'For segments by meaning drop a folder or .zip of such a model under "Model" (on the command line: --model FOLDER), or fetch one from the hub there if this page allows it.';

function lexicalWarning(languages: TextLanguages, model: ModelCard | undefined): string {
  const known = model ? ` ${model.name} knows ${percent(toldShare(model, languages))} of them.` : '';
  return `No model that is here knows the language of most of your texts (${describeShares(languages)}).${known} Segments are therefore by words, not by meaning: texts with the same words are near, texts that say the same in other words are not. ${HOW_TO_GET}`;
}

function partWarning(languages: TextLanguages, model: Pick<ModelCard, 'name' | 'languages'>): string {
  return `${model.name} knows the language of ${percent(toldShare(model, languages))} of your texts (${describeShares(languages)}). It cannot tell the others apart well, so read their segments with caution. A model that knows all of these languages may be dropped under "Model", or fetched from the hub there if this page allows it.`;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
