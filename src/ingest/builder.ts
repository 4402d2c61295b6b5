import { type ColumnMapping, compareCodePoints, type Intake, NO_ID, templateOf } from '../domain/index.ts';
import type { RowAccount } from './accounting.ts';
import { ABSENT, cellsOf, FLAW, isBlankCell, isBlankRow, type RowBatch } from './batch.ts';
import { CellWords, type ColumnCells, type Tidy, tidyCell, tidyId, trimmedCell } from './cell-words.ts';
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
  /** Columns whose cells make two rows equal, in the order of their names: the files may have them in any other (P2). */
  readonly compared: readonly number[];
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
  compared: [],
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
  readonly #scratch = new Scratch();
  #count = 0;
  #table = -1;
  #places: Places = NOWHERE;

  constructor(mapping: ColumnMapping, intake: Intake) {
    const { outliers, rules } = intake.cleaning;
    const isMissing = missingTest(intake.missing);
    const tidy: Tidy = tidyCell(isMissing);
    const longest = intake.missing.reduce((most, word) => Math.max(most, word.length), 0);
    const words = (): CellWords => new CellWords(tidy, longest);
    const ids = intake.sameIds ? (): CellWords => new CellWords(tidyId(tidy), Number.POSITIVE_INFINITY) : words;
    const parseTime = timeParser(mapping.timeFormat, { zone: intake.zone, origin: mapping.timeOrigin });
    this.#mapping = mapping;
    this.#numberNames = [...new Set([...mapping.numbers, ...(outliers?.columns ?? [])])];
    this.#columnNames = [...new Set(rules.map(({ column }) => column))];
    this.#user = ids();
    this.#texts = mapping.text.map(() => new CellWords(trimmedCell(isMissing), longest));
    this.#joined = mapping.text.length > 1 || mapping.template !== null ? joinedTexts(mapping, this.#texts) : null;
    this.#type = words();
    this.#item = ids();
    this.#label = words();
    this.#columns = this.#columnNames.map(words);
    this.#readTime = timeCells(mapping.timeFormat, parseTime, tidy, intake.missing, intake.zone === 'UTC');
    this.#readNumber = numberCells(numberParser(intake.decimal), tidy, intake.missing, intake.decimal === '.');
    this.#rows = new TypedRows(this.#numberNames.length, this.#columnNames.length);
  }

  /** Rows that could be read so far. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of the rows so far and of all dictionaries. */
  get byteLength(): number {
    const dictionaries = [this.#user, ...this.#texts, this.#type, this.#item, this.#label, ...this.#columns];
    const words = dictionaries.reduce((sum, { byteLength }) => sum + byteLength, this.#joined?.byteLength ?? 0);
    return this.#count * this.#rows.rowBytes + words;
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
    const compared = [...header.keys()].slice(0, own).sort((a, b) => compareCodePoints(header[a] as string, header[b] as string));
    this.#places = { ...at, width: header.length, needed: 1 + Math.max(...used), used, compared, numbers, columns };
  }

  /** Makes room for so many rows more at once: growing by and by copies, and leaves the old to be collected. */
  expect(rows: number): void {
    this.#rows.reserve(this.#count + rows);
  }

  /**
   * Goes column by column over the rows of a batch, since look-ups in one dictionary after the other are faster than in all in turn.
   * @param account of the table: is told of each row that can't be read
   */
  add(batch: RowBatch, account: RowAccount): void {
    this.#scratch.begin(batch);
    this.#rows.reserve(this.#count + batch.count);
    this.#keepFormed(batch, account);
    this.#hashRows(batch);
    this.#keepUsers(batch, account);
    this.#keepTimed(batch, account);
    this.#write(batch);
    this.#count += this.#scratch.count;
  }

  finish(): Draft {
    const rows = this.#rows;
    const count = this.#count;
    const words = (from: CellWords | JoinedTexts, id: Uint32Array): Words => ({ words: from.words(), id: id.subarray(0, count) });
    const column = (i: number): Words => words(this.#columns[i] as CellWords, rows.columns[i] as Uint32Array);
    return {
      count,
      ...rows.head(count),
      user: words(this.#user, rows.user),
      text: words(this.#joined ?? (this.#texts[0] as CellWords), rows.text),
      type: words(this.#type, rows.type),
      item: words(this.#item, rows.item),
      label: words(this.#label, rows.label),
      numbers: new Map(this.#numberNames.map((name, i) => [name, (rows.numbers[i] as Float64Array).subarray(0, count)])),
      columns: new Map(this.#columnNames.map((name, i) => [name, column(i)])),
    };
  }

  #keepFormed(batch: RowBatch, account: RowAccount): void {
    const { rows } = this.#scratch;
    let n = 0;
    for (let r = 0; r < batch.count; r++) {
      const reason = this.#formReason(batch, r);
      if (reason === null) rows[n++] = r;
      else setAside(account, reason, batch, r);
    }
    this.#scratch.count = n;
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
    const { used } = this.#places;
    for (let i = 0; i < used.length; i++) if (start[first + (used[i] as number)] === ABSENT) return true;
    return false;
  }

  /** Hashes of each cell, and of the row. A row that is too short is equal to one with empty cells in its place. */
  #hashRows({ bytes, row, start, end }: RowBatch): void {
    const { rows, count, cellHash, hashA, hashB } = this.#scratch;
    const { compared, width } = this.#places;
    const emptyA = hashBytes(bytes, 0, 0);
    const emptyB = second.hash;
    for (let i = 0; i < count; i++) {
      const r = rows[i] as number;
      const first = row[r] as number;
      const cells = Math.min(width, (row[r + 1] as number) - first);
      let a = 0;
      let b = 0;
      for (let j = 0; j < compared.length; j++) {
        const k = compared[j] as number;
        if (k >= cells) {
          a = mixHash(a, emptyA);
          b = mixHash(b, emptyB);
          continue;
        }
        const hash = hashBytes(bytes, start[first + k] as number, end[first + k] as number);
        cellHash[first + k] = hash;
        a = mixHash(a, hash);
        b = mixHash(b, second.hash);
      }
      // Those that tell only where the row is from stand behind.
      for (let k = compared.length; k < cells; k++) {
        cellHash[first + k] = hashBytes(bytes, start[first + k] as number, end[first + k] as number);
      }
      hashA[r] = a;
      hashB[r] = b;
    }
  }

  #keepUsers(batch: RowBatch, account: RowAccount): void {
    const { rows, ids, count } = this.#scratch;
    this.#user.idsOf(this.#scratch.column(batch, this.#places.user), ids, 0);
    let n = 0;
    for (let i = 0; i < count; i++) {
      const r = rows[i] as number;
      if (ids[i] === NO_ID) setAside(account, 'no user', batch, r);
      else {
        ids[n] = ids[i] as number;
        rows[n++] = r;
      }
    }
    this.#scratch.count = n;
  }

  #keepTimed(batch: RowBatch, account: RowAccount): void {
    const { rows, ids, count } = this.#scratch;
    const { bytes, row, start, end } = batch;
    const { user, time } = this.#rows;
    let n = 0;
    for (let i = 0; i < count; i++) {
      const r = rows[i] as number;
      const c = (row[r] as number) + this.#places.time;
      const when = this.#readTime(bytes, start[c] as number, end[c] as number);
      if (when === NO_TIME || Number.isNaN(when)) setAside(account, when === NO_TIME ? 'no time' : 'time not readable', batch, r);
      else {
        user[this.#count + n] = ids[i] as number;
        time[this.#count + n] = when;
        rows[n++] = r;
      }
    }
    this.#scratch.count = n;
  }

  /** All but users and times, which are there already. */
  #write(batch: RowBatch): void {
    const places = this.#places;
    const typed = this.#rows;
    const { rows, count, hashA, hashB } = this.#scratch;
    const at = this.#count;
    for (let i = 0; i < count; i++) {
      const r = rows[i] as number;
      typed.line[at + i] = batch.line[r] as number;
      typed.hashA[at + i] = hashA[r] as number;
      typed.hashB[at + i] = hashB[r] as number;
    }
    typed.table.fill(this.#table, at, at + count);
    this.#writeTexts(batch);
    this.#writeWords(batch, places.type, this.#type, typed.type);
    this.#writeWords(batch, places.item, this.#item, typed.item);
    this.#writeWords(batch, places.label, this.#label, typed.label);
    places.columns.forEach((place, i) => {
      this.#writeWords(batch, place, this.#columns[i] as CellWords, typed.columns[i] as Uint32Array);
    });
    this.#writeNumbers(batch, places.value, typed.value);
    places.numbers.forEach((place, i) => {
      this.#writeNumbers(batch, place, typed.numbers[i] as Float64Array);
    });
  }

  #writeTexts(batch: RowBatch): void {
    const places = this.#places.text;
    const joined = this.#joined;
    if (joined === null) {
      this.#writeWords(batch, places[0] as number, this.#texts[0] as CellWords, this.#rows.text);
      return;
    }
    const { count } = this.#scratch;
    const parts = places.map((place, i) => {
      const ids = new Uint32Array(count);
      (this.#texts[i] as CellWords).idsOf(this.#scratch.column(batch, place), ids, 0);
      return ids;
    });
    for (let i = 0; i < count; i++) this.#rows.text[this.#count + i] = joined.idOf(parts, i);
  }

  #writeWords(batch: RowBatch, place: number, words: CellWords, out: Uint32Array): void {
    if (place < 0) out.fill(NO_ID, this.#count, this.#count + this.#scratch.count);
    else words.idsOf(this.#scratch.column(batch, place), out, this.#count);
  }

  #writeNumbers({ bytes, row, start, end }: RowBatch, place: number, out: Float64Array): void {
    const { rows, count } = this.#scratch;
    if (place < 0) {
      out.fill(Number.NaN, this.#count, this.#count + count);
      return;
    }
    for (let i = 0; i < count; i++) {
      const c = (row[rows[i] as number] as number) + place;
      out[this.#count + i] = this.#readNumber(bytes, start[c] as number, end[c] as number);
    }
  }
}

const joinedTexts = (mapping: ColumnMapping, texts: readonly CellWords[]): JoinedTexts =>
  new JoinedTexts(templateOf(mapping), new Map(mapping.text.map((name, i) => [name, texts[i] as CellWords])));

const setAside = (account: RowAccount, reason: Reason, batch: RowBatch, r: number): void =>
  account.setAside(reason, batch.line[r] as number, () => cellsOf(batch, r));

/** Room for what is found of a batch's rows on the way; made larger where a batch is. */
class Scratch {
  /** Rows of the batch that are left, in order. */
  rows = new Uint32Array(0);
  count = 0;
  /** Of users, one an entry of `rows`. */
  ids = new Uint32Array(0);
  /** By row of the batch. */
  hashA = new Uint32Array(0);
  hashB = new Uint32Array(0);
  /** By cell of the batch. */
  cellHash = new Int32Array(0);
  #cell = new Uint32Array(0);
  #hash = new Int32Array(0);

  begin(batch: RowBatch): void {
    if (batch.count > this.rows.length) {
      const n = batch.count * 2;
      this.rows = new Uint32Array(n);
      this.ids = new Uint32Array(n);
      this.hashA = new Uint32Array(n);
      this.hashB = new Uint32Array(n);
      this.#cell = new Uint32Array(n);
      this.#hash = new Int32Array(n);
    }
    const cells = batch.row[batch.count] as number;
    if (cells > this.cellHash.length) this.cellHash = new Int32Array(cells * 2);
  }

  /** The cells of one column in the rows that are left. Valid until it is called again. */
  column({ bytes, row, start, end }: RowBatch, place: number): ColumnCells {
    const { rows, count } = this;
    for (let i = 0; i < count; i++) {
      const c = (row[rows[i] as number] as number) + place;
      this.#cell[i] = c;
      this.#hash[i] = this.cellHash[c] as number;
    }
    return { bytes, start, end, cell: this.#cell, hash: this.#hash, count };
  }
}
