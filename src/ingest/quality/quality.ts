import type { ColumnProfile, ColumnQuality } from '../../domain/index.ts';
import { cellsOf, FLAW, isBlankRow, type RowBatch } from '../batch.ts';
import { hashBytes } from '../hash.ts';
import { Interner } from '../intern.ts';
import { profileColumn } from '../profile.ts';
import { SpreadSample } from '../sample.ts';
import type { CellNumber } from '../typed-cells.ts';
import { FineBins, type Histogram, histogramOf } from './bins.ts';
import { ValueTally } from './tally.ts';

/** What is counted exactly in all columns of a table together, and how much of it in one column at most. */
const DISTINCT = { all: 2 << 20, one: 1 << 18 };
const BYTES = { all: 128 << 20, one: 16 << 20 };
const TOP = 5;
/** Longest value that is shown. */
const SHOWN = 200;

export interface QualityChoices {
  /** Trimmed cells that say "nothing", besides the empty one. */
  readonly missing: readonly string[];
  /** How cells of a column that looks so are read as numbers, times as ms; null where it holds neither. */
  readonly numbersOf: (profile: ColumnProfile) => ReadNumbers | null;
}

export interface ReadNumbers {
  readonly type: 'number' | 'time';
  readonly number: CellNumber;
}

/**
 * Measures the columns of one table over all its rows that are neither blank nor broken: by bytes, without a string a cell. What it finds
 * does not depend on the order of rows, but for columns with more distinct values than are counted exactly (about 260,000): values that
 * become frequent late may then be counted too low, and the sample that tells the type is taken at even distances.
 */
export class QualityMeter {
  readonly #columns: readonly ColumnMeter[];
  readonly #sample = new SpreadSample();
  #rows = 0;

  constructor(header: readonly string[], choices: QualityChoices) {
    const share = (limit: { all: number; one: number }): number =>
      Math.min(limit.one, Math.floor(limit.all / Math.max(1, header.length)));
    const tally = (): ValueTally => new ValueTally({ distinct: share(DISTINCT), bytes: share(BYTES) });
    const missing = wordsOf(choices.missing);
    this.#columns = header.map((name, c) => {
      const profile = (): ColumnProfile => this.#profile(name, c);
      return new ColumnMeter({ name, tally: tally(), missing, profile, numbersOf: choices.numbersOf });
    });
  }

  add(batch: RowBatch): void {
    for (let r = 0; r < batch.count; r++) {
      const isRow = batch.flaw[r] === FLAW.none || batch.flaw[r] === FLAW.filteredOut;
      if (!isRow || isBlankRow(batch, r)) continue;
      this.#rows++;
      if (this.#sample.wants()) this.#sample.add(cellsOf(batch, r));
      this.#measure(batch, r);
    }
  }

  finish(): ColumnQuality[] {
    return this.#columns.map((column) => column.finish(this.#rows));
  }

  #measure({ bytes, row, start, end }: RowBatch, r: number): void {
    const first = row[r] as number;
    const cells = (row[r + 1] as number) - first;
    for (let c = 0; c < this.#columns.length && c < cells; c++) {
      (this.#columns[c] as ColumnMeter).add(bytes, start[first + c] as number, end[first + c] as number);
    }
  }

  #profile(name: string, c: number): ColumnProfile {
    return profileColumn(
      name,
      this.#sample.rows.map((cells) => cells[c]),
    );
  }
}

const encoder = new TextEncoder();

function wordsOf(texts: readonly string[]): Interner {
  const words = new Interner();
  for (const text of texts) {
    const bytes = encoder.encode(text);
    words.add(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
  }
  return words;
}

interface ColumnParts {
  readonly name: string;
  readonly tally: ValueTally;
  readonly missing: Interner;
  /** As the rows so far have it. */
  readonly profile: () => ColumnProfile;
  readonly numbersOf: QualityChoices['numbersOf'];
}

/** Cells that a row lacks are never added, and count as missing. */
class ColumnMeter {
  readonly #parts: ColumnParts;
  readonly #tally: ValueTally;
  #present = 0;
  /** Once there are too many values to keep them all: numbers are binned as they come, read as the column looks by then. */
  #binned: (ReadNumbers & { readonly bins: FineBins }) | null = null;

  constructor(parts: ColumnParts) {
    this.#parts = parts;
    this.#tally = parts.tally;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    let [from, to] = [start, end];
    while (from < to && isSpace(bytes[from] as number)) from++;
    while (to > from && isSpace(bytes[to - 1] as number)) to--;
    const hash = hashBytes(bytes, from, to);
    if (from === to || this.#parts.missing.find(bytes, from, to, hash) >= 0) return;
    this.#present++;
    const wasExact = this.#tally.exact;
    this.#tally.add(bytes, from, to, hash);
    if (this.#tally.exact) return;
    if (wasExact) this.#startBins();
    else this.#binned?.bins.add(this.#binned.number(bytes, from, to));
  }

  finish(rows: number): ColumnQuality {
    const profile = this.#parts.profile();
    const read = this.#parts.numbersOf(profile);
    return {
      name: this.#parts.name,
      type: read?.type ?? profile.kind,
      rows,
      missing: rows - this.#present,
      // An estimate may be above what there can be.
      distinct: Math.min(this.#tally.distinct(), this.#present),
      distinctExact: this.#tally.exact,
      top: this.#tally.top(TOP).map(({ value, count }) => ({ value: shown(value), count })),
      histogram: this.#histogram(read),
    };
  }

  #startBins(): void {
    const read = this.#parts.numbersOf(this.#parts.profile());
    if (!read) return;
    const bins = new FineBins();
    this.#tally.forEach((bytes, count) => {
      bins.add(read.number(bytes, 0, bytes.length), count);
    });
    this.#binned = { ...read, bins };
  }

  /** null also where the column came to look otherwise than when its binning began. */
  #histogram(read: ReadNumbers | null): Histogram | null {
    if (!this.#tally.exact) return this.#binned?.type === read?.type ? (this.#binned?.bins.histogram() ?? null) : null;
    if (!read) return null;
    const values: number[] = [];
    const counts: number[] = [];
    this.#tally.forEach((bytes, count) => {
      const value = read.number(bytes, 0, bytes.length);
      if (!Number.isFinite(value)) return;
      values.push(value);
      counts.push(count);
    });
    return histogramOf(Float64Array.from(values), Float64Array.from(counts));
  }
}

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 9 && byte <= 13);

const shown = (value: string): string => (value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);
