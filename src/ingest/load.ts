import {
  type ByteSource,
  type ColumnMapping,
  commonColumns,
  droppedFiles,
  eventTables,
  type FileAccounting,
  freeName,
  type Intake,
  inputError,
  type JobContext,
  type JoinMatches,
  joinedColumns,
  rowColumns,
} from '../domain/index.ts';
import { RowAccount } from './accounting.ts';
import { cellsOf, type RowBatch, type TableReader } from './batch.ts';
import { DraftBuilder } from './builder.ts';
import { normaliseId } from './cells.ts';
import type { Draft } from './draft.ts';
import type { OpenDuckDb } from './duckdb.lazy.ts';
import { headerOnly, tooManyRows } from './errors.ts';
import { type FoundTable, findTables } from './find.ts';
import { type Catalogue, type CatalogueReason, JoinCounter, loadCatalogue, withCatalogue } from './join/join.ts';
import { OTHER_COLUMNS, withOthers } from './join/others.ts';
import { stacked } from './join/stack.ts';
import { ReadingProgress } from './progress.ts';
import { wantsSql, withSql } from './sql/sql.ts';
import { openTable } from './table.ts';

/**
 * Bytes of typed rows and dictionaries that are held. Putting them in order takes about as much again, and so does the result: with more,
 * a tab of 4 GB would run out of memory in the middle.
 */
export const MAX_DRAFT = 1024 * 1024 * 1024;

/** A table of events that was read: how to open it again, and what became of the rows that can't be read. */
export interface LoadedTable extends FoundTable {
  /** Its rows, to be gone through again. */
  readonly reader: TableReader;
  /** Columns of its rows, those of a joined catalogue and the table's own name with them. */
  readonly header: readonly string[];
  /** Of rows that can't be read; those of the draft are still to be judged. */
  readonly account: RowAccount;
}

export interface LoadedDraft {
  readonly draft: Draft;
  /** In the order that `Draft.table` counts. */
  readonly tables: readonly LoadedTable[];
  /** null where nothing is joined. */
  readonly join: JoinMatches | null;
  /** Rows of the catalogue; null where nothing is joined. */
  readonly catalogue: FileAccounting | null;
  /** The dropped files that the tables and the catalogue lie in, each once. */
  readonly sources: readonly { readonly name: string; readonly sha256: string }[];
}

/** A table whose columns are known. */
export interface OpenedTable extends FoundTable {
  readonly reader: TableReader;
}

/** The rows of each table of events: stacked, with the catalogue's columns and the derived ones, and marked where the filter refuses them. */
export interface RowSource {
  readonly found: FoundTable;
  readonly reader: TableReader;
  /** How many of its columns, from the left, make two rows equal. */
  readonly own: number;
  /** The rows are those of a text as it stands, so that its size tells about how many there are. */
  readonly plain: boolean;
}

/**
 * Reads all tables of events, row by row, as far as rows can be read alone: before cleaning and order. Progress in bytes, both looks
 * at a file counted.
 * @param limit bytes of typed rows and dictionaries
 * @throws AppError input: a file that is no table, lacks a column that is used, breaks off, or has more rows than fit
 */
export async function loadDraft(
  files: readonly ByteSource[],
  mapping: ColumnMapping,
  intake: Intake,
  ctx: JobContext,
  openDuckDb: OpenDuckDb,
  limit = MAX_DRAFT,
): Promise<LoadedDraft> {
  const opened = await openAll(files, intake, ctx, new ReadingProgress(files, ctx));
  const { sources, counter, catalogue, tableColumn } = await rowSources(opened, intake, ctx, openDuckDb);
  const builder = new DraftBuilder(mapping, intake);
  const whole = tableColumn !== null && usesColumn(tableColumn, mapping, intake);
  const tables: LoadedTable[] = [];
  let rows = 0;
  for (const source of sources) {
    const { table, read } = await loadRows(source, builder, whole, limit, ctx);
    tables.push(table);
    rows += read;
  }
  const [first] = tables;
  if (first && rows === 0) throw headerOnly(tables.map(({ table }) => table.name).join(', '), first.header);
  const dropped = droppedFiles(opened.map(({ table, sha256 }) => ({ name: table.name, file: table.file.name, sha256 })));
  return { draft: builder.finish(), tables, join: counter?.matches() ?? null, catalogue, sources: dropped };
}

/** Whether anything is made of a column: then rows that differ in it alone are not the same. SQL may name it anywhere in its text. */
function usesColumn(column: string, mapping: ColumnMapping, { cleaning, derived, filter }: Intake): boolean {
  const { user, time, text, type, item, value, numbers, label } = mapping;
  const sql = [filter, ...derived.map((d) => d.sql)];
  const named = [user, time, ...text, type, item, value, ...numbers, label, ...cleaning.rules.map((rule) => rule.column)];
  return named.includes(column) || sql.some((words) => words.toLowerCase().includes(column.toLowerCase()));
}

/** All tables of the files that are not left out, in order. */
export async function openAll(
  files: readonly ByteSource[],
  intake: Intake,
  ctx: JobContext,
  progress: ReadingProgress,
): Promise<OpenedTable[]> {
  const opened: OpenedTable[] = [];
  for (const file of files) {
    const tables = await findTables(file, intake.forms, ctx, progress.found);
    const wanted = tables.filter(({ table }) => !intake.leftOut.includes(table.name));
    for (const found of wanted) {
      opened.push({ ...found, reader: await openTable(found.table, found.form, ctx, progress.readOf(found, wanted)) });
    }
  }
  return opened;
}

/** What the rows of each table of events are made of; the catalogue is read here, if there is one. */
export async function rowSources(
  opened: readonly OpenedTable[],
  intake: Intake,
  ctx: JobContext,
  openDuckDb: OpenDuckDb,
): Promise<{
  readonly sources: readonly RowSource[];
  readonly counter: JoinCounter | null;
  readonly catalogue: FileAccounting | null;
  /** Name of the column that tells the table of a row; null where there is one table only. */
  readonly tableColumn: string | null;
}> {
  const named = withNames(opened);
  const events = eventTables(named, intake);
  const account = new RowAccount();
  const found = await readCatalogue(opened, intake, ctx, account);
  const catalogue = found?.catalogue ?? null;
  const counter = catalogue && new JoinCounter(catalogue);
  const several = events.length > 1;
  const columns = rowColumns(named, intake);
  const common = commonColumns(events);
  const differ = events.some(({ header }) => header.length > common.length);
  const others = several && differ ? freeName(OTHER_COLUMNS, new Set(columns)) : null;
  const compared = [...(several ? columns.slice(0, -1) : columns), ...(others === null ? [] : [others])];
  const db = wantsSql(intake) ? await openDuckDb() : null;
  const sources = events.map(({ name, reader, ...found }): RowSource => {
    let rows = reader;
    if (several) rows = others === null ? stacked(reader, common, name, null) : withOthers(reader, common, others);
    if (catalogue && counter) rows = withCatalogue(name, rows, catalogue, intake.join?.on ?? '', counter);
    if (several) rows = stacked(rows, compared, name, columns.at(-1) ?? null);
    if (db) rows = withSql(name, rows, intake, db, ctx);
    return { found, reader: rows, own: compared.length, plain: rows === reader && found.form.format === 'text' };
  });
  const tableColumn = several ? (columns.at(-1) ?? null) : null;
  return { sources, counter, tableColumn, catalogue: found && account.close(found.name, found.sha256, found.header) };
}

const withNames = (opened: readonly OpenedTable[]) => opened.map((o) => ({ ...o, name: o.table.name, header: o.reader.header }));

type NamedTable = ReturnType<typeof withNames>[number];

/**
 * Reads the catalogue of the intake, if it has one.
 * @param account is told of each of its rows: kept are those that can be joined with
 */
export async function readCatalogue(
  opened: readonly OpenedTable[],
  intake: Intake,
  ctx: JobContext,
  account: RowAccount,
): Promise<(NamedTable & { readonly catalogue: Catalogue }) | null> {
  const { join } = intake;
  if (join === null) return null;
  const tables = withNames(opened);
  const table = tables.find(({ name }) => name === join.table);
  if (!table) {
    throw inputError(
      'no-catalogue',
      `The table "${join.table}" that is to be joined is not among the files.`,
      'Add it, or join nothing.',
    );
  }
  const columns = joinedColumns(commonColumns(eventTables(tables, intake)), table, join.key);
  const rule = { missing: intake.missing, normalise: intake.sameIds ? normaliseId : null };
  const setAside = (reason: CatalogueReason, batch: RowBatch, r: number): void =>
    account.setAside(reason, batch.line[r] as number, () => cellsOf(batch, r));
  const catalogue = await loadCatalogue(table.name, table.reader, join.key, columns, rule, ctx, setAside);
  account.keep(catalogue.kept);
  return { ...table, catalogue };
}

/** Bytes of a typed row, at least. */
const LEAST_ROW = 50;

/** About how many rows so many bytes hold if they are like those of a batch. */
function rowsAsIn({ count, end, start }: RowBatch, bytes: number): number {
  const first = start[0] ?? 0;
  const last = end[end.length - 1] ?? 0;
  return last > first ? Math.ceil((1.05 * bytes * count) / (last - first)) : count;
}

async function loadRows(
  { found, reader, own, plain }: RowSource,
  builder: DraftBuilder,
  whole: boolean,
  limit: number,
  ctx: JobContext,
): Promise<{ readonly table: LoadedTable; readonly read: number }> {
  const account = new RowAccount();
  let read = 0;
  builder.begin(found.table.name, reader.header, whole ? reader.header.length : own);
  for await (const batch of reader.batches()) {
    if (read === 0 && plain) builder.expect(Math.min(rowsAsIn(batch, found.bytes), limit / LEAST_ROW));
    const before = builder.count;
    builder.add(batch, account);
    read += batch.count;
    if (builder.byteLength > limit) throw tooManyRows(found.table.name, before);
    await ctx.checkpoint();
  }
  return { table: { ...found, reader, header: reader.header, account }, read };
}
