import { SPECIAL_TOKENS, VOCABULARY } from './vocabulary.ts';
import { MAX_TOKENS } from './weights.ts';

const [PAD = '', UNKNOWN = '', BEGIN = '', END = '', MASK = ''] = SPECIAL_TOKENS;
const idOf = (token: string): number => VOCABULARY.indexOf(token);

const special = (token: string) => ({ SpecialToken: { id: token, type_id: 0 } });
const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });

/** As the tokenizers library writes that of an uncased BERT. */
export const TOKENIZER = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: SPECIAL_TOKENS.map((content) => ({
    ...{ id: idOf(content), content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  })),
  normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [special(BEGIN), sequence('A', 0), special(END)],
    pair: [special(BEGIN), sequence('A', 0), special(END), sequence('B', 1), { SpecialToken: { id: END, type_id: 1 } }],
    special_tokens: Object.fromEntries([BEGIN, END].map((id) => [id, { id, ids: [idOf(id)], tokens: [id] }])),
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: UNKNOWN,
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(VOCABULARY.map((piece, id) => [piece, id])),
  },
};

export const TOKENIZER_CONFIG = {
  tokenizer_class: 'BertTokenizer',
  do_lower_case: true,
  model_max_length: MAX_TOKENS,
  pad_token: PAD,
  unk_token: UNKNOWN,
  cls_token: BEGIN,
  sep_token: END,
  mask_token: MASK,
};
