import type { ModelCard } from '../domain/index.ts';
import type { Tokens } from './tokenizer.ts';

/** What the model is given for a text. */
export interface Encoded {
  /** Empty where the text has no token of its own, and so no vector. */
  readonly ids: readonly number[];
  /** The text is longer than the model reads. */
  readonly cut: boolean;
}

export type Encode = (text: string) => Encoded;

const EMPTY: Encoded = { ids: [], cut: false };

/**
 * UTF-16 units of a text that are looked at, for each token that the model reads. A token is 2.5 characters on average and seldom more than 16,
 * so that nothing is lost but runs of thousands of unknown characters; without a bound one huge cell of a file would stop the worker.
 */
const UNITS_PER_TOKEN = 64;

/** Sentences hardly depend on the language; a fixed one keeps the machine's out of the result (promise P2). */
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * Texts as a model reads them: `prefix` before each. A text of more than `maxTokens` is cut at the end of a sentence, or at the last token that
 * fits where its first sentence alone is too long.
 */
export function createEncode(tokens: Tokens, { maxTokens }: Pick<ModelCard, 'maxTokens'>, prefix: string): Encode {
  const mostUnits = maxTokens * UNITS_PER_TOKEN;
  const without = tokens(prefix).length;
  const closing = closingTokens(tokens);
  const atLimit = (ids: readonly number[]): number[] => [...ids.slice(0, maxTokens - closing.length), ...closing];
  /** Null where not even the first sentence fits. */
  const wholeSentences = (text: string): number[] | null => {
    const ends = Array.from(sentences.segment(text), ({ index, segment }) => index + segment.length);
    let best: number[] | null = null;
    let low = 0;
    for (let high = ends.length - 1; low < high; ) {
      const middle = (low + high) >>> 1;
      const ids = tokens(prefix + text.slice(0, ends[middle]).trimEnd());
      if (ids.length > maxTokens) {
        high = middle;
        continue;
      }
      if (ids.length > without) best = ids;
      low = middle + 1;
    }
    return best;
  };
  return (text) => {
    if (text.trim() === '') return EMPTY;
    const head = text.length > mostUnits ? text.slice(0, mostUnits).toWellFormed() : text;
    const ids = tokens(prefix + head);
    if (ids.length <= without) return EMPTY;
    if (ids.length <= maxTokens) return { ids, cut: head !== text };
    return { ids: wholeSentences(head) ?? atLimit(ids), cut: true };
  };
}

/** The special tokens that end every text. */
function closingTokens(tokens: Tokens): number[] {
  const none = tokens('');
  const some = tokens('a');
  let count = 0;
  while (count < none.length && none.at(-1 - count) === some.at(-1 - count)) count++;
  return count === 0 ? [] : none.slice(-count);
}
