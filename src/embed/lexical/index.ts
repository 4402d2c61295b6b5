export { LEXICAL_CARD } from './card.ts';
export { createLexicalEmbedder } from './embedder.ts';
