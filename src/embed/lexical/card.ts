import type { ModelCard } from '../../domain/index.ts';

/** Components of a vector: see README.md for what more and fewer would do. */
export const LEXICAL_DIMS = 512;

/** The stand-in for texts in a language without a model: no file, no network, any language. */
export const LEXICAL_CARD: ModelCard = {
  id: 'lexical',
  name: 'Words and letters (lexical, not semantic)',
  kind: 'lexical',
  languages: [],
  dims: LEXICAL_DIMS,
  licence: null,
  bytes: {},
  pooling: 'output',
  prefix: { text: '', query: '' },
  maxTokens: Number.MAX_SAFE_INTEGER,
};
