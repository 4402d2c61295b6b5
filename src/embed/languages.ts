import type { LanguageShare, TextLanguages } from '../domain/index.ts';
import { byScript, LATIN, type Script } from './scripts.ts';

/** At most this many texts and UTF-16 units of each are looked at: a share needs no more, and the page must not wait. */
const MOST_TEXTS = 3000;
const MOST_UNITS = 300;
/** Languages below are counted as not known: of single short titles a few are always mistaken. */
const LEAST_SHARE = 0.02;

/**
 * What distinct texts are written in, from an even sample of them. Script comes first; where several languages share it, the n-grams of
 * the texts tell (npm `eld`), by what all of them together say: see {@link mixtureOf}.
 */
export async function measureLanguages(texts: readonly string[]): Promise<TextLanguages> {
  const looked = sample(texts);
  const groups = byScript(looked.map((text) => text.slice(0, MOST_UNITS)));
  const lettered = [...groups.values()].reduce((sum, { length }) => sum + length, 0);
  const shares: LanguageShare[] = [];
  for (const [script, group] of groups) {
    const mixture = await languagesOf(script, group);
    for (const [language, share] of mixture)
      shares.push({ language, script: script.name, share: (share * group.length) / lettered });
  }
  return { looked: looked.length, lettered, shares: foldSmall(shares).sort(byShare) };
}

/** Every n-th text: the first ones alone may be the shortest ones. */
function sample(texts: readonly string[]): readonly string[] {
  const step = Math.ceil(texts.length / MOST_TEXTS);
  return step <= 1 ? texts : texts.filter((_, i) => i % step === 0);
}

/** Shares of the languages of one script; they sum to 1. */
async function languagesOf(script: Script, texts: readonly string[]): Promise<readonly (readonly [string, number])[]> {
  const { languages } = script;
  if (languages.length <= 1) return [[languages[0] ?? UNKNOWN, 1]];
  const { eld } = await import('eld/extrasmall');
  const evidence = script === LATIN ? LATIN_EVIDENCE : OTHER_EVIDENCE;
  const rows = texts.flatMap((text) => {
    const scores = eld.detect(text).getScores();
    const row = languages.map((language) => scores[language] ?? 0);
    return row.some((score) => score > 0) ? [likelihoods(row, weightOf(text, evidence), evidence)] : [];
  });
  const mixture = mixtureOf(rows);
  return mixture ? tellSure(languages, mixture) : [[UNKNOWN, 1]];
}

const UNKNOWN = 'und';

/** How scores of the n-grams become likelihoods. */
interface Evidence {
  /** Exponent of a score beside the best one of its text. */
  readonly sharpness: number;
  /** Likelihood of a language that has no score. */
  readonly least: number;
  /** A text of fewer letters tells as much less: its n-grams are as many factors fewer. */
  readonly letters: number;
}

/**
 * Tried on titles of two and three words in eleven languages, each alone and mixed 70 to 30 in pairs: without the weight by letters a seventh of
 * "jam jar", "red bunting" passed for Dutch. At 12 brand names make languages up, and at 30 letters Swedish vanishes beside English.
 */
const LATIN_EVIDENCE: Evidence = { sharpness: 8, least: 0.01, letters: 25 };
/** Scores lie closer, since n-grams are of bytes and the first byte of a letter is its script: at 24 a third of Ukrainian vanishes beside Russian. */
const OTHER_EVIDENCE: Evidence = { sharpness: 72, least: 1e-6, letters: 1 };
const ROUNDS = 30;

/** Beside a language of more than half of its script, a smaller share than this counts only where its texts are surely in it. */
const DOUBTFUL_SHARE = 0.1;
const SURE = 0.8;

/** Small languages beside a main one, that a few short titles alone speak for, are not told. */
function tellSure(languages: readonly string[], { shares, sureness }: Mixture): [string, number][] {
  const hasMain = shares.some((share) => share > 0.5);
  const isSure = (i: number): boolean => !hasMain || (shares[i] as number) >= DOUBTFUL_SHARE || (sureness[i] as number) >= SURE;
  const sure = languages.flatMap((language, i): [string, number][] => (isSure(i) ? [[language, shares[i] as number]] : []));
  const rest = shares.reduce((sum, share, i) => sum + (isSure(i) ? 0 : share), 0);
  return rest > 0 ? [...sure, [UNKNOWN, rest]] : sure;
}

interface Mixture {
  readonly shares: readonly number[];
  /** Of the texts that a language has a part in, how much of each it has, weighted by it: 1 where they are no other's; 0 without a share. */
  readonly sureness: readonly number[];
}

/**
 * Shares of a mixture by expectation maximisation (Dempster, Laird and Rubin 1977): a short title alone is often taken for another language,
 * but what it is taken for is no one's language twice, so that a language which no title needs loses its share.
 * @param rows likelihoods, texts x languages
 * @returns null without rows
 */
function mixtureOf(rows: readonly (readonly number[])[]): Mixture | null {
  const count = rows[0]?.length;
  if (count === undefined) return null;
  let shares = new Array<number>(count).fill(1 / count);
  let squares: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Array<number>(count).fill(0);
    squares = new Array<number>(count).fill(0);
    for (const row of rows) {
      const parts = row.map((likelihood, l) => likelihood * (shares[l] as number));
      const whole = parts.reduce((sum, part) => sum + part, 0);
      parts.forEach((part, l) => {
        sums[l] = (sums[l] as number) + part / whole;
        squares[l] = (squares[l] as number) + (part / whole) ** 2;
      });
    }
    shares = sums.map((sum) => sum / rows.length);
  }
  const sureness = shares.map((share, l) => (share > 0 ? (squares[l] as number) / (share * rows.length) : 0));
  return { shares, sureness };
}

const weightOf = (text: string, { letters }: Evidence): number => Math.min(1, (text.match(/\p{L}/gu)?.length ?? 0) / letters);

function likelihoods(row: readonly number[], weight: number, { sharpness, least }: Evidence): number[] {
  const best = Math.max(...row);
  return row.map((score) => Math.max(least, (score / best) ** sharpness) ** weight);
}

/** What is too little to be told is 'und' of its script. */
function foldSmall(shares: readonly LanguageShare[]): LanguageShare[] {
  const isTold = ({ language, share }: LanguageShare): boolean => share >= LEAST_SHARE && language !== UNKNOWN;
  const told = shares.filter(isTold);
  const rest = new Map<string, number>();
  for (const one of shares) if (!isTold(one)) rest.set(one.script, (rest.get(one.script) ?? 0) + one.share);
  const folded = [...rest].map(([script, share]) => ({ language: UNKNOWN, script, share }));
  return [...told, ...folded.filter(({ share }) => share >= WORTH_TELLING)];
}

/** A remainder of less rounds to nothing. */
const WORTH_TELLING = 0.005;

const byShare = (a: LanguageShare, b: LanguageShare): number =>
  b.share - a.share || (a.language < b.language ? -1 : a.language > b.language ? 1 : 0);
