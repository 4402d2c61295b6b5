/** Scripts that texts are told by, in the words of the note. */
const SCRIPTS: readonly (readonly [name: string, letters: RegExp])[] = [
  ['Japanese', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['Korean', /\p{Script=Hangul}/gu],
  ['Chinese', /\p{Script=Han}/gu],
  ['Cyrillic', /\p{Script=Cyrillic}/gu],
  ['Greek', /\p{Script=Greek}/gu],
  ['Arabic', /\p{Script=Arabic}/gu],
  ['Hebrew', /\p{Script=Hebrew}/gu],
  ['Devanagari', /\p{Script=Devanagari}/gu],
  ['Thai', /\p{Script=Thai}/gu],
];

/** At most this many texts and UTF-16 units of each are looked at: a share needs no more, and the page must not wait. */
const MOST_TEXTS = 5000;
const MOST_UNITS = 300;

/**
 * A warning for texts that the built-in model, which knows English, cannot tell apart, or null.
 * Given when more than half of the texts that have letters at all are mostly in another script than Latin. Other languages in
 * Latin script go unnoticed.
 * @param texts distinct texts
 */
export function detectLanguageNote(texts: readonly string[]): string | null {
  const found = new Map<string, number>();
  let lettered = 0;
  let foreign = 0;
  for (const text of sample(texts)) {
    const script = scriptOf(text.slice(0, MOST_UNITS));
    if (script === null) continue;
    lettered++;
    if (script === LATIN) continue;
    foreign++;
    found.set(script, (found.get(script) ?? 0) + 1);
  }
  if (foreign * 2 <= lettered) return null;
  const share = Math.round((100 * foreign) / lettered);
  return `The built-in model knows English; ${share} % of your texts are mostly in another script (${mostCommon(found)}). It cannot tell such texts apart well, so read the segments with caution.`;
}

const LATIN = 'Latin';

/** Every n-th text: the first ones alone may be the shortest ones. */
function sample(texts: readonly string[]): readonly string[] {
  const step = Math.ceil(texts.length / MOST_TEXTS);
  return step <= 1 ? texts : texts.filter((_, i) => i % step === 0);
}

/** The script of most letters; null for a text without letters. */
function scriptOf(text: string): string | null {
  const letters = count(text, /\p{L}/gu);
  if (letters === 0) return null;
  if (count(text, /\p{Script=Latin}/gu) * 2 >= letters) return LATIN;
  const counts = new Map(SCRIPTS.map(([name, pattern]) => [name, count(text, pattern)]));
  // Japanese mixes in Chinese characters, Chinese has no kana.
  if ((counts.get('Japanese') ?? 0) * 10 >= letters) return 'Japanese';
  return mostCommon(counts) ?? 'other';
}

/** The name with the highest count, the first of equals; null if all are 0. */
function mostCommon(counts: ReadonlyMap<string, number>): string | null {
  let best: string | null = null;
  for (const [name, n] of counts) if (n > (best === null ? 0 : (counts.get(best) ?? 0))) best = name;
  return best;
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
