import type { NumberColumn } from '../domain/index.ts';

/** Distinct words in the order of their first occurrence; the id of a word is its index. */
export interface Words {
  readonly words: readonly string[];
  /** One a row; NO_ID where the row has none. */
  readonly id: Uint32Array;
}

/**
 * Rows that could be read, typed, in the order of the files: what cleaning judges, before events are put in canonical order. Rows that
 * can't be read (no user, no time, ...) are in the accounting and not here; rows without text are here with NO_ID.
 */
export interface Draft {
  readonly count: number;
  readonly user: Words;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: Float64Array;
  readonly text: Words;
  readonly type: Words;
  readonly item: Words;
  readonly label: Words;
  /** NaN where missing. */
  readonly value: Float64Array;
  /** Index into the tables that were read, and line there. */
  readonly table: Uint16Array;
  readonly line: Uint32Array;
  /** Two independent 32-bit hashes over all cells of the row, for exact duplicates. */
  readonly hashA: Uint32Array;
  readonly hashB: Uint32Array;
  /** Columns of numbers that are mapped or that outlier rules name, by name; NaN where missing or no number. */
  readonly numbers: ReadonlyMap<string, Float64Array>;
  /** Columns that row rules name, by name. */
  readonly columns: ReadonlyMap<string, Words>;
}

/** What cleaning decides. */
export interface Cleaned {
  /** 1 = the row becomes an event. */
  readonly keep: Uint8Array;
  /** Why a row is set aside: index into `reasons`; meaningless where it is kept. */
  readonly why: Uint16Array;
  readonly reasons: readonly string[];
  /** Rows kept that were changed or marked, as in FileAccounting; index into the tables first. */
  readonly touched: readonly { readonly table: number; readonly what: string; readonly count: number }[];
  /** Texts after normalisation and filling, ids of `text.words`. */
  readonly text: Words;
  /** After filling and capping. */
  readonly value: Float64Array;
  /** The mapped columns of numbers, in their order, after capping. */
  readonly numbers: readonly NumberColumn[];
}
