import {
  type Dtype,
  describeShares,
  type KeptVectors,
  knownShare,
  languageName,
  type ModelAdvice,
  type ModelCard,
  type ModelChoice,
  type ModelEntry,
  type ModelInfo,
  type ModelTrial,
  type ModelWish,
  type TextLanguages,
  toldShare,
} from '../../domain/index.ts';
import { bytes, count } from '../common/format.ts';

export const DTYPE_WORDS: Readonly<Record<Dtype, string>> = {
  fp32: 'fp32: 32-bit floats, exact',
  fp16: 'fp16: 16-bit floats',
  q8: 'q8: 8-bit integers, for the processor',
  int8: 'int8: 8-bit weights, for WebGPU',
  q4: 'q4: 4-bit weights, smallest',
};

export const DEVICE_WORDS: Readonly<Record<ModelWish['device'], string>> = {
  auto: 'By a short trial',
  wasm: 'Processor (WASM)',
  webgpu: 'Graphics card (WebGPU)',
};

export const isHere = ({ place }: ModelEntry): boolean => place !== 'hub';

/** 'English, German', '52 languages', 'any', 'not told'. */
export function languageWords({ languages }: Pick<ModelCard, 'languages'>): string {
  if (languages === null) return 'not told';
  if (languages.length === 0) return 'any';
  if (languages.length > 3) return `${languages.length} languages`;
  return allLanguages(languages);
}

export const allLanguages = (languages: readonly string[]): string =>
  languages
    .map((language) => languageName({ language, script: '' }))
    .sort()
    .join(', ');

/** 'q8 24 MB, fp16 47 MB', each of them on one line; what is not here is left out of a model that is. */
export function sizeWords({ card, dtypes }: ModelEntry): string {
  const told = Object.entries(card.bytes).filter(([dtype]) => dtypes.length === 0 || dtypes.includes(dtype as Dtype));
  return told.map(([dtype, size]) => `${dtype} ${bytes(size)}`.replaceAll(' ', '\u00a0')).join(', ') || '–';
}

export function placeWords({ place, source, files }: ModelEntry): string {
  if (place === 'built-in') return 'With the page';
  if (place === 'hub') return 'On the hub';
  const kept = files.reduce((sum, file) => sum + file.bytes, 0);
  return `${source === 'dropped' ? 'Dropped' : 'From the hub'}, ${bytes(kept)} in this browser`;
}

/** The id of the model that a run would take: the one that is named, else the one that is advised. */
export const chosenId = ({ model }: ModelWish, advice: ModelAdvice | null): string | null =>
  model === 'auto' ? (advice?.id ?? null) : model;

export const nameOf = (id: string, entries: readonly ModelEntry[]): string =>
  entries.find(({ card }) => card.id === id)?.card.name ?? (id === 'lexical' ? 'Words and letters (lexical, not semantic)' : id);

/** One line for the fold: 'Universal Sentence Encoder Lite · texts: English 93 %'. */
export function modelSummary(
  wish: ModelWish,
  advice: ModelAdvice | null,
  entries: readonly ModelEntry[],
  languages: TextLanguages | null,
): string {
  const id = chosenId(wish, advice);
  const model = id === null ? 'by the languages of the texts' : nameOf(id, entries);
  const set = [wish.dtype, wish.device].filter((part) => part !== 'auto');
  return [model, ...set, languages && `texts: ${describeShares(languages)}`].filter(Boolean).join(' · ');
}

/** What asks for a look before a run; null where nothing does. */
export function modelCaution(
  wish: ModelWish,
  advice: ModelAdvice | null,
  entries: readonly ModelEntry[],
  languages: TextLanguages | null,
): string | null {
  if (wish.model === 'auto') return advice?.warning ?? null;
  const named = entries.find(({ card }) => card.id === wish.model);
  if (named ? !isHere(named) : entries.length > 0 && wish.model !== 'lexical') {
    return `${nameOf(wish.model, entries)} is not in this browser. Drop it or fetch it here, or choose another model.`;
  }
  if (!named || named.card.languages === null || !languages || languages.lettered === 0) return null;
  if (knownShare(named.card, languages) >= 0.5) return null;
  return `${named.card.name} knows the language of ${Math.round(100 * toldShare(named.card, languages))} % of your texts (${describeShares(languages)}). It cannot tell the others apart well.`;
}

/** The smallest that is to be had: what a page is best off with. */
export const usualDtype = ({ bytes: sizes }: ModelCard): Dtype =>
  (Object.entries(sizes).sort(([, a], [, b]) => a - b)[0]?.[0] ?? 'q8') as Dtype;

/** '12 MB of 2 models'. */
export function keptWords(kept: readonly KeptVectors[]): string {
  const total = kept.reduce((sum, one) => sum + one.bytes, 0);
  const models = new Set(kept.map(({ model }) => model)).size;
  return kept.length === 0 ? 'none' : `${bytes(total)} of ${models === 1 ? 'one model' : `${models} models`}`;
}

/** 'q8 on WASM, 2 workers', 'no network is run'. */
export function choiceWords({ dtype, device, workers, threads }: ModelChoice | ModelInfo): string {
  if (device === 'none') return 'no network is run';
  const spread = [workers > 1 ? `${workers} workers` : '', device === 'wasm' && threads > 1 ? `${threads} threads` : ''];
  return [`${dtype} on ${device === 'wasm' ? 'WASM' : 'WebGPU'}`, ...spread].filter(Boolean).join(', ');
}

export const trialWords = ({ tokensPerSecond, refused }: ModelTrial): string =>
  refused ?? (tokensPerSecond === null ? '–' : `${count(Math.round(tokensPerSecond))} tokens/s`);

/** 'cosine .9988 at least (.99 needed), against stored vectors'. */
export function goldenWords({ golden, kind }: ModelInfo): string {
  if (kind === 'lexical') return 'not needed';
  if (golden === null) return 'none made';
  if (golden.reference === null || golden.min === null) return 'unchecked: nothing to compare with';
  return `cosine ${golden.min.toFixed(4)} at least (${golden.least} needed), against ${golden.reference}`;
}
