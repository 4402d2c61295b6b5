import { hashBytes } from './hash.ts';
import { Interner } from './intern.ts';

/** Whether a trimmed cell says "nothing": it is empty, or one of `words` byte by byte. */
export function missingCells(words: readonly string[]): (bytes: Uint8Array, start: number, end: number) => boolean {
  const interner = new Interner(Math.max(1, words.length));
  let longest = 0;
  for (const word of words.map((w) => new TextEncoder().encode(w))) {
    interner.add(word, 0, word.length, hashBytes(word, 0, word.length));
    longest = Math.max(longest, word.length);
  }
  return (bytes, start, end) =>
    start >= end || (end - start <= longest && interner.find(bytes, start, end, hashBytes(bytes, start, end)) >= 0);
}
