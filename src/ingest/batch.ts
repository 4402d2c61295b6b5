import type { ByteSource, TableForm, TableFormat } from '../domain/index.ts';

/**
 * Some rows of one table, as UTF-8 cells: what every format is read into, what joins and SQL turn into another, and what events
 * are made from. Valid until the next batch is asked for, since whoever makes it may use its buffers again.
 */
export interface RowBatch {
  readonly count: number;
  /** Cells lie anywhere in it, unescaped and without their quotation marks. */
  readonly bytes: Uint8Array;
  /** Row r has cells `row[r]` to `row[r + 1]` (not included) of `start` and `end`; rows may be ragged. count + 1 entries. */
  readonly row: Uint32Array;
  /**
   * Cell c is `bytes[start[c]]` to `bytes[end[c]]` (not included). Where cells were added behind a row that is too short, both are
   * {@link ABSENT} for those that it lacks: empty cells to whoever does not ask.
   */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** Where each row begins: 1-based line of a text, the sheet's row of Excel, 1-based row below the header of other formats. */
  readonly line: Uint32Array;
  /** One of {@link FLAW} a row. */
  readonly flaw: Uint8Array;
}

/** What is wrong with the form of a row. A blank line is one empty cell, and no flaw of its own. */
export const FLAW = { none: 0, brokenQuotes: 1, notAnObject: 2, filteredOut: 3 } as const;

export const ABSENT = 0xffffffff;

/** A table that is read from front to back. */
export interface TableReader {
  readonly header: readonly string[];
  /** Ends with the table; leaving early closes the file. Throws AppError input where the file breaks off. */
  batches(): AsyncIterable<RowBatch>;
}

/** One table in a dropped file, its bytes unpacked. */
export interface TableSource {
  /** As in FilePreview. */
  readonly name: string;
  readonly file: ByteSource;
  readonly format: TableFormat;
  readonly packed: TableForm['packed'];
  /** The bytes of the table. Throws AppError input where they can't be unpacked to their end. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** All bytes, for formats that are read from their end; of a packed file they are unpacked first. */
  blob(): Promise<Blob>;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The cells of row `r` as strings. For rows that are looked at: reading a table goes by bytes. */
export function cellsOf(batch: RowBatch, r: number): string[] {
  const cells: string[] = [];
  for (let c = batch.row[r] as number; c < (batch.row[r + 1] as number); c++) {
    cells.push(decoder.decode(batch.bytes.subarray(batch.start[c], batch.end[c])));
  }
  return cells;
}

/** A row of cells that hold nothing, or blanks only. */
export function isBlankRow(batch: RowBatch, r: number): boolean {
  for (let c = batch.row[r] as number; c < (batch.row[r + 1] as number); c++) if (!isBlankCell(batch, c)) return false;
  return true;
}

/** Blanks as a trimmed string has none: ASCII white space is judged by its bytes, other by what it decodes to. */
export function isBlankCell({ bytes, start, end }: RowBatch, c: number): boolean {
  for (let p = start[c] as number; p < (end[c] as number); p++) {
    const b = bytes[p] as number;
    if (b > 0x7f) return decoder.decode(bytes.subarray(p, end[c])).trim() === '';
    if (b !== 0x20 && (b < 9 || b > 13)) return false;
  }
  return true;
}
