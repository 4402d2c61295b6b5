import { isStopWord } from './stop-words.ts';

/** The locale only matters for punctuation; Chinese, Japanese and Thai are cut by dictionary under any. */
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * The words of a text that can stand in a label, in order, repeats included: lower-cased, possessive endings cut; no numbers, no
 * single Latin letters, no English stop words.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC'))) {
    if (!isWordLike) continue;
    const word = segment.toLowerCase().replaceAll('’', "'").replace(/'s?$/, '');
    if (isLabelWord(word)) words.push(word);
  }
  return words;
}

const isLabelWord = (word: string): boolean => /\p{L}/u.test(word) && !/^\p{Script=Latin}$/u.test(word) && !isStopWord(word);
