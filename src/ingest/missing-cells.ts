import { ByteKeys } from './byte-keys.ts';

/** Whether a trimmed cell says "nothing": it is empty, or one of `words` byte by byte. */
export function missingCells(words: readonly string[]): (bytes: Uint8Array, start: number, end: number) => boolean {
  const keys = new ByteKeys();
  let longest = 0;
  for (const word of words.map((w) => new TextEncoder().encode(w))) {
    keys.add(word, 0, word.length);
    longest = Math.max(longest, word.length);
  }
  return (bytes, start, end) => start >= end || (end - start <= longest && keys.find(bytes, start, end) >= 0);
}
