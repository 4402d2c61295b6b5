/** A script that texts are told by, and the languages (ISO 639-1) that are written in it. */
export interface Script {
  readonly name: string;
  readonly letters: RegExp;
  /** One where the script tells the language; of more, those that the detector knows; none where nothing is known. */
  readonly languages: readonly string[];
}

export const LATIN: Script = {
  name: 'Latin',
  letters: /\p{Script=Latin}/gu,
  languages: 'az ca cs da de en es et eu fi fr hr hu is it lt lv ms nl no pl pt ro sk sl sq sv tl tr vi yo'.split(' '),
};
const CHINESE: Script = { name: 'Han', letters: /\p{Script=Han}/gu, languages: ['zh'] };
const JAPANESE: Script = { name: 'Japanese', letters: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, languages: ['ja'] };
const OTHER: Script = { name: 'other', letters: /\p{L}/gu, languages: [] };

const SCRIPTS: readonly Script[] = [
  JAPANESE,
  { name: 'Korean', letters: /\p{Script=Hangul}/gu, languages: ['ko'] },
  CHINESE,
  { name: 'Cyrillic', letters: /\p{Script=Cyrillic}/gu, languages: ['be', 'bg', 'ru', 'sr', 'uk'] },
  { name: 'Greek', letters: /\p{Script=Greek}/gu, languages: ['el'] },
  { name: 'Arabic', letters: /\p{Script=Arabic}/gu, languages: ['ar', 'fa', 'ku', 'ur'] },
  { name: 'Hebrew', letters: /\p{Script=Hebrew}/gu, languages: ['he'] },
  { name: 'Devanagari', letters: /\p{Script=Devanagari}/gu, languages: ['hi', 'mr'] },
  { name: 'Thai', letters: /\p{Script=Thai}/gu, languages: ['th'] },
  { name: 'Armenian', letters: /\p{Script=Armenian}/gu, languages: ['hy'] },
  { name: 'Georgian', letters: /\p{Script=Georgian}/gu, languages: ['ka'] },
  { name: 'Bengali', letters: /\p{Script=Bengali}/gu, languages: ['bn'] },
  { name: 'Tamil', letters: /\p{Script=Tamil}/gu, languages: ['ta'] },
  { name: 'Telugu', letters: /\p{Script=Telugu}/gu, languages: ['te'] },
  { name: 'Kannada', letters: /\p{Script=Kannada}/gu, languages: ['kn'] },
  { name: 'Malayalam', letters: /\p{Script=Malayalam}/gu, languages: ['ml'] },
  { name: 'Gujarati', letters: /\p{Script=Gujarati}/gu, languages: ['gu'] },
  { name: 'Gurmukhi', letters: /\p{Script=Gurmukhi}/gu, languages: ['pa'] },
  { name: 'Khmer', letters: /\p{Script=Khmer}/gu, languages: ['km'] },
  { name: 'Lao', letters: /\p{Script=Lao}/gu, languages: ['lo'] },
  { name: 'Ethiopic', letters: /\p{Script=Ethiopic}/gu, languages: ['am'] },
];

/** Texts by the script of most of their letters; those without letters are left out. */
export function byScript(texts: readonly string[]): Map<Script, string[]> {
  const found = new Map<Script, string[]>();
  for (const text of texts) {
    const script = scriptOf(text);
    if (!script) continue;
    const others = found.get(script);
    if (others) others.push(text);
    else found.set(script, [text]);
  }
  return withKanjiOnly(found);
}

/** Where more texts have kana than have Chinese characters alone, the latter are short Japanese ones. */
function withKanjiOnly(found: Map<Script, string[]>): Map<Script, string[]> {
  const [kana, han] = [found.get(JAPANESE) ?? [], found.get(CHINESE) ?? []];
  if (han.length === 0 || kana.length <= han.length) return found;
  found.delete(CHINESE);
  return found.set(JAPANESE, [...kana, ...han]);
}

/** The script of most letters, the first of equals; null for a text without letters. */
function scriptOf(text: string): Script | null {
  const letters = count(text, OTHER);
  if (letters === 0) return null;
  if (count(text, LATIN) * 2 >= letters) return LATIN;
  // Japanese mixes in Chinese characters, Chinese has no kana.
  if (count(text, JAPANESE) * 10 >= letters) return JAPANESE;
  let best: Script = OTHER;
  let most = 0;
  for (const script of SCRIPTS) {
    const n = count(text, script);
    if (n > most) [best, most] = [script, n];
  }
  return best;
}

const count = (text: string, { letters }: Script): number => text.match(letters)?.length ?? 0;
