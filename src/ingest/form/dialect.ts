import type { Dialect, Sureness } from '../../domain/index.ts';
import { cellType, TYPE_WEIGHT } from './cell-types.ts';
import { delimiterCandidates, strictOnes } from './delimiters.ts';
import { findLayout } from './layout.ts';
import type { Sample } from './samples.ts';
import { type Cut, type SplitRow, splitRows } from './split.ts';

export interface FoundDialect {
  readonly dialect: Dialect;
  /** Cells of most rows. */
  readonly width: number;
  readonly delimiter: Sureness;
  readonly header: Sureness;
}

/** Of the start and the end, and of each sample between. */
const EDGE_ROWS = 1500;
const OTHER_ROWS = 150;
/** Rows whose cells are looked at, of all those that were counted. */
const TYPED_ROWS = 300;

/** What a way of cutting makes of the samples. */
interface Judged {
  readonly cut: Cut;
  /** Rows that are not blank; those of the first sample apart. */
  readonly head: readonly SplitRow[];
  readonly rows: readonly SplitRow[];
  /** Cells of most rows, and the share of the rows that have so many. */
  readonly width: number;
  readonly share: number;
  readonly score: number;
  /** All quotation marks that begin a cell end one, but for single damages. */
  readonly sound: boolean;
}

/**
 * The way of cutting that gives the most regular table: rows of one width, times cells that look like something (after the data
 * consistency measure of van den Burg, Nazábal and Sutton 2019, "Wrangling messy CSV files by detecting row and type patterns"), times how
 * usual the delimiter is. What `choice` sets is taken as it is and steers the rest.
 */
export function detectDialect(samples: readonly Sample[], choice: Partial<Dialect>): FoundDialect {
  const told = choice.delimiter === undefined ? toldDelimiter(samples) : null;
  return told === null
    ? detectByRows(samples, choice)
    : { ...detectByRows(samples, { skip: 1, ...choice, delimiter: told }), delimiter: AS_TOLD };
}

/** A first line such as `sep=;` is for Excel, and no row. */
const toldDelimiter = (samples: readonly Sample[]): string | null =>
  /^"?sep=([^\r\n])"?[\r\n]/i.exec(samples[0]?.text ?? '')?.[1] ?? null;
const AS_TOLD: Sureness = { share: 1, why: 'the first line of the file says so' };

function detectByRows(samples: readonly Sample[], choice: Partial<Dialect>): FoundDialect {
  const newline = choice.newline ?? newlineOf(samples);
  const delimiters = choice.delimiter ? [{ delimiter: choice.delimiter, prior: 1 }] : delimiterCandidates(samples, newline);
  const judged = delimiters.flatMap(({ delimiter, prior }) => bestQuoting(samples, { delimiter, newline }, prior, choice) ?? []);
  const single = singleColumn(samples, newline, choice);
  const found = judged.filter((j) => choice.delimiter !== undefined || (j.width > 1 && isAllowed(j)));
  found.sort((a, b) => b.score - a.score);
  const isTable = found[0] && (choice.delimiter !== undefined || found[0].score > single.score);
  const [best, next] = isTable ? [found[0]!, found[1] ?? single] : [single, found[0]];
  const layout = findLayout(best.head, best.rows, best.width, best.cut.delimiter, choice);
  return {
    dialect: { ...best.cut, ...layout.lines },
    width: best.width,
    delimiter: choice.delimiter === undefined ? delimiterSureness(best, next) : AS_SET,
    header: choice.header === undefined ? layout.sureness : AS_SET,
  };
}

export const AS_SET: Sureness = { share: 1, why: 'as you set it' };

/** Bare carriage returns end lines where they outnumber line feeds: those then stand inside of cells. */
function newlineOf(samples: readonly Sample[]): '\n' | '\r' {
  let bare = 0;
  let feeds = 0;
  for (const { text } of samples) {
    bare += text.match(/\r(?!\n)/g)?.length ?? 0;
    feeds += text.match(/\n/g)?.length ?? 0;
  }
  return bare > feeds ? '\r' : '\n';
}

/** Blanks and colons stand in texts and times: they delimit only what is plainly a table. */
const isAllowed = ({ cut, share, rows }: Judged): boolean =>
  !strictOnes.includes(cut.delimiter) || (share >= 0.95 && rows.length >= 3 && hasPureColumn(rows));

function hasPureColumn(rows: readonly SplitRow[]): boolean {
  const body = spread(rows.slice(1), TYPED_ROWS);
  const width = body[0]?.cells.length ?? 0;
  return Array.from({ length: width }, (_, c) => body.filter((r) => isMeasure(r.cells[c] ?? ''))).some(
    (pure) => pure.length >= 0.95 * body.length,
  );
}

const isMeasure = (cell: string): boolean => ['number', 'time'].includes(cellType(cell));

/** Fewer quoted cells that went wrong than this are damage, and no reason to read quotation marks as text. */
const FLAWS_THAT_COUNT = 3;

/** The best use of quotation marks with one delimiter; of equal ones the more usual. */
function bestQuoting(
  samples: readonly Sample[],
  base: Pick<Cut, 'delimiter' | 'newline'>,
  prior: number,
  choice: Partial<Dialect>,
): Judged | null {
  let best: Judged | null = null;
  let sound = false;
  for (const quoting of quotings(samples, base, choice)) {
    // Delimiters inside of quotes would make a table of one column more, and as regular where every row has one.
    if (quoting.quote === null && sound) continue;
    const judged = judge(samples, { ...base, ...quoting }, prior);
    sound ||= judged.sound && quoting.quote === '"';
    if (!best || judged.score > best.score * (1 + 1e-9)) best = judged;
  }
  return best;
}

type Quoting = Pick<Cut, 'quote' | 'escape'>;

function quotings(samples: readonly Sample[], base: Pick<Cut, 'delimiter' | 'newline'>, choice: Partial<Dialect>): Quoting[] {
  const quotes = choice.quote === undefined ? quotesIn(samples, base.delimiter) : [choice.quote];
  return quotes.flatMap((quote): Quoting[] => {
    if (choice.escape !== undefined) return [{ quote, escape: choice.escape }];
    const backslashes = quote !== null && samples.some(({ text }) => text.includes(`\\${quote}`));
    const doubled: Quoting = { quote, escape: 'doubled' };
    return backslashes ? [doubled, { quote, escape: 'backslash' }] : [doubled];
  });
}

/** Quotation marks that cells begin with. The double ones are the standard and stay where nothing speaks against them. */
function quotesIn(samples: readonly Sample[], delimiter: string): Dialect['quote'][] {
  const begins = (quote: string): boolean =>
    samples.some(({ text }) => text.startsWith(quote) || text.includes(delimiter + quote) || text.includes(`\n${quote}`));
  const ends = (quote: string): boolean =>
    samples.some(({ text }) => text.includes(quote + delimiter) || text.includes(`${quote}\n`));
  const single = begins("'") && ends("'");
  return ['"', ...(single ? (["'"] as const) : []), ...(begins('"') ? [null] : [])];
}

function judge(samples: readonly Sample[], cut: Cut, prior: number): Judged {
  const bySample = samples.map((sample) => rowsOf(sample, cut));
  const rows = bySample.flat();
  const { width, share } = commonWidth(rows);
  const quoted = sum(rows, (r) => r.quoted.filter(Boolean).length + r.flaws);
  const flaws = sum(rows, (r) => r.flaws);
  const sound = flaws < FLAWS_THAT_COUNT;
  const score = share * share * typeShare(rows) * (width / (width + 1)) * (sound ? 1 : 1 - flaws / quoted) * prior;
  return { cut, head: bySample[0] ?? [], rows, width, share, score, sound };
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);

const isBlank = ({ cells }: SplitRow): boolean => cells.length === 1 && cells[0]?.trim() === '';

/** Rows that are not blank. A sample from the middle may begin inside of quotes: it is read the way that breaks less. */
function rowsOf({ text, first, last }: Sample, cut: Cut): SplitRow[] {
  const outside = splitRows(text, cut, first || last ? EDGE_ROWS : OTHER_ROWS, last);
  const flaws = sum(outside, (r) => r.flaws);
  const isUnsure =
    !first && cut.quote !== null && (flaws > 0 || outside.some((r) => r.cells.some((c) => c.includes(cut.newline))));
  const inside = isUnsure ? splitRows(cut.quote + text, cut, last ? EDGE_ROWS : OTHER_ROWS, last) : [];
  const rows = isUnsure && sum(inside, (r) => r.flaws) < flaws ? inside.slice(1) : outside;
  return rows.filter((r) => !isBlank(r));
}

/** Of equally many rows of two widths, that of the first row decides. */
function commonWidth(rows: readonly SplitRow[]): { width: number; share: number } {
  const first = rows[0]?.cells.length ?? 1;
  const counts = new Map<number, number>();
  for (const { cells } of rows) {
    const width = widthOf(cells, first);
    counts.set(width, (counts.get(width) ?? 0) + 1);
  }
  let width = first;
  for (const [w, n] of counts) if (n > (counts.get(width) ?? 0)) width = w;
  return { width, share: rows.length > 0 ? (counts.get(width) ?? 0) / rows.length : 0 };
}

/** Delimiters that a row has behind its last cell make it no wider than the first row. */
const widthOf = (cells: readonly string[], first: number): number =>
  cells.length > first && cells.slice(first).every((c) => c.trim() === '') ? first : cells.length;

function typeShare(rows: readonly SplitRow[]): number {
  let weight = 0;
  let cells = 0;
  for (const row of spread(rows, TYPED_ROWS)) {
    row.cells.forEach((cell, c) => {
      weight += row.quoted[c] && row.flaws === 0 ? 1 : TYPE_WEIGHT[cellType(cell)];
      cells++;
    });
  }
  return cells > 0 ? weight / cells : 0;
}

/** At most so many, evenly over all. */
export function spread<T>(items: readonly T[], most: number): T[] {
  const stride = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, i) => i % stride === 0);
}

/** Against a table of two columns (2/3): what is no table at all loses to nearly every regular one. */
const SINGLE_PRIOR = 0.9;

/** The whole line as one cell: a delimiter that no line has. */
function singleColumn(samples: readonly Sample[], newline: Cut['newline'], choice: Partial<Dialect>): Judged {
  const delimiter = [',', '\t', ';', '|'].find((d) => !samples.some(({ text }) => text.includes(d))) ?? '\x1f';
  const [first, ...others] = quotings(samples, { delimiter, newline }, choice).map((q) =>
    judge(samples, { delimiter, newline, ...q }, SINGLE_PRIOR),
  );
  return others.reduce((a, b) => (b.score > a.score * (1 + 1e-9) ? b : a), first!);
}

/** Scores in proportion to a power: half the score of another is a clear defeat. */
const CONTRAST = 4;

function delimiterSureness(best: Judged, next: Judged | undefined): Sureness {
  const ahead = best.score ** CONTRAST / (best.score ** CONTRAST + (next?.score ?? 0) ** CONTRAST || 1);
  const rows = best.rows.length;
  if (best.width === 1)
    return { share: Math.min(0.9, ahead), why: 'no character divides the rows evenly: each line is one cell' };
  const share = Math.min(0.99, best.share * ahead * (rows < 3 ? 0.8 : 1));
  return { share, why: `${percent(best.share)} of ${rows.toLocaleString('en')} sampled rows have ${best.width} cells` };
}

/** Never rounded up to all. */
const percent = (share: number): string => (share === 1 ? 'all' : `${(Math.floor(share * 1000) / 10).toLocaleString('en')} %`);
