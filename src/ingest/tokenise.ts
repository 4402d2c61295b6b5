import Papa from 'papaparse';
import { lineTooLong, MAX_RECORD } from './errors.ts';

export interface Dialect {
  readonly delimiter: string;
  /** `\n` also where lines end with `\r\n`; `\r` where no line ends otherwise. */
  readonly newline: '\n' | '\r';
}

/**
 * @param line where the record begins, 1-based
 * @param unclosed a quotation mark in it is never closed; the cells are then cut at every delimiter
 */
export type OnRecord = (cells: string[], line: number, unclosed: boolean) => void;

/** After so many lines whose quotes don't close, the rest of the file is cut by lines alone (each retry reads the rest again). */
const MAX_REPAIRS = 20;
/** Characters between two runs of the parser. */
const BLOCK = 128 * 1024;

/**
 * Text in, in chunks cut anywhere; records out, in order. Quoting as in RFC 4180; blank lines are records of one empty cell.
 *
 * Papa's own streaming is passed by, since it hides where a record begins. Its low-level parser is given the text from the
 * start of the first record that is not complete; a record that needs more text is tried again only when the text has
 * doubled, so the work stays linear.
 * In a file whose lines end with `\r\n`, a `\r` at the very end of a quoted last cell is taken for part of the line end.
 */
export class Tokeniser {
  readonly #dialect: Dialect;
  readonly #name: string;
  readonly #onRecord: OnRecord;
  readonly #parser: Papa.Parser;
  #buffer = '';
  #parseAt = BLOCK;
  #line = 1;

  /** @param name of the file, for errors */
  constructor(dialect: Dialect, name: string, onRecord: OnRecord) {
    this.#dialect = dialect;
    this.#name = name;
    this.#onRecord = onRecord;
    this.#parser = new Papa.Parser({ delimiter: dialect.delimiter, newline: dialect.newline });
  }

  /** @throws AppError input where one record is longer than {@link MAX_RECORD} */
  push(text: string): void {
    this.#buffer += text;
    if (this.#buffer.length < this.#parseAt) return;
    this.#takeComplete();
    if (this.#buffer.length > MAX_RECORD) throw lineTooLong(this.#name, this.#line);
    this.#parseAt = Math.max(BLOCK, 2 * this.#buffer.length);
  }

  /** The end of the file: what is left is the last record. */
  end(): void {
    this.#takeComplete();
    for (let repairs = 0; this.#buffer !== ''; repairs++) {
      if (this.#takeLast()) return;
      this.#takeBrokenLine();
      if (repairs < MAX_REPAIRS) this.#takeComplete();
      else while (this.#buffer !== '') this.#takeBrokenLine();
    }
  }

  #takeComplete(): void {
    const { data, cursor } = this.#parse(true);
    const text = this.#buffer.slice(0, cursor);
    this.#buffer = this.#buffer.slice(cursor);
    this.#emit(data, count(text, this.#dialect.newline) !== data.length);
  }

  /** False where a quotation mark in the rest is never closed; nothing is taken then. */
  #takeLast(): boolean {
    const { data, unclosed } = this.#parse(false);
    if (unclosed) return false;
    this.#buffer = '';
    this.#emit(data, true);
    return true;
  }

  #takeBrokenLine(): void {
    const at = this.#buffer.indexOf(this.#dialect.newline);
    const line = at === -1 ? this.#buffer : this.#buffer.slice(0, at);
    this.#buffer = at === -1 ? '' : this.#buffer.slice(at + 1);
    this.#onRecord(line.split(this.#dialect.delimiter), this.#line, true);
    this.#line++;
  }

  #emit(records: string[][], hasBreaks: boolean): void {
    for (const cells of records) {
      const line = this.#line;
      this.#line++;
      if (hasBreaks) for (const cell of cells) this.#line += count(cell, this.#dialect.newline);
      this.#onRecord(this.#trimReturn(cells), line, false);
    }
  }

  #trimReturn(cells: string[]): string[] {
    const last = cells.length - 1;
    const cell = cells[last] ?? '';
    if (this.#dialect.newline === '\n' && cell.endsWith('\r')) cells[last] = cell.slice(0, -1);
    return cells;
  }

  #parse(ignoreLast: boolean): { data: string[][]; cursor: number; unclosed: boolean } {
    const result = this.#parser.parse(this.#buffer, 0, ignoreLast) as Papa.ParseResult<string[]>;
    const unclosed = result.errors.some((e) => e.code === 'MissingQuotes');
    return { data: result.data, cursor: result.meta.cursor, unclosed };
  }
}

function count(text: string, character: string): number {
  let n = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) n++;
  return n;
}
