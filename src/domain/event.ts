import type { DecimalMark, FormSureness, JoinProposal, Question, TableForm } from './intake.ts';

/** Which columns of the files play which part. Column names are as in the header. */
export interface ColumnMapping {
  readonly user: string;
  readonly time: string;
  /** At least one. Joined with one space, in this order, or put into `template`. */
  readonly text: readonly string[];
  /**
   * `{column}` stands for the cell of a text column, `{{` and `}}` for the marks themselves; null = joined by spaces. With an empty cell goes what
   * stands before it, with empty ones at the beginning all up to the next, and brackets that nothing is left in (`piecesOf`).
   */
  readonly template: string | null;
  readonly type: string | null;
  readonly item: string | null;
  readonly value: string | null;
  /** Further columns of numbers, for behaviour features. */
  readonly numbers: readonly string[];
  readonly label: string | null;
  readonly timeFormat: TimeFormat;
  /** For 'relative-days' (day 0, ISO date); null otherwise. */
  readonly timeOrigin: string | null;
}

/**
 * How the time column is written. `mdy` / `dmy`: slashes, dots, dashes or spaces with the year last, months as numbers or names; `ymd`: with the year
 * first; `cjk`: 2024年5月6日; `excel-serial`: days since 1899-12-30; `relative-days`: days since `ColumnMapping.timeOrigin`.
 */
export const TIME_FORMATS = [
  'iso',
  'ymd',
  'mdy',
  'dmy',
  'cjk',
  'unix-seconds',
  'unix-milliseconds',
  'unix-microseconds',
  'excel-serial',
  'relative-days',
] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];

/** The parts that a column can play. */
export type ColumnRole = 'user' | 'time' | 'text' | 'type' | 'item' | 'value' | 'numbers' | 'label';

export const NO_ID = 0xffffffff;

/**
 * Events as columns, in canonical order: (user, time, text, type, value, numbers, item, label). `users`, `texts`, `types`, ... are
 * the distinct values, sorted, and the id of a value is its index: users, types, items, labels by code points; texts by
 * (length in code points, code points).
 */
export interface EventTable {
  readonly count: number;
  readonly users: readonly string[];
  readonly texts: readonly string[];
  readonly types: readonly string[];
  readonly items: readonly string[];
  readonly labels: readonly string[];
  /** Id into `users`. */
  readonly user: Uint32Array;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: Float64Array;
  /** Id into `texts`; every event has a text. */
  readonly text: Uint32Array;
  /** Id into `types`, or NO_ID. */
  readonly type: Uint32Array;
  /** Id into `items`, or NO_ID. */
  readonly item: Uint32Array;
  /** Id into `labels`, or NO_ID. */
  readonly label: Uint32Array;
  /** NaN where missing. */
  readonly value: Float64Array;
  /** One a column of `ColumnMapping.numbers`, in that order. */
  readonly numbers: readonly NumberColumn[];
}

export interface NumberColumn {
  readonly name: string;
  /** One an event, NaN where missing. */
  readonly values: Float64Array;
}

/** Rows of a file that are not events, by reason (promise P6). */
export interface SetAside {
  readonly reason: string;
  readonly count: number;
  /** Line numbers (1-based, as an editor shows them) of the first 100 such rows. */
  readonly lines: readonly number[];
  /** Their cells, one entry a line of `lines`. */
  readonly rows: readonly (readonly string[])[];
}

/** read = kept + sum of setAside.count, for each file. */
export interface FileAccounting {
  readonly name: string;
  /** sha256 of the bytes as dropped (of the .gz if it is one), hex. */
  readonly sha256: string;
  readonly read: number;
  readonly kept: number;
  readonly setAside: readonly SetAside[];
  /** Rows that were kept and changed, or only marked, by what was done: "value capped", "text filled from item", ... */
  readonly touched: readonly { readonly what: string; readonly count: number }[];
  /** Columns of the table, for `SetAside.rows`. */
  readonly header: readonly string[];
}

export interface Accounting {
  /** Tables of events. */
  readonly files: readonly FileAccounting[];
  /** Of a catalogue that was joined: kept are the rows that can be joined with. Its rows are no events and count in no sum of `files`. */
  readonly catalogue?: FileAccounting;
  /** The dropped files that rows or a catalogue came from, each once (a .zip, too); absent where they are the same as `files`. */
  readonly sources?: readonly { readonly name: string; readonly sha256: string }[];
}

/** A member of a dropped .zip that is no table. */
export interface IgnoredMember {
  readonly name: string;
  /** In the user's words. */
  readonly why: string;
}

/** A file to read: a browser's File, or Node's stand-in for it. */
export interface ByteSource {
  /** With the folders above it where a folder was dropped. */
  readonly name: string;
  readonly size: number;
  /** Bytes `start` to `end` (not included): for formats that are not read from front to back. */
  slice(start: number, end: number): Blob;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
}

export type ColumnKind = 'text' | 'id' | 'number' | 'time' | 'category' | 'boolean' | 'index' | 'empty';

/** What a column looks like, from a sample spread over the whole file. */
export interface ColumnProfile {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Of the sampled rows. */
  readonly missing: number;
  readonly distinct: number;
  readonly sampled: number;
  /** Up to three distinct values. */
  readonly examples: readonly string[];
  readonly timeFormat: TimeFormat | null;
  /** True where the column does not tell day first from month first; `timeFormat` is then only the likelier of the two. */
  readonly timeAmbiguous: boolean;
  /** Hashes (32 bits, ascending) of the distinct sampled values, to see what two tables share; absent for columns that can't be keys. */
  readonly sketch?: Uint32Array;
  /** Of dates with the year last and months as numbers; absent where that is not how the column is written. */
  readonly dateOrder?: DateOrder;
  /** Of numbers with a point or comma in them. `ambiguous`: nothing tells whether 1.234 is more than a thousand. */
  readonly decimal?: { readonly mark: DecimalMark; readonly ambiguous: boolean };
  /** Of whole numbers: some or all are written as decimals (17850.0); absent where none is. */
  readonly asDecimals?: 'some' | 'all';
}

/** Rows whose date can be read one way only, counted over the whole column. Where both are found, the column is written both ways. */
export interface DateOrder {
  readonly dayFirst: number;
  readonly monthFirst: number;
  /** Up to three cells of each. */
  readonly dayFirstExamples: readonly string[];
  readonly monthFirstExamples: readonly string[];
}

/** What one look through a table found. A file holds one table, a .zip may hold several. */
export interface FilePreview {
  /** Of the table: the file's name, for those of a .zip with the way inside (`export.zip/ratings.csv`). */
  readonly name: string;
  /** Of the dropped file. */
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  readonly form: TableForm;
  readonly sureness: FormSureness;
  readonly header: readonly string[];
  /** The first rows, at most 20, as strings, ragged rows as they are. */
  readonly rows: readonly (readonly string[])[];
  /** Data rows, header not counted. */
  readonly rowCount: number;
  readonly columns: readonly ColumnProfile[];
  /** Of the dropped file: what else lies in it; the same on the preview of each of its tables. */
  readonly ignored?: readonly IgnoredMember[];
}

/** A mapping whose user and time may still be missing. */
export type PartialMapping = {
  readonly [K in keyof ColumnMapping]: K extends 'user' | 'time' ? string | null : ColumnMapping[K];
};

/** A proposed mapping. A part is null (or empty) where nothing fits; `notes` say so in the user's words. */
export interface MappingProposal {
  readonly mapping: PartialMapping;
  /** Why each part was given its column. */
  readonly reasons: Partial<Record<ColumnRole, string>>;
  readonly notes: readonly string[];
  /** A catalogue beside the events; the mapping above then names columns of both. */
  readonly join: JoinProposal | null;
  readonly decimal: DecimalMark;
  readonly questions: readonly Question[];
}

/** How the note begins that a part has no column; what follows is why. */
export const LACKING = {
  user: 'There is no user column',
  time: 'There is no time column',
  text: 'There is no text column',
} as const;

/** Of a proposal that asks nothing and joins nothing. */
export const UNASKED = { join: null, decimal: '.', questions: [] } as const satisfies Partial<MappingProposal>;

export interface ReadResult {
  readonly events: EventTable;
  readonly accounting: Accounting;
}

/** Names of the columns that every file has, in the order of the first file. */
export function commonColumns(previews: readonly Pick<FilePreview, 'header'>[]): string[] {
  const [first, ...rest] = previews;
  return first ? first.header.filter((name) => rest.every((p) => p.header.includes(name))) : [];
}
