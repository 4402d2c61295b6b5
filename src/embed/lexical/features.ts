import { allWords, hashString, type WordCutter } from '../../domain/index.ts';

/** Features are known by their hash alone, as in scikit-learn's HashingVectorizer; as many buckets as it has. */
export const BUCKETS = 2 ** 20;

/** What a text is compared by: the buckets of its words and of the letters in them, each with how often it occurs. */
export interface Features {
  readonly words: ReadonlyMap<number, number>;
  readonly grams: ReadonlyMap<number, number>;
}

/** Scripts without spaces or with short words, whose single characters and pairs say what three and four letters say elsewhere. */
const DENSE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}ー]+$/u;

/** Letters in a row, by script: 3 and 4 with the word's ends marked, so that inflected words share most of them. */
const LENGTHS = { sparse: [3, 4], dense: [1, 2] } as const;

/**
 * @param cut leaves out stop words; of a text of which it leaves nothing, all words are taken
 * @returns empty maps for a text without any word
 */
export function featuresOf(text: string, cut: WordCutter): Features {
  const topical = cut(text);
  const words = topical.length > 0 ? topical : allWords(text);
  const found = { words: new Map<number, number>(), grams: new Map<number, number>() };
  for (const word of words) add(found.words, `w ${word}`);
  for (const run of runsOf(words)) for (const gram of gramsOf(run)) add(found.grams, `g ${gram}`);
  return found;
}

/** Words with their ends marked; dense ones that follow each other as one, because where to cut them is often open. */
function runsOf(words: readonly string[]): string[] {
  const runs: string[] = [];
  let dense = '';
  for (const word of words) {
    if (DENSE.test(word)) {
      dense += word;
      continue;
    }
    if (dense) runs.push(dense);
    dense = '';
    runs.push(`<${word}>`);
  }
  return dense ? [...runs, dense] : runs;
}

function* gramsOf(run: string): Generator<string> {
  const points = Array.from(run);
  for (const length of run.startsWith('<') ? LENGTHS.sparse : LENGTHS.dense) {
    for (let start = 0; start + length <= points.length; start++) yield points.slice(start, start + length).join('');
  }
}

function add(counts: Map<number, number>, feature: string): void {
  const bucket = hashString(feature) & (BUCKETS - 1);
  counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
}
