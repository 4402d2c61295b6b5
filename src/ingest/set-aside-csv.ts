import {
  type ByteSource,
  type ColumnMapping,
  freeName,
  type Intake,
  inputError,
  type JobContext,
  portion,
} from '../domain/index.ts';
import { RowAccount } from './accounting.ts';
import { cellsOf } from './batch.ts';
import { DraftBuilder } from './builder.ts';
import { checkChoices } from './check.ts';
import { clean } from './clean/clean.ts';
import type { Cleaned, Draft } from './draft.ts';
import type { OpenDuckDb } from './duckdb.lazy.ts';
import { type LoadedTable, loadDraft, openAll, readCatalogue } from './load.ts';
import { ReadingProgress } from './progress.ts';

/** Rows in one string: some of them make a Blob without one string that holds all. */
const ROWS_A_PART = 1000;

/**
 * All rows of a table that are set aside for a reason, as CSV (RFC 4180, UTF-8): table, line and reason before the cells as they were read.
 * @returns parts, to be put one behind the other
 * @throws AppError input where the table has no row that is set aside for this reason
 */
export async function setAsideCsv(
  files: readonly ByteSource[],
  mapping: ColumnMapping,
  intake: Intake,
  table: string,
  reason: string,
  ctx: JobContext,
  openDuckDb: OpenDuckDb,
): Promise<string[]> {
  checkChoices(mapping);
  if (table === intake.join?.table) return catalogueCsv(files, intake, table, reason, ctx);
  const { draft, tables } = await loadDraft(files, mapping, intake, portion(ctx, 0, 0.5), openDuckDb);
  const t = tables.findIndex((loaded) => loaded.table.name === table);
  const loaded = tables[t];
  if (!loaded) throw inputError('no-table', `There is no table "${table}" among the files.`, 'Choose one that is read.');
  const cleaned = await clean(draft, intake, mapping, ctx);
  const csv = new CsvParts(table, reason, loaded.header);
  const lines = cleanedLines(draft, cleaned, t, reason);
  if (lines.size > 0) await addLines(loaded, lines, csv, ctx);
  else await addUnread(loaded, new DraftBuilder(mapping, intake), new ReasonRows(reason, csv), ctx);
  return csv.finish();
}

async function catalogueCsv(
  files: readonly ByteSource[],
  intake: Intake,
  table: string,
  reason: string,
  ctx: JobContext,
): Promise<string[]> {
  const opened = await openAll(files, intake, ctx, new ReadingProgress(files, ctx));
  const header = opened.find((o) => o.table.name === table)?.reader.header ?? [];
  const csv = new CsvParts(table, reason, header);
  await readCatalogue(opened, intake, ctx, new ReasonRows(reason, csv));
  return csv.finish();
}

function cleanedLines(draft: Draft, cleaned: Cleaned, table: number, reason: string): Set<number> {
  const lines = new Set<number>();
  const why = cleaned.reasons.indexOf(reason);
  for (let row = 0; row < draft.count; row++) {
    const isOne = cleaned.keep[row] === 0 && cleaned.why[row] === why && draft.table[row] === table;
    if (isOne) lines.add(draft.line[row] as number);
  }
  return lines;
}

async function addLines({ reader }: LoadedTable, lines: ReadonlySet<number>, csv: CsvParts, ctx: JobContext): Promise<void> {
  for await (const batch of reader.batches()) {
    for (let r = 0; r < batch.count; r++) {
      const line = batch.line[r] as number;
      if (lines.has(line)) csv.add(line, cellsOf(batch, r));
    }
    if (csv.rows === lines.size) return;
    await ctx.checkpoint();
  }
}

/** Rows that can't be read are only counted when they are met: they are judged once more. */
async function addUnread(
  { table, reader }: LoadedTable,
  builder: DraftBuilder,
  rows: ReasonRows,
  ctx: JobContext,
): Promise<void> {
  builder.begin(table.name, reader.header);
  for await (const batch of reader.batches()) {
    builder.add(batch, rows);
    await ctx.checkpoint();
  }
}

/** An account that keeps every row of one reason. */
class ReasonRows extends RowAccount {
  readonly #reason: string;
  readonly #csv: CsvParts;

  constructor(reason: string, csv: CsvParts) {
    super();
    this.#reason = reason;
    this.#csv = csv;
  }

  override setAside(reason: string, line: number, cells: () => readonly string[] = () => []): void {
    if (reason === this.#reason) this.#csv.add(line, cells());
  }
}

class CsvParts {
  readonly #table: string;
  readonly #reason: string;
  readonly #parts: string[] = [];
  #part: string;
  rows = 0;

  constructor(table: string, reason: string, header: readonly string[]) {
    this.#table = table;
    this.#reason = reason;
    const taken = new Set(header);
    this.#part = record([...['file', 'line', 'reason'].map((name) => freeName(name, taken)), ...header]);
  }

  add(line: number, cells: readonly string[]): void {
    this.#part += record([this.#table, `${line}`, this.#reason, ...cells]);
    if (++this.rows % ROWS_A_PART === 0) this.#flush();
  }

  /** @throws AppError input where there is no row */
  finish(): string[] {
    if (this.rows === 0) {
      throw inputError(
        'no-rows',
        `${this.#table} has no row that is set aside for "${this.#reason}".`,
        'Look at its reasons once more.',
      );
    }
    this.#flush();
    return this.#parts;
  }

  #flush(): void {
    this.#parts.push(this.#part);
    this.#part = '';
  }
}

const record = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

const quoted = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
