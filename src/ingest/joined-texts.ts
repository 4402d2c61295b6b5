import { NO_ID } from '../domain/index.ts';
import type { CellWords } from './cell-words.ts';
import { hashBytes } from './hash.ts';
import { grown, Interner } from './intern.ts';

/** Texts made of several columns, joined with one space; columns that say nothing are passed by. */
export class JoinedTexts {
  readonly #columns: readonly CellWords[];
  readonly #joined = new Interner();
  #bytes = new Uint8Array(1024);

  constructor(columns: readonly CellWords[]) {
    this.#columns = columns;
  }

  get byteLength(): number {
    return this.#joined.byteLength;
  }

  /** @param ids of the columns' words, one array a column; @param at which of each array */
  idOf(ids: readonly Uint32Array[], at: number): number {
    let length = 0;
    for (let i = 0; i < this.#columns.length; i++) {
      const word = (ids[i] as Uint32Array)[at] as number;
      if (word !== NO_ID) length = this.#append((this.#columns[i] as CellWords).bytesOf(word), length);
    }
    return length === 0 ? NO_ID : this.#joined.add(this.#bytes, 0, length, hashBytes(this.#bytes, 0, length));
  }

  words(): string[] {
    return this.#joined.decode(Uint32Array.from({ length: this.#joined.count }, (_, id) => id));
  }

  #append(word: Uint8Array, at: number): number {
    const from = at === 0 ? 0 : at + 1;
    if (from + word.length > this.#bytes.length) this.#bytes = grown(this.#bytes, 2 * (from + word.length));
    if (at > 0) this.#bytes[at] = 0x20;
    this.#bytes.set(word, from);
    return from + word.length;
  }
}
