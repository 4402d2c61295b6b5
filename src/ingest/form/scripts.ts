import type { Encoding } from '../../domain/index.ts';
import {
  HALFWIDTH_TOP,
  HANS,
  HANS_TOP,
  HANT,
  HANT_TOP,
  HIRAGANA_TOP,
  KANJI,
  LATIN,
  LATIN_SIGNS,
  LATIN_SIGNS_TOP,
  LATIN_TOP,
} from './common-characters.ts';
import { decodeText } from './decode.ts';

/** How likely text in one writing is, character by character: a rough unigram model with two states, ASCII and the writing's own. */
export interface Script {
  /** Natural logarithm of the probability of a character of the writing. */
  logProbability(character: string, previous: string): number;
  /** Probability of one of its characters after ASCII, and after one of its own. */
  readonly enter: number;
  readonly stay: number;
  /** Mean log-probability half-way between lists of names in its languages and such lists in other encodings: what is below is no text of it. */
  readonly usual: number;
}

/** Characters that share a part of the probability evenly. */
interface Class {
  readonly share: number;
  readonly characters: Iterable<string>;
}

/** Of a character that no class has: in private use, unassigned, or of another writing. */
const STRANGE = Math.log(1e-8);

/** A character is of the first class that has it. */
function tableOf(classes: readonly Class[]): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  for (const { share, characters } of classes) {
    const fresh = [...new Set(characters)].filter((c) => !table.has(c));
    for (const c of fresh) table.set(c, Math.log(share / fresh.length));
  }
  return table;
}

const range = (from: string, to: string): string[] => {
  const first = from.codePointAt(0)!;
  return Array.from({ length: to.codePointAt(0)! - first + 1 }, (_, i) => String.fromCodePoint(first + i));
};

/** The characters of a double-byte encoding whose lead bytes are in a range: its levels of frequency are laid out so. */
function plane(encoding: Encoding, leadFrom: number, leadTo: number, trailFrom: number): string[] {
  const bytes: number[] = [];
  for (let lead = leadFrom; lead <= leadTo; lead++) {
    for (let trail = trailFrom; trail <= 0xfe; trail++) bytes.push(lead, trail, 10);
  }
  const pairs = decodeText(Uint8Array.from(bytes), encoding).split('\n');
  return pairs.filter((pair) => [...pair].length === 1 && pair !== '\ufffd');
}

const CJK_MARKS = '，。、：；！？（）《》“”‘’—…·【】「」『』　～・ー％＋－＝／';
const CJK_SIGNS = '§°×÷±№※→←↑↓★☆○●◎◇◆□■△▲▽▼♪〇々〆〒℃￥';
const FULL_WIDTH = [...range('０', '９'), ...range('Ａ', 'Ｚ'), ...range('ａ', 'ｚ')];
const KANA = [...range('ぁ', 'ん'), ...range('ァ', 'ヶ')];

const simplified = (): ReadonlyMap<string, number> =>
  tableOf([
    { share: 0.38, characters: HANS_TOP },
    { share: 0.32, characters: HANS },
    { share: 0.08, characters: CJK_MARKS },
    { share: 0.01, characters: CJK_SIGNS },
    { share: 0.2, characters: plane('gb18030', 0xb0, 0xd7, 0xa1) },
    { share: 0.012, characters: plane('gb18030', 0xd8, 0xf7, 0xa1) },
    { share: 0.004, characters: FULL_WIDTH },
    { share: 0.003, characters: KANA },
    { share: 0.002, characters: plane('gb18030', 0x81, 0xa0, 0x40) },
    { share: 0.001, characters: plane('gb18030', 0xa1, 0xfe, 0x40) },
  ]);

const traditional = (): ReadonlyMap<string, number> =>
  tableOf([
    { share: 0.38, characters: HANT_TOP },
    { share: 0.32, characters: HANT },
    { share: 0.08, characters: CJK_MARKS },
    { share: 0.01, characters: CJK_SIGNS },
    { share: 0.2, characters: plane('big5', 0xa4, 0xc6, 0x40) },
    { share: 0.012, characters: plane('big5', 0xc9, 0xf9, 0x40) },
    { share: 0.004, characters: FULL_WIDTH },
    { share: 0.002, characters: plane('big5', 0xa1, 0xa3, 0x40) },
    { share: 0.001, characters: plane('big5', 0x87, 0xfe, 0x40) },
  ]);

const japanese = (): ReadonlyMap<string, number> =>
  tableOf([
    { share: 0.36, characters: HIRAGANA_TOP },
    { share: 0.04, characters: range('ぁ', 'ん') },
    { share: 0.2, characters: range('ァ', 'ヶ') },
    { share: 0.1, characters: CJK_MARKS },
    { share: 0.01, characters: CJK_SIGNS },
    { share: 0.17, characters: KANJI },
    { share: 0.11, characters: plane('shift_jis', 0x88, 0x98, 0x40) },
    { share: 0.004, characters: plane('shift_jis', 0x99, 0xea, 0x40) },
    { share: 0.01, characters: FULL_WIDTH },
    { share: 0.001, characters: plane('shift_jis', 0x81, 0x87, 0x40) },
  ]);

const halfWidth = (): ReadonlyMap<string, number> =>
  tableOf([
    { share: 0.6, characters: HALFWIDTH_TOP },
    { share: 0.4, characters: range('｡', 'ﾟ') },
  ]);

/** Half-width katakana come in runs, and seldom: single ones are the letters and signs of other encodings. */
const SELDOM = Math.log(0.002);
const isHalfWidth = (c: string): boolean => c >= '｡' && c <= 'ﾟ';

function japaneseScript(): Script {
  const full = japanese();
  const half = halfWidth();
  const logProbability = (c: string, previous: string): number => {
    if (!isHalfWidth(c)) return full.get(c) ?? STRANGE;
    return (half.get(c) ?? STRANGE) + (isHalfWidth(previous) ? 0 : SELDOM);
  };
  return { logProbability, enter: 0.3, stay: 0.9, usual: -8.3 };
}

const latin = (): ReadonlyMap<string, number> =>
  tableOf([
    { share: 0.6, characters: LATIN_TOP },
    { share: 0.15, characters: LATIN },
    { share: 0.2, characters: LATIN_SIGNS_TOP },
    { share: 0.04, characters: LATIN_SIGNS },
    { share: 0.01, characters: range('\u00a0', 'ÿ') },
  ]);

/** A capital letter behind a small one. */
const MISPLACED = Math.log(0.02);

function latinScript(): Script {
  const table = latin();
  const logProbability = (c: string, previous: string): number =>
    (table.get(c) ?? STRANGE) + (/\p{Lu}/u.test(c) && /\p{Ll}/u.test(previous) ? MISPLACED : 0);
  return { logProbability, enter: 0.15, stay: 0.04, usual: -6.75 };
}

function chineseScript(table: ReadonlyMap<string, number>): Script {
  return { logProbability: (c) => table.get(c) ?? STRANGE, enter: 0.3, stay: 0.9, usual: -8.85 };
}

/** Letters and signs of the writings that most texts are in: a fifth of what UTF-8 writes with two bytes. */
const IN_USE = /[¡-ſΆ-ώЁ-џא-תء-ي\u0900-\u097fก-๛‐-›€™\u3000-\u30ff\u4e00-\u9fff가-힣！-～]|\p{Emoji_Presentation}/u;

/** Any writing at all: UTF-8 shows by its form, but for a character or two. */
const anyScript: Script = {
  logProbability: (c) => Math.log(IN_USE.test(c) ? 1 / 1000 : 1e-6),
  enter: 0.3,
  stay: 0.7,
  usual: -9,
};

const MAKERS: Partial<Record<Encoding, () => Script>> = {
  'utf-8': () => anyScript,
  'windows-1252': latinScript,
  gb18030: () => chineseScript(simplified()),
  big5: () => chineseScript(traditional()),
  shift_jis: japaneseScript,
};
const made = new Map<Encoding, Script>();

/** The writing that an encoding is there for. The tables are made when first asked for. */
export function scriptOf(encoding: Encoding): Script {
  const script = made.get(encoding) ?? MAKERS[encoding]?.() ?? anyScript;
  made.set(encoding, script);
  return script;
}
