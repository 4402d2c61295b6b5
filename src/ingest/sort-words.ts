/** `user ids`: by code points. `texts`: by length in code points first. */
export type WordOrder = 'code-points' | 'length';

/**
 * Sorts ids by the words they stand for, in place. Multikey quicksort (Bentley & Sedgewick 1997) on several characters at a time, which
 * are kept as one number beside the id: words with long common beginnings, as product titles have, are not compared from their start
 * again and again.
 * @param ids of distinct words
 */
export function sortWords(words: readonly string[], ids: Uint32Array, by: WordOrder): void {
  const alphabet = ids.every((id) => ASCII.test(words[id] as string)) ? ASCII_KEYS : UNIT_KEYS;
  const keys = new Float64Array(ids.length);
  const sorter: Sorter = { words, ids, keys, alphabet };
  if (by === 'code-points') refreshKeys(sorter, 0, ids.length, 0);
  else for (let i = 0; i < ids.length; i++) keys[i] = codePoints(words[ids[i] as number] as string);
  sortRange(sorter, 0, ids.length, by === 'code-points' ? alphabet.width : 0);
}

interface Alphabet {
  /** Characters in one key. */
  readonly width: number;
  /** Above the {@link rankOf} of every character, and one more for the word's end. */
  readonly base: number;
}

interface Sorter {
  readonly words: readonly string[];
  readonly ids: Uint32Array;
  /** Of the word at the same place; see {@link Alphabet}. */
  readonly keys: Float64Array;
  readonly alphabet: Alphabet;
}

const ASCII = /^[\0-\x7f]*$/;
/** 129^7 and 65537^3 are below 2^53: a key is exact. */
const ASCII_KEYS: Alphabet = { width: 7, base: 129 };
const UNIT_KEYS: Alphabet = { width: 3, base: 65_537 };

/** From 0, in the order of code points: surrogates stand above all other units. */
const rankOf = (unit: number): number => (unit < 0xd800 ? unit : unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);

/** Below this many words they are compared directly. */
const FEW = 12;

/** @param next where the characters begin that are not in the keys yet */
function sortRange(sorter: Sorter, from: number, to: number, next: number): void {
  const { keys, alphabet } = sorter;
  let [lo, hi, depth] = [from, to, next];
  while (hi - lo > FEW) {
    const pivot = middleOf(keys[lo] as number, keys[(lo + hi) >> 1] as number, keys[hi - 1] as number);
    const [below, above] = partition(sorter, lo, hi, pivot);
    sortRange(sorter, lo, below, depth);
    sortRange(sorter, above, hi, depth);
    refreshKeys(sorter, below, above, depth);
    [lo, hi, depth] = [below, above, depth + alphabet.width];
  }
  insertionSort(sorter, lo, hi, depth);
}

const middleOf = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

/** Smaller keys to the left, larger ones to the right; where the equal ones begin and end. */
function partition({ ids, keys }: Sorter, from: number, to: number, pivot: number): [below: number, above: number] {
  let [below, above] = [from, to];
  for (let i = from; i < above; ) {
    const key = keys[i] as number;
    if (key === pivot) {
      i++;
      continue;
    }
    const j = key < pivot ? below++ : --above;
    const id = ids[i] as number;
    ids[i] = ids[j] as number;
    ids[j] = id;
    keys[i] = keys[j] as number;
    keys[j] = key;
    if (key < pivot) i++;
  }
  return [below, above];
}

function refreshKeys({ words, ids, keys, alphabet }: Sorter, from: number, to: number, depth: number): void {
  const { width, base } = alphabet;
  for (let i = from; i < to; i++) {
    const word = words[ids[i] as number] as string;
    const end = Math.min(word.length, depth + width);
    let key = 0;
    for (let c = depth; c < end; c++) key = key * base + rankOf(word.charCodeAt(c)) + 1;
    for (let c = Math.max(end, depth); c < depth + width; c++) key *= base;
    keys[i] = key;
  }
}

function insertionSort({ words, ids, keys }: Sorter, from: number, to: number, depth: number): void {
  for (let i = from + 1; i < to; i++) {
    const id = ids[i] as number;
    const key = keys[i] as number;
    let j = i;
    for (; j > from; j--) {
      const before = keys[j - 1] as number;
      if (before < key || (before === key && compareFrom(words[ids[j - 1] as number] as string, words[id] as string, depth) < 0))
        break;
      ids[j] = ids[j - 1] as number;
      keys[j] = before;
    }
    ids[j] = id;
    keys[j] = key;
  }
}

/** By code points, of words that are the same before `depth`. */
function compareFrom(a: string, b: string, depth: number): number {
  const end = Math.min(a.length, b.length);
  for (let c = depth; c < end; c++) {
    const difference = rankOf(a.charCodeAt(c)) - rankOf(b.charCodeAt(c));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function codePoints(text: string): number {
  let n = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    // A high surrogate with its low one is one code point.
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) n--;
  }
  return n;
}
