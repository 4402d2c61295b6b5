import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_TOKENS, PADDING_ID } from './graph.ts';

/** `[piece, score]`, the id is the index; a null score acts as 0 (an accident of the published conversion that the model was used with). */
type Piece = readonly [string, number | null];

const UNKNOWN_ID = 0;
/** Ids 0 to 5 are reserved: text that spells them is ordinary text. */
const RESERVED = 6;
const WORD_START = '\u2581';
const UNKNOWN = '\ufffd';

/** Normalisation leaves no ordinary space in a text, so a piece that has one can never be matched. */
const unreachable = (piece: string): string => ` ${piece} `;
const PADDING = unreachable('<pad>');

/** Breaks the tie of the zero-score pieces in "_:):" the way the published tokenizer does. */
const NUDGES: Readonly<Record<string, number>> = { '):': -1e-9 };

/** The files `tokenizer.json` and `tokenizer_config.json` (formats of the Hugging Face tokenizers library), from the package's vocabulary. */
export function buildTokenizer(folder: string): { readonly tokenizer: string; readonly config: string } {
  const vocabulary: readonly Piece[] = JSON.parse(readFileSync(join(folder, 'vocab.json'), 'utf8'));
  return { tokenizer: JSON.stringify(tokenizerOf(vocabulary)), config: `${JSON.stringify(CONFIG, null, 2)}\n` };
}

const CONFIG = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  model_max_length: MAX_TOKENS,
  padding_side: 'right',
  unk_token: UNKNOWN,
  pad_token: PADDING,
  clean_up_tokenization_spaces: false,
};

const tokenizerOf = (vocabulary: readonly Piece[]) => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'NFKC' },
      { type: 'Prepend', prepend: WORD_START },
      { type: 'Replace', pattern: { String: ' ' }, content: WORD_START },
    ],
  },
  // The published Viterbi never keeps a zero-score piece that starts at the very beginning of the text, such as "_:)".
  // Not ^ for the beginning: in the library that also matches after a newline.
  pre_tokenizer: {
    type: 'Split',
    pattern: { Regex: `(?<![\\s\\S])${WORD_START}(?=:)` },
    behavior: 'Isolated',
    invert: false,
  },
  post_processor: null,
  decoder: { type: 'Metaspace', replacement: WORD_START, prepend_scheme: 'always', split: false },
  model: { type: 'Unigram', unk_id: UNKNOWN_ID, vocab: matchable(vocabulary), byte_fallback: false },
});

/** The vocabulary with the reserved pieces, and all but the last of equal pieces, put out of reach; ids stay. */
function matchable(vocabulary: readonly Piece[]): [string, number][] {
  const lastId = new Map(vocabulary.map(([piece], id) => [piece, id]));
  return vocabulary.map(([piece, score], id) => {
    if (id === UNKNOWN_ID) return [UNKNOWN, 0];
    if (id === PADDING_ID) return [PADDING, 0];
    if (id < RESERVED) return [unreachable(piece), 0];
    if (lastId.get(piece) !== id) return [unreachable(`${piece} ${id}`), 0];
    return [piece, score ?? NUDGES[piece] ?? 0];
  });
}
