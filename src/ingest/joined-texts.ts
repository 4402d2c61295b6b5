import { NO_ID, piecesOf, type TextTemplate } from '../domain/index.ts';
import type { CellWords } from './cell-words.ts';
import { hashBytes } from './hash.ts';
import { grown, Interner } from './intern.ts';

/** Places up to which the cells that a row has are told by one exact number, and what they make is remembered. */
const REMEMBERED = 50;

/** A text's parts: bytes as they stand, or the place whose cell goes there. */
type Part = Uint8Array | number;

/** Texts that a template makes of several columns; rows with the same cells empty are made alike. */
export class JoinedTexts {
  readonly #template: TextTemplate;
  /** One a place. */
  readonly #words: readonly CellWords[];
  /** Of each place its column among those that ids are given of. */
  readonly #column: readonly number[];
  readonly #parts = new Map<number, readonly Part[]>();
  readonly #joined = new Interner();
  #bytes = new Uint8Array(1024);

  /** @param columns the text columns, by name */
  constructor(template: TextTemplate, columns: ReadonlyMap<string, CellWords>) {
    const names = [...columns.keys()];
    this.#template = template;
    this.#words = template.columns.map((name) => columns.get(name) as CellWords);
    this.#column = template.columns.map((name) => names.indexOf(name));
  }

  get byteLength(): number {
    return this.#joined.byteLength;
  }

  /** @param ids of the columns' words, one array a column; @param at which of each array */
  idOf(ids: readonly Uint32Array[], at: number): number {
    let length = 0;
    for (const part of this.#partsOf(ids, at)) {
      const bytes = typeof part === 'number' ? (this.#words[part] as CellWords).bytesOf(this.#wordOf(ids, at, part)) : part;
      length = this.#append(bytes, length);
    }
    return length === 0 ? NO_ID : this.#joined.add(this.#bytes, 0, length, hashBytes(this.#bytes, 0, length));
  }

  words(): string[] {
    return this.#joined.decode(Uint32Array.from({ length: this.#joined.count }, (_, id) => id));
  }

  #wordOf(ids: readonly Uint32Array[], at: number, place: number): number {
    return (ids[this.#column[place] as number] as Uint32Array)[at] as number;
  }

  #partsOf(ids: readonly Uint32Array[], at: number): readonly Part[] {
    const places = this.#words.length;
    let there = 0;
    for (let place = 0; place < places; place++) there = 2 * there + (this.#wordOf(ids, at, place) === NO_ID ? 0 : 1);
    const known = this.#parts.get(there);
    if (known && places <= REMEMBERED) return known;
    const pieces = piecesOf(this.#template, (place) => this.#wordOf(ids, at, place) !== NO_ID);
    const parts = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
    if (places <= REMEMBERED) this.#parts.set(there, parts);
    return parts;
  }

  #append(part: Uint8Array, at: number): number {
    if (at + part.length > this.#bytes.length) this.#bytes = grown(this.#bytes, 2 * (at + part.length));
    this.#bytes.set(part, at);
    return at + part.length;
  }
}

const encoder = new TextEncoder();
