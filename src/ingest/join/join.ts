import { inputError, type JobContext, type JoinedColumn, type JoinMatches } from '../../domain/index.ts';
import { FLAW, type RowBatch, type TableReader } from '../batch.ts';
import { hashBytes } from '../hash.ts';
import { Interner, roomy } from '../intern.ts';
import { missingCells } from '../missing-cells.ts';
import { type AddedCells, BatchShaper, isNoRow, trimCell } from './reshape.ts';

/** A catalogue is held whole while the events go by; with more than this it would fill the tab. In bytes of its keys and cells. */
export const MAX_CATALOGUE = 256 * 1024 * 1024;

/** How keys are told apart. */
export interface KeyRule {
  /** Cells that say "nothing", exact once trimmed. */
  readonly missing: readonly string[];
  /** Makes two ways of writing one id the same; null = they are taken as they stand, trimmed. */
  readonly normalise: ((trimmed: string) => string) | null;
}

/** Why a row of a catalogue can't be joined with. */
export type CatalogueReason = 'empty line' | 'broken quotes' | 'not an object' | 'too few columns' | 'no key' | 'repeated key';

/** The table beside the events, with one row a key. */
export interface Catalogue {
  readonly name: string;
  /** Its columns, as they are called once joined. */
  readonly columns: readonly string[];
  /** All rows that were read, and those that can be joined with. */
  readonly read: number;
  readonly kept: number;
  readonly repeats: number;
  /** Rows that are held: those kept, and some that gave way to another of their key. */
  readonly held: number;
  /** Index of the row with this key among those held: -1 where there is none, -2 where the cell holds no key. */
  find(bytes: Uint8Array, start: number, end: number): number;
  /** The cells of a row, one after the other in `bytes`; column c of row r lies from `bound[r * columns + c]` to the next entry. */
  readonly bytes: Uint8Array;
  readonly bound: Uint32Array;
}

/**
 * Reads a whole catalogue. Of rows with the same key the one counts whose cells come first in the order of their bytes, cell by cell:
 * the first in the file would be another one in another order of rows (P2).
 * @param key name of the key's column; @param columns those that the events take over
 * @param setAside is told of each row that can't be joined with
 * @throws AppError input where it has no such column or is larger than the limit, in bytes of its keys and cells
 */
export async function loadCatalogue(
  name: string,
  reader: TableReader,
  key: string,
  columns: readonly JoinedColumn[],
  rule: KeyRule,
  ctx: JobContext,
  setAside: (reason: CatalogueReason, batch: RowBatch, row: number) => void = () => {},
  limit = MAX_CATALOGUE,
): Promise<Catalogue> {
  const positions = columns.map(({ column }) => positionOf(name, reader.header, column));
  const at = positionOf(name, reader.header, key);
  const store = new CellStore(columns.length);
  const keys = new Interner();
  const spanOf = keySpan(rule);
  /** By number of the key. */
  let rowOf = new Uint32Array(1024);
  let [read, repeats] = [0, 0];
  const add = (batch: RowBatch, r: number): CatalogueReason | null => {
    if (isNoRow(batch, r, reader.header.length)) return flawOf(batch, r);
    const cell = (batch.row[r] as number) + at;
    if (cell >= (batch.row[r + 1] as number)) return 'too few columns';
    const span = spanOf(batch.bytes, batch.start[cell] as number, batch.end[cell] as number);
    if (span === null) return 'no key';
    const before = keys.count;
    const id = keys.add(span.bytes, span.start, span.end, span.hash);
    const row = store.add(batch, r, positions);
    rowOf = roomy(rowOf, keys.count);
    if (id < before) {
      if (store.compare(row, rowOf[id] as number) < 0) rowOf[id] = row;
      else store.dropLast();
      return 'repeated key';
    }
    rowOf[id] = row;
    return null;
  };
  for await (const batch of reader.batches()) {
    for (let r = 0; r < batch.count; r++) {
      read++;
      const reason = add(batch, r);
      if (reason === 'repeated key') repeats++;
      if (reason !== null) setAside(reason, batch, r);
    }
    if (keys.byteLength + store.size > limit) throw catalogueTooLarge(name, limit);
    await ctx.checkpoint();
  }
  const find = (bytes: Uint8Array, start: number, end: number): number => {
    const span = spanOf(bytes, start, end);
    if (span === null) return -2;
    const id = keys.find(span.bytes, span.start, span.end, span.hash);
    return id < 0 ? -1 : (rowOf[id] as number);
  };
  return { name, columns: columns.map((c) => c.name), read, kept: keys.count, repeats, held: store.rows, find, ...store.close() };
}

function flawOf(batch: RowBatch, r: number): CatalogueReason {
  if (batch.flaw[r] === FLAW.brokenQuotes) return 'broken quotes';
  return batch.flaw[r] === FLAW.notAnObject ? 'not an object' : 'empty line';
}

function positionOf(table: string, header: readonly string[], column: string): number {
  const at = header.indexOf(column);
  if (at >= 0) return at;
  throw inputError(
    'column-not-found',
    `${table} has no column "${column}" to join on. Its columns are ${header.join(', ')}.`,
    'Choose another column, or another table to join.',
  );
}

interface Span {
  bytes: Uint8Array;
  start: number;
  end: number;
  hash: number;
}

/** Where the key of a cell lies, or null where the cell says "nothing". The span is used again by the next call. */
function keySpan({ missing, normalise }: KeyRule): (bytes: Uint8Array, start: number, end: number) => Span | null {
  const isMissing = missingCells(missing);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const span: Span = { bytes: new Uint8Array(0), start: 0, end: 0, hash: 0 };
  return (bytes, start, end) => {
    const [from, to] = trimCell(bytes, start, end);
    if (isMissing(bytes, from, to)) return null;
    const normal = normalise ? encoder.encode(normalise(decoder.decode(bytes.subarray(from, to)))) : null;
    span.bytes = normal ?? bytes;
    span.start = normal ? 0 : from;
    span.end = normal ? normal.length : to;
    span.hash = hashBytes(span.bytes, span.start, span.end);
    return span;
  };
}

/** Cells of the catalogue's rows, one after the other. */
class CellStore {
  readonly #columns: number;
  #bytes = new Uint8Array(64 * 1024);
  #bound = new Uint32Array(1024);
  #cells = 0;
  #used = 0;
  rows = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** In bytes. */
  get size(): number {
    return this.#used;
  }

  /** The index of the new row. */
  add(batch: RowBatch, r: number, positions: readonly number[]): number {
    const first = batch.row[r] as number;
    const cells = (batch.row[r + 1] as number) - first;
    this.#bound = roomy(this.#bound, this.#cells + this.#columns + 1);
    for (const position of positions) {
      if (position < cells) this.#copy(batch, first + position);
      this.#bound[++this.#cells] = this.#used;
    }
    return this.rows++;
  }

  dropLast(): void {
    this.rows--;
    this.#cells -= this.#columns;
    this.#used = this.#bound[this.#cells] as number;
  }

  /** Negative where row `a` comes before row `b`: by their cells, each by its bytes. */
  compare(a: number, b: number): number {
    for (let c = 0; c < this.#columns; c++) {
      const order = compareBytes(this.#cell(a, c), this.#cell(b, c));
      if (order !== 0) return order;
    }
    return 0;
  }

  #cell(row: number, column: number): Uint8Array {
    const at = row * this.#columns + column;
    return this.#bytes.subarray(this.#bound[at], this.#bound[at + 1]);
  }

  close(): Pick<Catalogue, 'bytes' | 'bound'> {
    return { bytes: this.#bytes.slice(0, this.#used), bound: this.#bound.slice(0, this.#cells + 1) };
  }

  #copy(batch: RowBatch, cell: number): void {
    const [start, end] = [batch.start[cell] as number, batch.end[cell] as number];
    if (end <= start) return;
    const used = this.#used + end - start;
    this.#bytes = roomy(this.#bytes, used);
    this.#bytes.set(batch.bytes.subarray(start, end), this.#used);
    this.#used = used;
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  return a.length - b.length;
}

const catalogueTooLarge = (name: string, limit: number): Error =>
  inputError(
    'catalogue-too-large',
    `${name} is too large to be joined: the columns that are used hold more than ${limit / 1024 / 1024} MB.`,
    'Use fewer of its columns, or join it beforehand and choose the joined file. If it holds the events, swap the two tables.',
  );

/** Counts how events and catalogue meet, over all tables of events. */
export class JoinCounter {
  readonly #catalogue: Catalogue;
  readonly #used: Uint8Array;
  #catalogueUsed = 0;
  #matched = 0;
  #unmatched = 0;
  #withoutKey = 0;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
    this.#used = new Uint8Array(catalogue.held);
  }

  /** @param found what {@link Catalogue.find} gave for one row of the events */
  add(found: number): void {
    if (found === -2) this.#withoutKey++;
    else if (found < 0) this.#unmatched++;
    else {
      this.#matched++;
      if (this.#used[found]) return;
      this.#used[found] = 1;
      this.#catalogueUsed++;
    }
  }

  matches(): JoinMatches {
    return {
      matched: this.#matched,
      unmatched: this.#unmatched,
      withoutKey: this.#withoutKey,
      catalogueRows: this.#catalogue.read,
      catalogueUsed: this.#catalogueUsed,
      catalogueRepeats: this.#catalogue.repeats,
    };
  }
}

/**
 * The events with the catalogue's cells behind their own: empty ones where no row of the catalogue has the key. Rows whose form is broken
 * and blank lines pass by as they are and are not counted.
 * @param name of the table of events, for errors; @param on column of the events
 * @throws AppError input where the events have no such column
 */
export function withCatalogue(
  name: string,
  events: TableReader,
  catalogue: Catalogue,
  on: string,
  counter: JoinCounter,
): TableReader {
  const at = positionOf(name, events.header, on);
  const width = events.header.length;
  const shaper = new BatchShaper([...events.header.keys()], width);
  const cells = new CatalogueCells(catalogue);
  return {
    header: [...events.header, ...catalogue.columns],
    async *batches() {
      for await (const batch of events.batches()) {
        cells.begin(batch.count);
        for (let r = 0; r < batch.count; r++) {
          if (isNoRow(batch, r, width)) continue;
          const found = findRow(catalogue, batch, r, at);
          counter.add(found);
          if (found >= 0) cells.put(r, found);
        }
        yield shaper.shape(batch, cells.added());
      }
    },
  };
}

function findRow(catalogue: Catalogue, batch: RowBatch, r: number, at: number): number {
  const cell = (batch.row[r] as number) + at;
  if (cell >= (batch.row[r + 1] as number)) return -2;
  return catalogue.find(batch.bytes, batch.start[cell] as number, batch.end[cell] as number);
}

/** The catalogue's cells for one batch of events; a row of the catalogue that several events take is copied once. */
class CatalogueCells {
  readonly #catalogue: Catalogue;
  readonly #columns: number;
  /** By row of the catalogue: the batch that last took it, and where its bytes lie there. */
  readonly #batch: Uint32Array;
  readonly #offset: Uint32Array;
  #number = 0;
  #bytes = new Uint8Array(64 * 1024);
  #used = 0;
  #start = new Uint32Array(0);
  #end = new Uint32Array(0);

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
    this.#columns = catalogue.columns.length;
    this.#batch = new Uint32Array(catalogue.held);
    this.#offset = new Uint32Array(catalogue.held);
  }

  begin(rows: number): void {
    this.#number++;
    this.#used = 0;
    const cells = rows * this.#columns;
    this.#start = roomy(this.#start, cells).fill(0, 0, cells);
    this.#end = roomy(this.#end, cells).fill(0, 0, cells);
  }

  /** Row `r` of the batch takes the cells of row `found` of the catalogue. */
  put(r: number, found: number): void {
    const { bound } = this.#catalogue;
    const first = found * this.#columns;
    const from = bound[first] as number;
    if (this.#batch[found] !== this.#number) this.#copy(found, from, bound[first + this.#columns] as number);
    const shift = (this.#offset[found] as number) - from;
    for (let c = 0, at = r * this.#columns; c < this.#columns; c++, at++) {
      this.#start[at] = shift + (bound[first + c] as number);
      this.#end[at] = shift + (bound[first + c + 1] as number);
    }
  }

  added(): AddedCells {
    return { columns: this.#columns, bytes: this.#bytes.subarray(0, this.#used), start: this.#start, end: this.#end };
  }

  #copy(found: number, from: number, to: number): void {
    this.#bytes = roomy(this.#bytes, this.#used + to - from);
    this.#bytes.set(this.#catalogue.bytes.subarray(from, to), this.#used);
    this.#batch[found] = this.#number;
    this.#offset[found] = this.#used;
    this.#used += to - from;
  }
}
