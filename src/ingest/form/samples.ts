import type { Encoding } from '../../domain/index.ts';
import type { Block } from './blocks.ts';
import { decodeText } from './decode.ts';

/** Whole lines from some place in a text. */
export interface Sample {
  readonly text: string;
  /** It is the beginning of the text, so its first line is line 1 and stands outside of quotes. */
  readonly first: boolean;
  /** It goes to the end of the text, so nothing in it is cut off. */
  readonly last: boolean;
}

/** Blocks as text, each cut at line ends unless it is the start or the end of the file. */
export function samplesOf(blocks: readonly Block[], encoding: Encoding, total: number): Sample[] {
  const texts = blocks.map(({ at, bytes }) => ({
    first: at === 0,
    last: at + bytes.length === total,
    text: decodeText(encoding.startsWith('utf-16') ? bytes.subarray(at % 2) : bytes, encoding),
  }));
  const breaks = texts.some(({ text }) => text.includes('\n')) ? '\n' : '\r';
  return texts.map(({ text, first, last }) => {
    const from = first ? 0 : text.indexOf(breaks) + 1;
    const to = last ? text.length : text.lastIndexOf(breaks) + 1;
    // A start without any line end is one long line.
    return { first, last, text: first && to === 0 ? text : text.slice(from, Math.max(from, to)) };
  });
}
