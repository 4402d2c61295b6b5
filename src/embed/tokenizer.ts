import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { AppError } from '../domain/index.ts';
import { segment, type UnigramVocabulary } from './unigram.ts';

/** Ids of one text, clipped to what the model looks at; an empty text has none. */
export type Encode = (text: string) => number[];

/**
 * UTF-16 units of a text that are looked at. Only the first 128 tokens count, of 2.5 characters on average and 16 at most, so
 * that nothing is lost but runs of thousands of unknown characters; without a bound one huge cell of a file would stop the worker.
 */
const MOST_UNITS = 8192;

/** The library's Unigram model, as far as it is used here. */
interface LibraryUnigram {
  readonly vocab: readonly string[];
  readonly scores: readonly number[];
  readonly unk_token_id: number;
  readonly unk_score: number;
  tokenize(text: string): string[];
}

/**
 * An encoder around the library's tokenizer in which {@link segment} replaces the library's search, because it breaks exact
 * ties the other way. Changes `tokenizer`.
 * @throws AppError bug if the library's inside is not as expected.
 */
export function createEncoder(tokenizer: PreTrainedTokenizer): Encode {
  const model = unigramOf(tokenizer);
  const vocabulary = vocabularyOf(model);
  model.tokenize = (text) => segment(text, vocabulary);
  const encode: Encode = (text) => idsOf(tokenizer, text.slice(0, MOST_UNITS));
  if (encode(PROBE).join() !== PROBE_IDS.join()) throw libraryChanged('its tokens are not those of the built-in model');
  return encode;
}

/** A tie: the published model reads "Z", "99", "9". The library's own search gives "9", "99", so this fails if it does not call ours. */
const PROBE = 'Z999';
const PROBE_IDS: readonly number[] = [1677, 1994, 564];

function idsOf(tokenizer: PreTrainedTokenizer, text: string): number[] {
  const { input_ids } = tokenizer(text, { return_tensor: false, truncation: true, add_special_tokens: false });
  return input_ids;
}

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
