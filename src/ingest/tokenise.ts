import Papa from 'papaparse';
import { lineTooLong, MAX_RECORD } from './errors.ts';

export interface Dialect {
  readonly delimiter: string;
  /** `\n` also where lines end with `\r\n`; `\r` where no line ends otherwise. */
  readonly newline: '\n' | '\r';
}

/**
 * @param line where the record begins, 1-based
 * @param broken its quotation marks don't pair; it is one line then, cut at every delimiter
 */
export type OnRecord = (cells: string[], line: number, broken: boolean) => void;

/**
 * After each broken line the text behind it is parsed again. When more characters than this were parsed again in one step,
 * the rest of the step is taken for broken lines: keeps the work bounded where nearly every line is broken.
 */
const REPARSE_LIMIT = 4 * MAX_RECORD;
/** Characters between two runs of the parser. */
const BLOCK = 128 * 1024;

/**
 * Text in, in chunks cut anywhere; records out, in order. Quoting as in RFC 4180; blank lines are records of one empty cell.
 *
 * A lost quotation mark must not swallow rows in silence. A quoted cell is not believed where it runs over line breaks and
 * holds stray quotation marks, or never ends: its first line is told as broken, and reading goes on with the next line.
 * Stray quotation marks within one line are text.
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
    let budget = REPARSE_LIMIT;
    this.#takeComplete();
    while (this.#buffer !== '' && !this.#take(false)) {
      budget -= this.#buffer.length;
      this.#takeBrokenLine();
      if (budget > 0) this.#takeComplete();
      else while (this.#buffer !== '') this.#takeBrokenLine();
    }
  }

  #takeComplete(): void {
    let budget = REPARSE_LIMIT;
    while (!this.#take(true)) {
      budget -= this.#buffer.length;
      this.#takeBrokenLine();
      if (budget > 0) continue;
      while (this.#buffer.includes(this.#dialect.newline)) this.#takeBrokenLine();
      return;
    }
  }

  /** Takes records up to the first broken one, which then is the start of the buffer; true where none is broken. */
  #take(ignoreLast: boolean): boolean {
    const { data, errors, meta } = this.#parser.parse(this.#buffer, 0, ignoreLast) as Papa.ParseResult<string[]>;
    const { newline } = this.#dialect;
    const consumed = this.#buffer.slice(0, meta.cursor);
    // A complete record ends with one line break; more of them stand inside cells.
    const hasBreaks = !ignoreLast || count(consumed, newline) !== data.length;
    const broken = hasBreaks ? firstBroken(data, errors, newline) : data.length;
    const lineBefore = this.#line;
    this.#emit(data.slice(0, broken), hasBreaks);
    const whole = broken === data.length;
    const end = whole ? meta.cursor : startOfLine(this.#buffer, newline, this.#line - lineBefore);
    this.#buffer = this.#buffer.slice(end);
    return whole;
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
}

/** Index of the first record whose quotation marks can't be trusted, or the number of records. */
function firstBroken(records: readonly string[][], errors: readonly Papa.ParseError[], newline: string): number {
  for (const { code, row = 0 } of errors) {
    const record = records[row];
    if (!record) continue;
    if (code === 'MissingQuotes' || record.some((cell) => cell.includes(newline))) return row;
  }
  return records.length;
}

/** Where the n-th line after the first begins. */
function startOfLine(text: string, newline: string, n: number): number {
  let at = 0;
  for (let i = 0; i < n; i++) at = text.indexOf(newline, at) + 1;
  return at;
}

function count(text: string, character: string): number {
  let n = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) n++;
  return n;
}
