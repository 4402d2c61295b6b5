import { type AppError, inputError } from '../../domain/index.ts';
import { MAX_RECORD } from '../errors.ts';

/** A record as it is written, and where. */
export interface JsonRecord {
  readonly text: string;
  /** 1-based: the line of JSON Lines, the position in an array. */
  readonly line: number;
  /** The file ends before the record does; the text is what there is of it, and may be empty. */
  readonly cutOff?: true;
}

/** What every splitter does: text in pieces to whole records. */
export interface RecordSplitter {
  push(piece: string): JsonRecord[];
  /** What is left at the end of the file. */
  end(): JsonRecord[];
}

/** JSON Lines: records end with LF, CRLF or CR, none of which stands unescaped inside a JSON string. */
export class LineSplitter implements RecordSplitter {
  readonly #name: string;
  #held = '';
  #line = 1;

  constructor(name: string) {
    this.#name = name;
  }

  push(piece: string): JsonRecord[] {
    const text = this.#held + piece;
    // The CR of a CRLF may be the last of a piece.
    const whole = text.endsWith('\r') ? text.length - 1 : text.length;
    const records: JsonRecord[] = [];
    let from = 0;
    LINE_END.lastIndex = 0;
    for (let m = LINE_END.exec(text); m !== null && m.index < whole; m = LINE_END.exec(text)) {
      records.push({ text: text.slice(from, m.index), line: this.#line++ });
      from = m.index + m[0].length;
    }
    this.#held = text.slice(from);
    if (this.#held.length > MAX_RECORD) throw recordTooLong(this.#name, `line ${this.#line}`);
    return records;
  }

  end(): JsonRecord[] {
    const last = this.#held.endsWith('\r') ? this.#held.slice(0, -1) : this.#held;
    return this.#held === '' ? [] : [{ text: last, line: this.#line }];
  }
}

const LINE_END = /\r\n|\n|\r/g;

/**
 * The elements of a JSON array, or of the array that a top-level object holds under `key`; with no key also a sequence of objects with nothing between them, and
 * arrays one after the other. Only brackets and strings are followed, so a broken element is one record, and those around it stay whole.
 */
export class ElementSplitter implements RecordSplitter {
  readonly #name: string;
  readonly #key: string | null | undefined;
  /** Keys of the top-level object that hold arrays of objects, as far as was read. */
  readonly arrays: string[] = [];
  /** Top-level values that were begun; counted only while looking for arrays. */
  values = 0;
  #held = '';
  #depth = 0;
  /** Depth of the elements' own brackets; -1 outside of the array. */
  #base: number;
  #inString = false;
  #escaped = false;
  #inElement = false;
  #count = 0;
  /** The string last read at depth 1, with its quotation marks, and the key before the bracket last opened there. */
  #lastString = '';
  #keyText: string | null = null;
  #opened: string | null = null;

  /** @param key undefined = no element is wanted, only `arrays` */
  constructor(name: string, key: string | null | undefined) {
    this.#name = name;
    this.#key = key;
    this.#base = key === null ? 0 : -1;
  }

  push(piece: string): JsonRecord[] {
    const records: JsonRecord[] = [];
    let from = this.#inElement ? 0 : -1;
    for (let i = 0; i < piece.length; i++) {
      const c = piece.charCodeAt(i);
      if (this.#inString) {
        this.#string(piece, c, i);
        continue;
      }
      if (this.#inElement) {
        const end = this.#inside(c);
        if (end === null) continue;
        records.push(this.#record(this.#held + piece.slice(from, i + end)));
        this.#held = '';
        from = -1;
        // A comma or bracket that ends a scalar says more than that.
        if (end === 0) this.#outside(c);
      } else if (this.#outside(c)) from = i;
    }
    if (from >= 0) this.#hold(piece.slice(from));
    return records;
  }

  end(): JsonRecord[] {
    const cutOff = this.#inElement || this.#base > 0;
    return cutOff ? [{ ...this.#record(this.#held), cutOff }] : [];
  }

  #hold(text: string): void {
    this.#held += text;
    if (this.#held.length > MAX_RECORD) throw recordTooLong(this.#name, `element ${this.#count + 1}`);
  }

  #record(text: string): JsonRecord {
    this.#inElement = false;
    return { text: text.trim(), line: ++this.#count };
  }

  #string(piece: string, c: number, i: number): void {
    if (this.#keyText !== null) this.#keyText += piece[i];
    if (this.#escaped) this.#escaped = false;
    else if (c === BACKSLASH) this.#escaped = true;
    else if (c === QUOTE) {
      this.#inString = false;
      if (this.#keyText !== null) this.#lastString = this.#keyText;
      this.#keyText = null;
    }
  }

  /** Within an element: null where it goes on, 1 where it ends with this character, 0 where it ended before it. */
  #inside(c: number): 0 | 1 | null {
    if (c === QUOTE) this.#inString = true;
    else if (isOpening(c)) this.#depth++;
    else if (isClosing(c)) {
      if (this.#depth === this.#base) return 0;
      this.#depth--;
      if (this.#depth === this.#base) return 1;
    } else if (this.#depth === this.#base && (c === COMMA || c === NEWLINE)) return 0;
    return null;
  }

  /** Between elements, or outside of the array. True where an element begins with this character. */
  #outside(c: number): boolean {
    if (isSpace(c)) return false;
    if (this.#depth === this.#base) return this.#between(c);
    if (this.#opened !== null) {
      if (c === OPEN_BRACE) this.arrays.push(this.#opened);
      this.#opened = null;
    }
    if (c === QUOTE) this.#inString = true;
    if (c === QUOTE && this.#depth === 1) this.#keyText = '"';
    if (this.#depth === 0) this.values++;
    if (isOpening(c)) this.#open(c);
    else if (isClosing(c)) this.#depth = Math.max(0, this.#depth - 1);
    return false;
  }

  #open(c: number): void {
    if (this.#depth++ !== 1 || c !== OPEN_BRACKET) return;
    const key = textOf(this.#lastString);
    this.#opened = key;
    if (key === this.#key) this.#base = 2;
  }

  #between(c: number): boolean {
    if (c === COMMA) return false;
    if (c === OPEN_BRACKET && this.#base === 0) {
      this.#base = ++this.#depth;
      return false;
    }
    if (c === CLOSE_BRACKET && this.#base > 0) {
      this.#depth--;
      this.#base = this.#key === null ? 0 : -1;
      return false;
    }
    this.#inElement = true;
    if (c === QUOTE) this.#inString = true;
    else if (isOpening(c)) this.#depth++;
    return true;
  }
}

const QUOTE = 34;
const COMMA = 44;
const NEWLINE = 10;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

const isOpening = (c: number): boolean => c === OPEN_BRACE || c === OPEN_BRACKET;
const isClosing = (c: number): boolean => c === CLOSE_BRACE || c === CLOSE_BRACKET;
const isSpace = (c: number): boolean => c === 32 || c === 10 || c === 13 || c === 9;

function textOf(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

const recordTooLong = (name: string, where: string): AppError =>
  inputError(
    'json-record-too-long',
    `${name}, ${where}: a record goes on for more than ${MAX_RECORD / 1024 / 1024} MB.`,
    'A quotation mark or bracket there is never closed, or the records are not one below the other. Mend it, then choose the file again.',
  );
