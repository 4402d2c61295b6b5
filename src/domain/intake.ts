import type { Accounting } from './event.ts';
import type { TextLanguages } from './model.ts';
import type { ExampleUser } from './weights.ts';

/** How files become events: all choices besides the columns' parts. Part of the run manifest (promise P2). */
export interface Intake {
  /** What is set of a table's form, by the table's name; what is not set is detected. */
  readonly forms: Readonly<Record<string, FormChoice>>;
  /** Names of tables that are not read. */
  readonly leftOut: readonly string[];
  /** Cells that say "nothing", exact once trimmed; the empty cell always does. */
  readonly missing: readonly string[];
  /** IANA name: the zone of times that are written without one. */
  readonly zone: string;
  /** How numbers of the value column and of `numbers` are written. */
  readonly decimal: DecimalMark;
  /** `17850.0` and `17850` are one user, item or key. */
  readonly sameIds: boolean;
  readonly join: Join | null;
  /** Columns that are computed for each row, in SQL, after the join. Names must be new. */
  readonly derived: readonly DerivedColumn[];
  /** Rows for which this SQL condition does not hold are set aside; '' = none. May use derived columns. */
  readonly filter: string;
  readonly cleaning: Cleaning;
}

/** Tables are read as text in UTF-8 whatever they were; these are the names that TextDecoder knows. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'gb18030', 'big5', 'shift_jis'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export const TABLE_FORMATS = ['text', 'jsonl', 'json', 'parquet', 'arrow', 'xlsx'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** How a delimited text is written. */
export interface Dialect {
  /** One character, or several (`::`). */
  readonly delimiter: string;
  /** `\n` also where lines end with `\r\n`; `\r` where no line ends otherwise. */
  readonly newline: '\n' | '\r';
  /** null = quotation marks are text. */
  readonly quote: '"' | "'" | null;
  /** How a quotation mark is written inside quotes: twice, or after a backslash. */
  readonly escape: 'doubled' | 'backslash';
  /** Lines that begin with it are no rows; null = there are none. */
  readonly comment: string | null;
  /** Lines above the header, or above the first row, that belong to no table: a title, a date of export. Blank lines there count. */
  readonly skip: number;
  /** False = the first row is data; columns are called `column 1`, `column 2`, ... */
  readonly header: boolean;
}

/** What a user has set of a table's form. */
export interface FormChoice {
  readonly encoding?: Encoding;
  readonly dialect?: Partial<Dialect>;
  /** Of an Excel file; of a JSON file the key of the array that holds the rows. */
  readonly sheet?: string;
}

/** The form of a table, as found or as set. */
export interface TableForm {
  readonly format: TableFormat;
  readonly packed: 'gzip' | 'zip' | null;
  /** null where the format has none of its own to choose. */
  readonly encoding: Encoding | null;
  /** null where rows are told by the format; of a sheet only `skip` (rows) and `header` count. */
  readonly dialect: Dialect | null;
  /** The sheet that is read and all that there are: of an Excel file, or the arrays of objects that one JSON object holds. */
  readonly sheet: string | null;
  readonly sheets: readonly string[];
}

/** How sure a finding is. */
export interface Sureness {
  /** 0..1; 1 where the user has set it, or where nothing else is possible. */
  readonly share: number;
  /** Why, in the user's words. */
  readonly why: string;
}

/** Of what was found of a form; a part that the form does not have is absent. */
export interface FormSureness {
  readonly encoding?: Sureness;
  readonly delimiter?: Sureness;
  readonly header?: Sureness;
}

export type DecimalMark = '.' | ',';

/** Each row of the events takes the columns of the catalogue's row whose key is the same. One level only. */
export interface Join {
  /** Name of the catalogue's table; all other tables hold events. */
  readonly table: string;
  /** Column of the events. */
  readonly on: string;
  /** Column of the catalogue. */
  readonly key: string;
}

export interface DerivedColumn {
  readonly name: string;
  readonly sql: string;
}

/** What is wrong with an SQL text of the intake, and where. */
export interface SqlProblem {
  /** 'filter', or the name of a derived column. */
  readonly field: string;
  /** In the user's words. */
  readonly message: string;
  /** Index of a character of the user's own text; null where it is not known. */
  readonly offset: number | null;
}

/** What is done with rows that could be read. Each rule tells how many it touched; of all but `duplicates` the default is off. */
export interface Cleaning {
  /** Rows that are equal in every cell to an earlier one are set aside. */
  readonly duplicates: boolean;
  /** An event of the same user, text, type and item that comes at most so many seconds after one that was kept is set aside; null = off. */
  readonly repeatSeconds: number | null;
  /** A row without text is set aside, or takes the text that its item has most often in other rows (set aside where there is none). */
  readonly missingText: 'set-aside' | 'from-item';
  readonly outliers: OutlierRule | null;
  /** Of missing numbers in the value column. */
  readonly fill: 'left' | 'mean' | 'median' | 'mode';
  /** Users with fewer events in all are set aside; null = off. */
  readonly minUserEvents: number | null;
  /** Users with more events on one day (of `zone`) are set aside wholly, as bots; null = off. */
  readonly maxDayEvents: number | null;
  readonly text: TextCleaning;
  /** Rows for which one of these holds are set aside: cancelled orders, negative quantities. */
  readonly rules: readonly RowRule[];
}

export interface OutlierRule {
  /** Columns of numbers; z-score and IQR go column by column, the isolation forest takes all together. Empty = the value column. */
  readonly columns: readonly string[];
  readonly method: 'z-score' | 'iqr' | 'isolation-forest';
  /** z-score: in standard deviations (3); IQR: in interquartile ranges beyond the quartiles (1.5); forest: least anomaly score (.6). */
  readonly limit: number;
  /** `mark` counts only; `cap` pulls the value to the limit (not with a forest, where it is as `mark`); `set-aside` leaves the row out. */
  readonly action: 'mark' | 'cap' | 'set-aside';
}

export interface TextCleaning {
  /** Whitespace at both ends is cut, runs of it become one space. Always on in the sense of DESIGN's distinct text; false keeps inner runs. */
  readonly collapse: boolean;
  readonly lowerCase: boolean;
  /** Unicode NFKC. */
  readonly nfkc: boolean;
  readonly stripHtml: boolean;
}

export interface RowRule {
  readonly column: string;
  readonly test: 'negative' | 'zero' | 'starts-with' | 'equals' | 'contains';
  /** For the last three; '' otherwise. */
  readonly value: string;
}

export const DEFAULT_MISSING: readonly string[] = [
  'NA',
  'N/A',
  '#N/A',
  '<NA>',
  'null',
  'NULL',
  'NaN',
  'nan',
  '-',
  String.raw`\N`,
];

export const DEFAULT_CLEANING: Cleaning = {
  duplicates: true,
  repeatSeconds: null,
  missingText: 'set-aside',
  outliers: null,
  fill: 'left',
  minUserEvents: null,
  maxDayEvents: null,
  text: { collapse: true, lowerCase: false, nfkc: false, stripHtml: false },
  rules: [],
};

/** Limits that rules which are off are counted at, and begin with when they are switched on. */
export const USUAL_LIMITS: CleaningCounts['at'] = {
  repeatSeconds: 1,
  minUserEvents: 3,
  maxDayEvents: 500,
  outliers: { columns: [], method: 'z-score', limit: 3, action: 'mark' },
};

export const DEFAULT_INTAKE: Intake = {
  forms: {},
  leftOut: [],
  missing: DEFAULT_MISSING,
  zone: 'UTC',
  decimal: '.',
  sameIds: false,
  join: null,
  derived: [],
  filter: '',
  cleaning: DEFAULT_CLEANING,
};

/** How many rows each cleaning choice would touch, alone, on the rows that could be read. */
export interface CleaningCounts {
  readonly duplicates: number;
  /** At the given seconds, or at 1 where the rule is off; so are the others at a usual limit, which is told in `at`. */
  readonly repeats: number;
  readonly missingText: number;
  /** Rows without text whose item has one elsewhere. */
  readonly textFromItem: number;
  readonly outliers: number;
  readonly missingNumbers: number;
  readonly fewEvents: { readonly rows: number; readonly users: number };
  readonly bots: { readonly rows: number; readonly users: number };
  /** Distinct texts that each normalisation would change. */
  readonly texts: { readonly collapse: number; readonly lowerCase: number; readonly nfkc: number; readonly stripHtml: number };
  /** One a rule of `cleaning.rules`. */
  readonly rules: readonly number[];
  /** The limits that counts of rules which are off were made at. */
  readonly at: {
    readonly repeatSeconds: number;
    readonly minUserEvents: number;
    readonly maxDayEvents: number;
    readonly outliers: OutlierRule;
  };
}

/** One column of a table, measured over all its rows. */
export interface ColumnQuality {
  readonly name: string;
  readonly type: 'text' | 'id' | 'number' | 'time' | 'category' | 'boolean' | 'empty' | 'index';
  readonly rows: number;
  readonly missing: number;
  /** Exact up to `distinctExact` true; an estimate (HyperLogLog) otherwise. */
  readonly distinct: number;
  readonly distinctExact: boolean;
  /** Most frequent values first, at most 5. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
  /** Of numbers and times (ms): counts of equal-width bins from `min` to `max`; null for other columns. */
  readonly histogram: { readonly min: number; readonly max: number; readonly counts: readonly number[] } | null;
}

/** What would become of the files with a mapping and an intake, before anything is analysed. */
export interface Survey {
  readonly accounting: Accounting;
  readonly cleaning: CleaningCounts;
  /** By table, in the order in which they are read. */
  readonly quality: readonly { readonly table: string; readonly columns: readonly ColumnQuality[] }[];
  /** Events kept over time: counts of equal steps from `from` (ms, UTC); empty where none is kept. */
  readonly overTime: {
    readonly from: number;
    readonly step: number;
    readonly counts: readonly number[];
    /** Times of the first and the last of them; 0 where none is kept. */
    readonly first: number;
    readonly last: number;
  };
  readonly join: JoinMatches | null;
  readonly distinctTexts: number;
  readonly languages: TextLanguages;
  /** The first distinct texts as the template makes them, at most 8, of rows spread over the files. */
  readonly texts: readonly string[];
  /** Three users to show the weights on, or fewer: one with few, one with many, one with most kinds of events. */
  readonly examples: readonly ExampleUser[];
}

export interface JoinMatches {
  /** Rows of the events with and without a row of the catalogue, and without a key. */
  readonly matched: number;
  readonly unmatched: number;
  readonly withoutKey: number;
  /** Rows of the catalogue, how many of them some event has, and how many repeat a key (one row a key is used). */
  readonly catalogueRows: number;
  readonly catalogueUsed: number;
  readonly catalogueRepeats: number;
}

/** A join that the tables suggest, with why. */
export interface JoinProposal {
  readonly join: Join;
  /** In the user's words: what speaks for it, and which tables are left out. */
  readonly why: string;
  /** Names of tables that are neither the catalogue nor of the events' shape: for `Intake.leftOut`. */
  readonly leftOut: readonly string[];
}

/** Something that the files do not tell and the user is asked. Nothing is analysed before it is answered. */
export type Question =
  | { readonly kind: 'date-order'; readonly column: string; readonly examples: readonly string[] }
  | { readonly kind: 'time-origin'; readonly column: string; readonly examples: readonly string[] };
