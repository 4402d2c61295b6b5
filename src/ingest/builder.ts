import { type ColumnMapping, type Intake, NO_ID } from '../domain/index.ts';
import type { RowAccount } from './accounting.ts';
import { ABSENT, cellsOf, FLAW, isBlankCell, isBlankRow, type RowBatch } from './batch.ts';
import { CellWords, type Tidy, tidyCell, tidyId, trimmedCell } from './cell-words.ts';
import { missingTest } from './cells.ts';
import { locateColumns, placeOf } from './check.ts';
import type { Draft, Words } from './draft.ts';
import { hashBytes, mixHash, second } from './hash.ts';
import { JoinedTexts } from './joined-texts.ts';
import { numberParser } from './numbers.ts';
import { timeParser } from './time.ts';
import { type CellNumber, NO_TIME, numberCells, timeCells } from './typed-cells.ts';
import { TypedRows } from './typed-rows.ts';

/** Why a row can't be read, in the order in which it is asked. */
export type Reason =
  | 'broken quotes'
  | 'not an object'
  | 'filtered out'
  | 'empty line'
  | 'too few columns'
  | 'too many columns'
  | 'no user'
  | 'no time'
  | 'time not readable';

const FLAW_REASONS: Readonly<Record<number, Reason>> = {
  [FLAW.brokenQuotes]: 'broken quotes',
  [FLAW.notAnObject]: 'not an object',
  [FLAW.filteredOut]: 'filtered out',
};

/** Places of the columns that are used, in the table at hand; -1 where a part has no column. */
interface Places {
  /** Of the header. */
  readonly width: number;
  /** Cells that a row must have. */
  readonly needed: number;
  /** Of all columns that play a part. */
  readonly used: readonly number[];
  /** Cells from here on do not count when rows are compared. */
  readonly own: number;
  readonly user: number;
  readonly time: number;
  readonly text: readonly number[];
  readonly type: number;
  readonly item: number;
  readonly label: number;
  readonly value: number;
  readonly numbers: readonly number[];
  readonly columns: readonly number[];
}

const NOWHERE: Places = {
  width: 0,
  needed: 0,
  used: [],
  own: 0,
  user: -1,
  time: -1,
  text: [],
  type: -1,
  item: -1,
  label: -1,
  value: -1,
  numbers: [],
  columns: [],
};

/**
 * Rows of tables, as bytes, made into typed rows.
 * - Too few columns: a column that is used lies beyond the row's end. Too many: a cell beyond the header's end holds something, so a
 *   stray delimiter may have shifted the others.
 * - A value that is no number is NaN, and the row stays: who, when and what still stand.
 */
export class DraftBuilder {
  readonly #mapping: ColumnMapping;
  readonly #numberNames: readonly string[];
  readonly #columnNames: readonly string[];
  readonly #readTime: CellNumber;
  readonly #readNumber: CellNumber;
  readonly #user: CellWords;
  readonly #texts: readonly CellWords[];
  readonly #joined: JoinedTexts | null;
  readonly #type: CellWords;
  readonly #item: CellWords;
  readonly #label: CellWords;
  readonly #columns: readonly CellWords[];
  readonly #rows: TypedRows;
  #count = 0;
  #table = -1;
  #places: Places = NOWHERE;
  /** First hashes of the cells of the row at hand. */
  #hashes = new Int32Array(64);

  constructor(mapping: ColumnMapping, intake: Intake) {
    const { outliers, rules } = intake.cleaning;
    const isMissing = missingTest(intake.missing);
    const tidy: Tidy = tidyCell(isMissing);
    const words = (): CellWords => new CellWords(tidy);
    const ids = (): CellWords => new CellWords(intake.sameIds ? tidyId(tidy) : tidy);
    this.#mapping = mapping;
    this.#numberNames = [...new Set(outliers?.columns ?? [])];
    this.#columnNames = [...new Set(rules.map(({ column }) => column))];
    this.#user = ids();
    this.#texts = mapping.text.map(() => new CellWords(trimmedCell(isMissing)));
    this.#joined = mapping.text.length > 1 ? new JoinedTexts(this.#texts) : null;
    this.#type = words();
    this.#item = ids();
    this.#label = words();
    this.#columns = this.#columnNames.map(words);
    const parseTime = timeParser(mapping.timeFormat, { zone: intake.zone, origin: mapping.timeOrigin });
    this.#readTime = timeCells(mapping.timeFormat, parseTime, tidy, intake.zone === 'UTC');
    this.#readNumber = numberCells(numberParser(intake.decimal), tidy, intake.decimal === '.');
    this.#rows = new TypedRows(this.#numberNames.length, this.#columnNames.length);
  }

  /**
   * The rows that come next are of this table.
   * @param own how many columns, from the left, make rows equal; those behind tell only where a row is from
   * @throws AppError input where the table lacks a column that is used
   */
  begin(name: string, header: readonly string[], own = header.length): void {
    this.#table++;
    const at = locateColumns(name, header, this.#mapping);
    const numbers = this.#numberNames.map((column) => placeOf(name, header, column));
    const columns = this.#columnNames.map((column) => placeOf(name, header, column));
    const all = [at.user, at.time, at.type, at.item, at.value, at.label, ...at.text, ...numbers, ...columns];
    const used = all.filter((place) => place >= 0);
    this.#places = { ...at, width: header.length, needed: 1 + Math.max(...used), used, own, numbers, columns };
    if (this.#hashes.length < header.length) this.#hashes = new Int32Array(header.length);
  }

  /** @param account of the table: is told of each row that can't be read */
  add(batch: RowBatch, account: RowAccount): void {
    this.#rows.reserve(this.#count + batch.count);
    for (let r = 0; r < batch.count; r++) {
      const reason = this.#formReason(batch, r) ?? this.#addRow(batch, r);
      if (reason !== null) account.setAside(reason, batch.line[r] as number, () => cellsOf(batch, r));
    }
  }

  finish(): Draft {
    const rows = this.#rows;
    const count = this.#count;
    const words = (from: CellWords | JoinedTexts, id: Uint32Array): Words => ({ words: from.words(), id: id.subarray(0, count) });
    return {
      count,
      ...rows.head(count),
      user: words(this.#user, rows.user),
      text: words(this.#joined ?? (this.#texts[0] as CellWords), rows.text),
      type: words(this.#type, rows.type),
      item: words(this.#item, rows.item),
      label: words(this.#label, rows.label),
      numbers: new Map(this.#numberNames.map((name, i) => [name, (rows.numbers[i] as Float64Array).subarray(0, count)])),
      columns: new Map(
        this.#columnNames.map((name, i) => [name, words(this.#columns[i] as CellWords, rows.columns[i] as Uint32Array)]),
      ),
    };
  }

  /** What keeps a row from being one, before any cell is read. */
  #formReason(batch: RowBatch, r: number): Reason | null {
    const flaw = batch.flaw[r] as number;
    if (flaw !== FLAW.none) return FLAW_REASONS[flaw] ?? null;
    const { width, needed } = this.#places;
    const first = batch.row[r] as number;
    const end = batch.row[r + 1] as number;
    if (end - first === width) return this.#lacksCell(batch, first) ? 'too few columns' : null;
    if (end - first === 1 && isBlankRow(batch, r)) return 'empty line';
    if (end - first < needed) return 'too few columns';
    for (let c = first + width; c < end; c++) if (!isBlankCell(batch, c)) return 'too many columns';
    return this.#lacksCell(batch, first) ? 'too few columns' : null;
  }

  /** A row that was too short before other cells were added behind it. */
  #lacksCell({ start }: RowBatch, first: number): boolean {
    for (const place of this.#places.used) if (start[first + place] === ABSENT) return true;
    return false;
  }

  #addRow(batch: RowBatch, r: number): Reason | null {
    const { bytes, start, end } = batch;
    const places = this.#places;
    const rows = this.#rows;
    const n = this.#count;
    const first = batch.row[r] as number;
    this.#hashRow(batch, first, Math.min(places.width, (batch.row[r + 1] as number) - first));
    const user = this.#word(this.#user, batch, first, places.user);
    if (user === NO_ID) return 'no user';
    const time = this.#readTime(bytes, start[first + places.time] as number, end[first + places.time] as number);
    if (time === NO_TIME) return 'no time';
    if (Number.isNaN(time)) return 'time not readable';
    rows.user[n] = user;
    rows.time[n] = time;
    rows.text[n] = this.#text(batch, first);
    rows.type[n] = this.#word(this.#type, batch, first, places.type);
    rows.item[n] = this.#word(this.#item, batch, first, places.item);
    rows.label[n] = this.#word(this.#label, batch, first, places.label);
    rows.value[n] = this.#number(batch, first, places.value);
    for (let i = 0; i < places.numbers.length; i++) {
      (rows.numbers[i] as Float64Array)[n] = this.#number(batch, first, places.numbers[i] as number);
    }
    for (let i = 0; i < places.columns.length; i++) {
      (rows.columns[i] as Uint32Array)[n] = this.#word(this.#columns[i] as CellWords, batch, first, places.columns[i] as number);
    }
    rows.table[n] = this.#table;
    rows.line[n] = batch.line[r] as number;
    this.#count++;
    return null;
  }

  /** Hashes of each cell, and of the row. A row that is too short is equal to one with empty cells in its place. */
  #hashRow({ bytes, start, end }: RowBatch, first: number, cells: number): void {
    const own = this.#places.own;
    const hashes = this.#hashes;
    let a = 0;
    let b = 0;
    for (let i = 0; i < cells; i++) {
      const c = first + i;
      const hash = hashBytes(bytes, start[c] as number, end[c] as number);
      hashes[i] = hash;
      if (i >= own) continue;
      a = mixHash(a, hash);
      b = mixHash(b, second.hash);
    }
    for (let i = cells; i < own; i++) {
      a = mixHash(a, hashBytes(bytes, 0, 0));
      b = mixHash(b, second.hash);
    }
    this.#rows.hashA[this.#count] = a;
    this.#rows.hashB[this.#count] = b;
  }

  #word(words: CellWords, { bytes, start, end }: RowBatch, first: number, place: number): number {
    if (place < 0) return NO_ID;
    const c = first + place;
    return words.idOf(bytes, start[c] as number, end[c] as number, this.#hashes[place] as number);
  }

  #text(batch: RowBatch, first: number): number {
    const places = this.#places.text;
    if (this.#joined === null) return this.#word(this.#texts[0] as CellWords, batch, first, places[0] as number);
    return this.#joined.idOf((i) => this.#word(this.#texts[i] as CellWords, batch, first, places[i] as number));
  }

  #number({ bytes, start, end }: RowBatch, first: number, place: number): number {
    return place < 0 ? Number.NaN : this.#readNumber(bytes, start[first + place] as number, end[first + place] as number);
  }
}
