import type { TextLanguages } from './model.ts';
import type { WordSettings } from './settings.ts';
import { ENGLISH } from './stop-words.ts';

/** Languages (ISO 639-1) that stop words are known of. */
export const STOP_WORD_LANGUAGES: readonly string[] =
  'ar bg bn ca cs da de el en es et eu fa fi fr gu he hi hr hu hy it ja ko ku lt lv mr ms nl no pl pt ro ru sk sl sv th tl tr uk ur vi yo zh'.split(
    ' ',
  );

/** The words of a text that can tell a topic, in order, repeats included. */
export type WordCutter = (text: string) => string[];

/** A language that fewer texts are in has no say in which words are left out: its "pour" or "car" may be a word of the others. */
const LEAST_SHARE = 0.1;

/**
 * Cuts texts into words: lower-cased, possessive endings cut; no numbers, no single Latin letters, and no stop words as the settings have it.
 * @param languages of the texts, which 'auto' goes by; English words are left out of any texts in Latin script, since titles everywhere hold some
 */
export async function openWordCutter(settings: WordSettings, languages: TextLanguages): Promise<WordCutter> {
  const codes = settings.stopWords ? stopLanguages(settings, languages) : [];
  const foreign = codes.filter((code) => code !== 'en');
  const lists = foreign.length > 0 ? (await import('./stop-lists.ts')).STOP_LISTS : {};
  const stop = new Set<string>(settings.extra.map(fold));
  if (codes.includes('en')) for (const word of ENGLISH) stop.add(word);
  for (const code of foreign) for (const word of lists[code] ?? []) stop.add(fold(word));
  return (text) => allWords(text).filter((word) => isTopical(word) && !stop.has(word));
}

function stopLanguages({ languages: wanted }: WordSettings, { shares }: TextLanguages): readonly string[] {
  if (wanted !== 'auto') return wanted;
  const found = shares.filter(({ share }) => share >= LEAST_SHARE).map(({ language }) => language);
  return shares.some(({ script }) => script === 'Latin') ? ['en', ...found] : found;
}

/** The locale only matters for punctuation; Chinese, Japanese and Thai are cut by dictionary under any. */
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** All words of a text and its numbers, lower-cased. */
export function allWords(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC'))) {
    if (isWordLike) words.push(fold(segment));
  }
  return words;
}

/** Romance articles and prepositions that stand before a vowel without their own: "d'arrosage", "dell'arte". */
const ELISION = /^(?:[cdjlmnst]|qu|un|(?:de|a|ne|su|da|que)ll|quest)'(?=\p{L}{2})/u;

const fold = (word: string): string =>
  word.normalize('NFKC').toLowerCase().replaceAll('’', "'").replace(/'s?$/, '').replace(ELISION, '');

const isTopical = (word: string): boolean => /\p{L}/u.test(word) && !/^\p{Script=Latin}$/u.test(word);
