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

/** As `tidy` has it, and 17850.0 is 17850; where 0 says "nothing", 0.0 does too. */
export const tidyId =
  (tidy: Tidy): Tidy =>
  (cell) => {
    const id = tidy(cell);
    return id === null ? null : tidy(normaliseId(id));
  };

/** Cells of one column for some rows of a batch. */
export interface ColumnCells {
  readonly bytes: Uint8Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** Cell i is the `cell[i]`-th of the batch. */
  readonly cell: Uint32Array;
  /** Hashes of the cells, of `hashBytes`. */
  readonly hash: Int32Array;
  readonly count: number;
}

/**
 * The cells of one column as words with ids. A cell is looked up by its bytes, so each distinct writing is tidied once, and no string is
 * made for the others.
 */
export class CellWords {
  readonly #tidy: Tidy;
  readonly #asked: number;
  readonly #cells = new Interner();
  /** Id of a writing's word; NO_ID = nothing. */
  #wordOf = new Uint32Array(1024);
  /** The writing that is as its word. */
  #writing = new Uint32Array(1024);
  #count = 0;
  /** Every writing so far is its own word, so that their ids are the same. */
  #same = true;

  /** @param asked plain cells of more bytes than this are as `tidy` would have them, and it is not asked */
  constructor(tidy: Tidy, asked: number) {
    this.#tidy = tidy;
    this.#asked = asked;
  }

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.#cells.byteLength + this.#wordOf.byteLength + this.#writing.byteLength;
  }

  /** Ids of the cells' words, or NO_ID, are written to `out` from `at` on. */
  idsOf({ bytes, start, end, cell, hash, count }: ColumnCells, out: Uint32Array, at: number): void {
    const cells = this.#cells;
    cells.warm(hash, count);
    for (let i = 0; i < count; i++) {
      const c = cell[i] as number;
      const before = cells.count;
      const writing = cells.add(bytes, start[c] as number, end[c] as number, hash[i] as number);
      if (writing === before) this.#judge(writing);
      out[at + i] = this.#same ? writing : (this.#wordOf[writing] as number);
    }
  }

  /** The bytes of a word; valid until the next cell. */
  bytesOf(word: number): Uint8Array {
    return this.#cells.word(this.#writing[word] as number);
  }

  words(): string[] {
    return this.#cells.decode(this.#writing.subarray(0, this.#count));
  }

  #judge(writing: number): void {
    this.#makeRoom();
    const bytes = this.#cells.word(writing);
    if (bytes.length > this.#asked && isPlain(bytes)) {
      this.#wordOf[writing] = this.#newWord(writing);
      return;
    }
    const cell = decoder.decode(bytes);
    const word = this.#tidy(cell);
    if (word === cell && !cell.includes('\ufffd')) {
      this.#wordOf[writing] = this.#newWord(writing);
      return;
    }
    this.#same = false;
    this.#wordOf[writing] = word === null ? NO_ID : this.#idOfText(word, writing);
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

/** Printed ASCII that begins and ends with no blank and holds no two in a row: no tidying changes it. */
function isPlain(bytes: Uint8Array): boolean {
  let blank = true;
  for (let i = 0; i < bytes.length; i++) {
    const b = bytes[i] as number;
    if (b < 0x20 || b > 0x7e || (b === 0x20 && blank)) return false;
    blank = b === 0x20;
  }
  return !blank;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();
