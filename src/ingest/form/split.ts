import type { Dialect } from '../../domain/index.ts';

export type Cut = Pick<Dialect, 'delimiter' | 'newline' | 'quote' | 'escape'>;

export interface SplitRow {
  readonly cells: readonly string[];
  /** One a cell. */
  readonly quoted: readonly boolean[];
  /** Cells whose quotation marks don't pair, or that hold text behind the closing one. */
  readonly flaws: number;
  /** 1-based, within the text. */
  readonly line: number;
  readonly text: string;
}

/** A quoted cell that is longer is not believed: a sample has few rows of that size. */
const LONGEST_QUOTED = 32 * 1024;

/**
 * Cuts a sample into rows, simply: for judging dialects, not for reading. Quotes that don't end are flaws, and the cell ends with its line.
 * @param whole the text does not break off at its end; else a quoted cell that does not end there ends the rows
 */
export function splitRows(text: string, cut: Cut, maxRows: number, whole: boolean): SplitRow[] {
  const rows: SplitRow[] = [];
  const splitter = new Splitter(text, cut);
  while (rows.length < maxRows && !splitter.done) {
    const row = splitter.row();
    if (splitter.ranOut && !whole) break;
    rows.push(row);
  }
  return rows;
}

class Splitter {
  readonly #text: string;
  readonly #cut: Cut;
  #at = 0;
  #line = 1;
  /** Where the next delimiter stands: a rare one is not looked for again at every cell. */
  #delimiterAt = -1;
  /** A quoted cell went on to the end of the text. */
  ranOut = false;

  constructor(text: string, cut: Cut) {
    this.#text = text;
    this.#cut = cut;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  row(): SplitRow {
    const cells: string[] = [];
    const quoted: boolean[] = [];
    const [from, line] = [this.#at, this.#line];
    let flaws = 0;
    for (let more = true; more; ) {
      const inQuotes = this.#cut.quote !== null && this.#text.startsWith(this.#cut.quote, this.#at);
      const cell = inQuotes ? this.#quotedCell() : null;
      if (inQuotes && !cell?.sound) flaws++;
      quoted.push(cell !== null);
      const rest = this.#plainCell();
      cells.push((cell?.text ?? '') + rest.text);
      more = rest.more;
    }
    return { cells, quoted, flaws, line, text: this.#text.slice(from, this.#at) };
  }

  /** Up to the closing quotation mark, or null where there is none: then nothing is taken. */
  #quotedCell(): { text: string; sound: boolean } | null {
    const { newline } = this.#cut;
    const quote = this.#cut.quote as string;
    const from = this.#at + 1;
    let end = this.#text.indexOf(quote, from);
    while (end !== -1 && end - from < LONGEST_QUOTED) {
      const isDoubled = this.#cut.escape === 'doubled' && this.#text[end + 1] === quote;
      if (!isDoubled && !(this.#cut.escape === 'backslash' && oddBackslashes(this.#text, end, from))) {
        const text = this.#text.slice(from, end);
        this.#at = end + 1;
        this.#line += count(text, newline);
        return { text, sound: this.#endsCell(end + 1) };
      }
      end = this.#text.indexOf(quote, end + (isDoubled ? 2 : 1));
    }
    this.ranOut ||= end === -1 && this.#text.length - from < LONGEST_QUOTED;
    return null;
  }

  /** Blanks behind the closing mark are let pass, as in reading. */
  #endsCell(at: number): boolean {
    const { delimiter, newline } = this.#cut;
    let behind = at;
    while (this.#text[behind] === ' ' && delimiter !== ' ') behind++;
    return behind === this.#text.length || [delimiter, newline, `\r${newline}`].some((end) => this.#text.startsWith(end, behind));
  }

  #plainCell(): { text: string; more: boolean } {
    const { delimiter, newline } = this.#cut;
    const lineEnd = this.#find(newline);
    if (this.#delimiterAt < this.#at) this.#delimiterAt = this.#find(delimiter);
    const cellEnd = this.#delimiterAt;
    const more = cellEnd < lineEnd;
    const text = this.#text.slice(this.#at, more ? cellEnd : lineEnd);
    this.#at = more ? cellEnd + delimiter.length : lineEnd + 1;
    if (more) return { text, more };
    this.#line++;
    return { text: newline === '\n' && text.endsWith('\r') ? text.slice(0, -1) : text, more };
  }

  #find(what: string): number {
    const at = this.#text.indexOf(what, this.#at);
    return at === -1 ? this.#text.length : at;
  }
}

function oddBackslashes(text: string, end: number, from: number): boolean {
  let at = end;
  while (at > from && text[at - 1] === '\\') at--;
  return (end - at) % 2 === 1;
}

function count(text: string, character: string): number {
  let n = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) n++;
  return n;
}
