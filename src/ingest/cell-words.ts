import { NO_ID } from '../domain/index.ts';
import { collapse, normaliseId } from './cells.ts';
import { hashBytes } from './hash.ts';
import { grown, Interner } from './intern.ts';

/** What becomes of a cell's text before it is a word: null where it says "nothing". */
export type Tidy = (cell: string) => string | null;

/** Trimmed, white space collapsed, and not one of the words for "nothing". */
export const tidyCell =
  (isMissing: (trimmed: string) => boolean): Tidy =>
  (cell) => {
    const trimmed = collapse(cell);
    return trimmed === '' || isMissing(trimmed) ? null : trimmed;
  };

/** Trimmed only: what is done with the white space inside is for cleaning to say. */
export const trimmedCell =
  (isMissing: (trimmed: string) => boolean): Tidy =>
  (cell) => {
    const trimmed = cell.trim();
    return trimmed === '' || isMissing(trimmed) ? null : trimmed;
  };

/** As `tidy` has it, and 17850.0 is 17850. */
export const tidyId =
  (tidy: Tidy): Tidy =>
  (cell) => {
    const id = tidy(cell);
    return id === null ? null : normaliseId(id);
  };

/**
 * The cells of one column as words with ids. A cell is looked up by its bytes, so each distinct writing is decoded and tidied once,
 * and no string is made for the others.
 */
export class CellWords {
  readonly #tidy: Tidy;
  readonly #cells = new Interner();
  /** Id of a writing's word; NO_ID = nothing. */
  #wordOf = new Uint32Array(1024);
  /** The writing that is as its word. */
  #writing = new Uint32Array(1024);
  #count = 0;

  constructor(tidy: Tidy) {
    this.#tidy = tidy;
  }

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.#cells.byteLength + this.#wordOf.byteLength + this.#writing.byteLength;
  }

  /** Id of a cell's word, or NO_ID. @param hash of the cell, of `hashBytes` */
  idOf(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const before = this.#cells.count;
    const writing = this.#cells.add(bytes, from, to, hash);
    return writing < before ? (this.#wordOf[writing] as number) : this.#judge(writing);
  }

  /** The bytes of a word; valid until the next cell. */
  bytesOf(word: number): Uint8Array {
    return this.#cells.word(this.#writing[word] as number);
  }

  words(): string[] {
    return Array.from({ length: this.#count }, (_, word) => decoder.decode(this.bytesOf(word)));
  }

  #judge(writing: number): number {
    this.#makeRoom();
    const cell = decoder.decode(this.#cells.word(writing));
    const word = this.#tidy(cell);
    if (word === null) this.#wordOf[writing] = NO_ID;
    else if (word === cell && !cell.includes('\ufffd')) {
      this.#wordOf[writing] = this.#newWord(writing);
    } else {
      this.#wordOf[writing] = this.#idOfText(word, writing);
    }
    return this.#wordOf[writing] as number;
  }

  /** Of a word whose writing was another: also where the bytes were no UTF-8. */
  #idOfText(word: string, writing: number): number {
    const bytes = encoder.encode(word);
    const before = this.#cells.count;
    const own = this.#cells.add(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
    this.#makeRoom();
    if (own >= before || own === writing) this.#wordOf[own] = this.#newWord(own);
    return this.#wordOf[own] as number;
  }

  #newWord(writing: number): number {
    this.#writing[this.#count] = writing;
    return this.#count++;
  }

  #makeRoom(): void {
    if (this.#cells.count <= this.#wordOf.length) return;
    this.#wordOf = grown(this.#wordOf, this.#cells.count * 2);
    this.#writing = grown(this.#writing, this.#cells.count * 2);
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();
