import type { Dialect } from '../../domain/index.ts';
import { FLAW, type RowBatch } from '../batch.ts';
import { lineTooLong, MAX_RECORD } from '../errors.ts';

/** Bytes that are cut into rows at once: what a batch covers, so long as no record is longer. */
export const BLOCK = 256 * 1024;

const BACKSLASH = 0x5c;
const RETURN = 0x0d;
const SPACE = 0x20;
/** No byte: where a dialect has no quotation mark. */
const NONE = -1;

/** Where a quoted cell ends, besides a position: */
const INCOMPLETE = -1;
const BROKEN = -2;

/**
 * UTF-8 in, in chunks cut anywhere; rows out, in order. Quoting as in RFC 4180, or with a backslash; blank lines are rows of one empty cell.
 *
 * A lost quotation mark must not swallow rows in silence. A quoted cell is not believed where it runs over line breaks and holds stray
 * quotation marks, is longer than {@link MAX_RECORD}, or never ends: the line on which its row begins is told as broken, and reading
 * goes on with the next line. Stray quotation marks within one line are text, and so are blanks between a cell's last mark and its
 * delimiter.
 *
 * The work is linear: a cell that is not believed ends at its first stray mark, and every mark that could open a cell on the lines behind
 * it is either that stray mark or closes the cell; a record that needs more bytes is tried again only when they have doubled.
 */
export class Tokeniser {
  readonly #name: string;
  readonly #delimiter: Uint8Array;
  readonly #comment: Uint8Array | null;
  readonly #newline: number;
  readonly #quote: number;
  readonly #backslash: boolean;
  #skip: number;

  /** Bytes `#at` to `#to` are waiting; one more byte is free behind them, for a line break that ends every search. */
  #bytes = new Uint8Array(2 * BLOCK);
  #at = 0;
  #to = 0;
  #parseAt = BLOCK;
  #line = 1;

  #row = new Uint32Array(0);
  #start = new Uint32Array(0);
  #end = new Uint32Array(0);
  #lines = new Uint32Array(0);
  #flaw = new Uint8Array(0);
  #rows = 0;
  #cells = 0;
  /** Cells of the row at hand that hold escapes. */
  readonly #escaped: number[] = [];
  /** Line breaks inside cells of the row at hand. */
  #breaks = 0;
  #hasEscapes = false;
  /** The delimiter or line break behind the quoted cell at hand. */
  #after = 0;

  /** @param name of the table, for errors */
  constructor(dialect: Dialect, name: string) {
    const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
    this.#name = name;
    this.#delimiter = bytesOf(dialect.delimiter);
    this.#comment = dialect.comment ? bytesOf(dialect.comment) : null;
    this.#newline = dialect.newline.charCodeAt(0);
    this.#quote = dialect.quote === null ? NONE : dialect.quote.charCodeAt(0);
    this.#backslash = dialect.escape === 'backslash';
    this.#skip = dialect.skip;
  }

  /**
   * @param chunk at most some {@link BLOCK}s; copied
   * @returns the rows that are complete by now, once enough has come together; the batch is valid until the next call
   * @throws AppError input where one line is longer than {@link MAX_RECORD}
   */
  push(chunk: Uint8Array): RowBatch | null {
    this.#append(chunk);
    if (this.#to - this.#at < this.#parseAt) return null;
    const batch = this.#take(false) ?? (this.#to - this.#at > MAX_RECORD ? this.#take(false, true) : null);
    this.#parseAt = Math.max(BLOCK, Math.min(2 * (this.#to - this.#at), MAX_RECORD + 1));
    return batch;
  }

  /** The end of the table: what is left is its last rows. */
  end(): RowBatch | null {
    return this.#take(true);
  }

  #append(chunk: Uint8Array): void {
    const waiting = this.#to - this.#at;
    const needed = waiting + chunk.length + 1;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.#bytes.subarray(this.#at, this.#to));
      this.#bytes = larger;
    } else if (this.#at > 0) {
      this.#bytes.copyWithin(0, this.#at, this.#to);
    }
    this.#at = 0;
    this.#to = waiting;
    this.#bytes.set(chunk, this.#to);
    this.#to += chunk.length;
  }

  /** @param lost the record at hand is longer than any: its quotation mark is not waited for any more */
  #take(last: boolean, lost = false): RowBatch | null {
    this.#reserve(this.#to - this.#at + 2);
    this.#rows = 0;
    this.#cells = 0;
    this.#bytes[this.#to] = this.#newline;
    if (lost) this.#at = this.#takeLost(this.#at);
    while (this.#at < this.#to) {
      const next = this.#isNoRow() ? this.#lineEnd(this.#at, last) : this.#takeRow(this.#at, last);
      if (next === INCOMPLETE) break;
      this.#at = next;
    }
    return this.#rows === 0 ? null : this.#batch();
  }

  /** No more cells than bytes and one, and no more rows: spares every check for room while cutting. */
  #reserve(n: number): void {
    if (n <= this.#start.length) return;
    this.#row = new Uint32Array(n + 1);
    this.#start = new Uint32Array(n);
    this.#end = new Uint32Array(n);
    this.#lines = new Uint32Array(n);
    this.#flaw = new Uint8Array(n);
  }

  #batch(): RowBatch {
    this.#row[this.#rows] = this.#cells;
    return {
      count: this.#rows,
      bytes: this.#bytes,
      row: this.#row.subarray(0, this.#rows + 1),
      start: this.#start.subarray(0, this.#cells),
      end: this.#end.subarray(0, this.#cells),
      line: this.#lines.subarray(0, this.#rows),
      flaw: this.#flaw.subarray(0, this.#rows),
    };
  }

  /** A line above the table, or a comment. */
  #isNoRow(): boolean {
    return this.#skip > 0 || (this.#comment !== null && this.#holds(this.#comment, this.#at));
  }

  #holds(word: Uint8Array, at: number): boolean {
    if (at + word.length > this.#to) return false;
    for (let i = 0; i < word.length; i++) if (this.#bytes[at + i] !== word[i]) return false;
    return true;
  }

  /** Passes over one line; its end, or INCOMPLETE. */
  #lineEnd(at: number, last: boolean): number {
    const found = this.#bytes.indexOf(this.#newline, at);
    if (found === this.#to && !last) return INCOMPLETE;
    this.#line++;
    if (this.#skip > 0) this.#skip--;
    return Math.min(found + 1, this.#to);
  }

  #takeRow(at: number, last: boolean): number {
    // A comment's sign may still be cut off.
    if (!last && this.#comment !== null && this.#to - at < this.#comment.length) return INCOMPLETE;
    const firstCell = this.#cells;
    this.#breaks = 0;
    const next = this.#cutRow(at, last);
    if (next < 0) {
      this.#escaped.length = 0;
      return next === BROKEN ? this.#takeBroken(at) : INCOMPLETE;
    }
    this.#addRow(firstCell, FLAW.none);
    if (this.#escaped.length > 0) this.#unescapeAll();
    return next;
  }

  #takeLost(at: number): number {
    if (this.#bytes.indexOf(this.#newline, at) === this.#to) throw lineTooLong(this.#name, this.#line);
    return this.#takeBroken(at);
  }

  /** The line at `at` alone, whatever its quotation marks say. */
  #takeBroken(at: number): number {
    const firstCell = this.#cells;
    this.#breaks = 0;
    const next = this.#cutBrokenLine(at);
    this.#addRow(firstCell, FLAW.brokenQuotes);
    return next;
  }

  /** The cells from `firstCell` on are a row, and the next one begins on the line behind it. */
  #addRow(firstCell: number, flaw: number): void {
    this.#row[this.#rows] = firstCell;
    this.#lines[this.#rows] = this.#line;
    this.#flaw[this.#rows] = flaw;
    this.#rows++;
    this.#line += 1 + this.#breaks;
  }

  /** Cuts the row that begins at `p`; where the next one begins, or INCOMPLETE, or BROKEN. The hot loop: nothing is called per byte. */
  #cutRow(p: number, last: boolean): number {
    const bytes = this.#bytes;
    const to = this.#to;
    const start = this.#start;
    const end = this.#end;
    const newline = this.#newline;
    const quote = this.#quote;
    const delimiter = this.#delimiter;
    const first = delimiter[0] as number;
    const width = delimiter.length;
    let cell = this.#cells;
    for (;;) {
      start[cell] = p;
      let b = bytes[p] as number;
      if (b === quote) {
        const close = this.#closeQuoted(p, last);
        if (close < 0) return close;
        start[cell] = p + 1;
        end[cell] = close;
        if (this.#hasEscapes) this.#escaped.push(cell);
        p = this.#after;
        b = bytes[p] as number;
      } else {
        while (b !== newline && (b !== first || (width > 1 && !this.#holds(delimiter, p)))) b = bytes[++p] as number;
        const isReturn = b === newline && newline !== RETURN && p > (start[cell] as number) && bytes[p - 1] === RETURN;
        end[cell] = isReturn ? p - 1 : p;
      }
      cell++;
      if (b !== newline) {
        p += width;
        continue;
      }
      // The line break at `to` is our own.
      if (p === to && !last) return INCOMPLETE;
      this.#cells = cell;
      return p < to ? p + 1 : to;
    }
  }

  /**
   * The mark that closes the cell which the one at `open` opens; or INCOMPLETE, or BROKEN. What stands behind it (`#after`), and whether
   * it holds escapes and line breaks, is left in the fields.
   */
  #closeQuoted(open: number, last: boolean): number {
    const bytes = this.#bytes;
    const to = this.#to;
    const newline = this.#newline;
    const quote = this.#quote;
    const escapeByte = this.#backslash ? BACKSLASH : NONE;
    let stray = false;
    let breaks = 0;
    this.#hasEscapes = false;
    for (let p = open + 1; ; p++) {
      const b = bytes[p] as number;
      if (b === newline) {
        if (p === to) return last ? BROKEN : INCOMPLETE;
        if (stray) return BROKEN;
        breaks++;
      } else if (b === escapeByte) {
        if (p + 1 < to && (bytes[p + 1] === quote || bytes[p + 1] === BACKSLASH)) {
          this.#hasEscapes = true;
          p++;
        }
      } else if (b === quote) {
        if (bytes[p + 1] === quote && p + 1 < to && !this.#backslash) {
          this.#hasEscapes = true;
          p++;
        } else if (this.#endsCell(p + 1)) {
          if (this.#isCutDelimiter()) return last ? BROKEN : INCOMPLETE;
          this.#breaks += breaks;
          return p;
        } else if (breaks > 0) {
          return BROKEN;
        } else {
          stray = true;
        }
      }
    }
  }

  /** Does a cell end here, blanks left aside? Where the bytes end it does; whether they are all there is judged at the row's end. */
  #endsCell(at: number): boolean {
    let p = at;
    while (this.#bytes[p] === SPACE && !this.#holds(this.#delimiter, p)) p++;
    if (this.#newline !== RETURN && this.#bytes[p] === RETURN && this.#bytes[p + 1] === this.#newline) p++;
    this.#after = p;
    return this.#bytes[p] === this.#newline || this.#holds(this.#delimiter, p) || this.#isCutDelimiter();
  }

  /** Is what is left of the bytes the beginning of a delimiter of several? */
  #isCutDelimiter(): boolean {
    const left = this.#to - this.#after;
    return left > 0 && left < this.#delimiter.length && this.#holds(this.#delimiter.subarray(0, left), this.#after);
  }

  #cutBrokenLine(at: number): number {
    const to = Math.min(this.#bytes.indexOf(this.#newline, at), this.#to);
    const isReturn = this.#newline !== RETURN && to > at && this.#bytes[to - 1] === RETURN;
    const end = isReturn ? to - 1 : to;
    let from = at;
    for (let p = at; p < end; ) {
      if (!this.#holds(this.#delimiter, p) || p + this.#delimiter.length > end) p++;
      else {
        this.#addCell(from, p);
        p += this.#delimiter.length;
        from = p;
      }
    }
    this.#addCell(from, end);
    return Math.min(to + 1, this.#to);
  }

  #addCell(start: number, end: number): void {
    this.#start[this.#cells] = start;
    this.#end[this.#cells] = end;
    this.#cells++;
  }

  #unescapeAll(): void {
    for (const cell of this.#escaped) this.#unescape(cell);
    this.#escaped.length = 0;
  }

  /** In place, since a cell only gets shorter. */
  #unescape(cell: number): void {
    const bytes = this.#bytes;
    const end = this.#end[cell] as number;
    const escapeByte = this.#backslash ? BACKSLASH : this.#quote;
    let out = this.#start[cell] as number;
    for (let p = out; p < end; p++) {
      const isEscape = bytes[p] === escapeByte && p + 1 < end && (bytes[p + 1] === this.#quote || bytes[p + 1] === escapeByte);
      if (isEscape) p++;
      bytes[out++] = bytes[p] as number;
    }
    this.#end[cell] = out;
  }
}
