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
  const found = texts.map((text) => eld.detect(text).getScores());
  const scores = found.map((row) => languages.map((language) => row[language] ?? 0));
  const shares = mixtureOf(scores, script === LATIN ? SHARPNESS.latin : SHARPNESS.other);
  return shares?.map((share, i) => [languages[i] as string, share]) ?? [[UNKNOWN, 1]];
}

const UNKNOWN = 'und';

/**
 * Exponent that makes of a score, beside the best one of its text, a likelihood. In Latin script rare languages vanish at 4, and at 12 brand names make some
 * up. Elsewhere scores lie closer, since n-grams are of bytes and the first byte of a letter is its script: at 8 Russian vanishes beside Ukrainian.
 */
const SHARPNESS = { latin: 8, other: 24 };
/** Likelihood of a language that has no score. */
const LEAST_LIKELIHOOD = 1e-6;
const ROUNDS = 30;

/**
 * Shares of a mixture by expectation maximisation (Dempster, Laird and Rubin 1977): a short title alone is often taken for another language,
 * but what it is taken for is no one's language twice, so that a language which no title needs loses its share.
 * @param scores texts x languages; rows of zeros tell nothing
 * @returns null where no row tells anything
 */
function mixtureOf(scores: readonly (readonly number[])[], sharpness: number): number[] | null {
  const rows = scores.filter((row) => row.some((score) => score > 0)).map((row) => likelihoods(row, sharpness));
  const count = rows[0]?.length;
  if (count === undefined) return null;
  let shares = new Array<number>(count).fill(1 / count);
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Array<number>(count).fill(0);
    for (const row of rows) {
      const parts = row.map((likelihood, l) => likelihood * (shares[l] as number));
      const whole = parts.reduce((sum, part) => sum + part, 0);
      parts.forEach((part, l) => {
        sums[l] = (sums[l] as number) + part / whole;
      });
    }
    shares = sums.map((sum) => sum / rows.length);
  }
  return shares;
}

function likelihoods(row: readonly number[], sharpness: number): number[] {
  const best = Math.max(...row);
  return row.map((score) => Math.max(LEAST_LIKELIHOOD, (score / best) ** sharpness));
}

/** What is too little to be told is 'und' of its script. */
function foldSmall(shares: readonly LanguageShare[]): LanguageShare[] {
  const told = shares.filter(({ share }) => share >= LEAST_SHARE);
  const rest = new Map<string, number>();
  for (const { script, share } of shares) if (share < LEAST_SHARE) rest.set(script, (rest.get(script) ?? 0) + share);
  const folded = [...rest].map(([script, share]) => ({ language: UNKNOWN, script, share }));
  return [...told, ...folded.filter(({ share }) => share >= WORTH_TELLING)];
}

/** A remainder of less rounds to nothing. */
const WORTH_TELLING = 0.005;

const byShare = (a: LanguageShare, b: LanguageShare): number =>
  b.share - a.share || (a.language < b.language ? -1 : a.language > b.language ? 1 : 0);
