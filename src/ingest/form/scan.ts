import { lineTooLong, MAX_RECORD } from '../errors.ts';
import type { Bytes } from './blocks.ts';

const HIGH_BITS = 0x80808080;
const LOW_SEVEN = 0x7f7f7f7f;
const LINE_FEEDS = 0x0a0a0a0a;
/** So that a line that goes on inside one huge chunk is found, too. */
const PIECE = 1024 * 1024;

/** Looks at every byte once, four at a time: is there one that is no ASCII, and does every line end somewhere? */
export class ByteScan {
  readonly #name: string;
  /** 1-based; lines that end with a bare carriage return are not counted. */
  #line = 1;
  #length = 0;

  /** @param name of the file, for errors */
  constructor(name: string) {
    this.#name = name;
  }

  /**
   * @returns whether all bytes of the chunk are ASCII
   * @throws AppError input at a line that no table has, before anything tries to hold it
   */
  add(chunk: Bytes): boolean {
    let ascii = true;
    for (let at = 0; at < chunk.length; at += PIECE) {
      const piece = chunk.subarray(at, at + PIECE);
      ascii = this.#count(piece) && ascii;
      this.#guard(piece);
    }
    return ascii;
  }

  #guard(piece: Bytes): void {
    const feed = piece.lastIndexOf(10);
    const behind = piece.subarray(feed + 1).lastIndexOf(13);
    const end = feed + 1 + behind + 1;
    this.#length = end > 0 ? piece.length - end : this.#length + piece.length;
    if (this.#length > MAX_RECORD) throw lineTooLong(this.#name, this.#line);
  }

  /** Counts line feeds; true where all bytes are ASCII. */
  #count(piece: Bytes): boolean {
    const first = -piece.byteOffset & 3;
    // Too short to have a whole word, and perhaps to reach where words begin.
    const words =
      piece.length < 8
        ? new Uint32Array(0)
        : new Uint32Array(piece.buffer, piece.byteOffset + first, (piece.length - first) >>> 2);
    const last = first + 4 * words.length;
    const edges = [...piece.subarray(0, first), ...piece.subarray(last)];
    this.#line += edges.filter((b) => b === 10).length;
    return this.#countWords(words) && edges.every((b) => b < 0x80);
  }

  #countWords(words: Uint32Array): boolean {
    let high = 0;
    let feeds = 0;
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      high |= word;
      const other = word ^ LINE_FEEDS;
      // The top bit of each byte of `other` that is zero, and of no other byte: exact, as no carry leaves a byte.
      let marks = ~(((other & LOW_SEVEN) + LOW_SEVEN) | other | LOW_SEVEN);
      for (; marks !== 0; marks &= marks - 1) feeds++;
    }
    this.#line += feeds;
    return (high & HIGH_BITS) === 0;
  }
}
