import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { AppError, abilityError } from '../domain/index.ts';
import { BUILT_IN_ID } from './registry.ts';
import { loadTransformers, mount, type RuntimeOptions } from './runtime.ts';
import type { ModelSource } from './source.ts';
import { segment, type UnigramVocabulary } from './unigram.ts';

/** Ids of one text, those that begin and end it included; all of them, however many the model reads. */
export type Tokens = (text: string) => number[];

/**
 * Loads the tokenizer that goes with a model.
 * @throws AppError ability if its files are not there
 */
export async function openTokens(source: ModelSource, runtime: RuntimeOptions): Promise<Tokens> {
  const { AutoTokenizer } = await loadTransformers(runtime);
  const files = mount(source.open);
  const loading = AutoTokenizer.from_pretrained(files.name).finally(files.unmount);
  const tokenizer = await loading.catch((cause: unknown) => {
    throw abilityError(
      'model-missing',
      `The tokenizer of ${source.card.name} could not be loaded.`,
      source.card.id === BUILT_IN_ID
        ? 'Start the app with "npm start", which builds the model, or reload the page if the server was stopped.'
        : 'Remove the model and add it again, with tokenizer.json and tokenizer_config.json.',
      cause,
    );
  });
  return source.card.id === BUILT_IN_ID ? publishedTokens(tokenizer) : (text) => idsOf(tokenizer, text);
}

/** The library's Unigram model, as far as it is used here. */
interface LibraryUnigram {
  readonly vocab: readonly string[];
  readonly scores: readonly number[];
  readonly unk_token_id: number;
  readonly unk_score: number;
  tokenize(text: string): string[];
}

/**
 * The tokens of the built-in model as published: the library's tokenizer, in which {@link segment} replaces the library's search, because that
 * breaks exact ties the other way. Changes `tokenizer`.
 * @throws AppError bug if the library's inside is not as expected.
 */
export function publishedTokens(tokenizer: PreTrainedTokenizer): Tokens {
  const model = unigramOf(tokenizer);
  const vocabulary = vocabularyOf(model);
  model.tokenize = (text) => segment(text, vocabulary);
  const tokens: Tokens = (text) => idsOf(tokenizer, text);
  if (tokens(PROBE).join() !== PROBE_IDS.join()) throw libraryChanged('its tokens are not those of the built-in model');
  return tokens;
}

/** A tie: the published model reads "Z", "99", "9". The library's own search gives "9", "99", so this fails if it does not call ours. */
const PROBE = 'Z999';
const PROBE_IDS: readonly number[] = [1677, 1994, 564];

const idsOf = (tokenizer: PreTrainedTokenizer, text: string): number[] =>
  tokenizer(text, { return_tensor: false, truncation: false }).input_ids;

function unigramOf(tokenizer: PreTrainedTokenizer): LibraryUnigram {
  const model: unknown = tokenizer._tokenizer?.model;
  if (!isUnigram(model)) throw libraryChanged('it has no Unigram model where it used to be');
  return model;
}

function isUnigram(model: unknown): model is LibraryUnigram {
  const m = model as Partial<LibraryUnigram> | null | undefined;
  return (
    Array.isArray(m?.vocab) &&
    Array.isArray(m.scores) &&
    m.vocab.length === m.scores.length &&
    typeof m.unk_token_id === 'number' &&
    typeof m.unk_score === 'number' &&
    typeof m.tokenize === 'function'
  );
}

function vocabularyOf(model: LibraryUnigram): UnigramVocabulary {
  const scores = new Map<string, number>();
  let longest = 1;
  model.vocab.forEach((piece, id) => {
    if (id === model.unk_token_id) return;
    scores.set(piece, model.scores[id] as number);
    longest = Math.max(longest, [...piece].length);
  });
  return { scores, unknownScore: model.unk_score, longest };
}

const libraryChanged = (what: string): AppError =>
  new AppError(
    'bug',
    'tokenizer-changed',
    `The tokenizer of @huggingface/transformers is not as Murmuration expects: ${what}.`,
    'Use the version that package-lock.json names ("npm ci").',
  );
