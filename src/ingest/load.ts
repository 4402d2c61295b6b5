import {
  type ByteSource,
  type ColumnMapping,
  commonColumns,
  droppedFiles,
  eventTables,
  type FileAccounting,
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
import { headerOnly } from './errors.ts';
import { type FoundTable, findTables } from './find.ts';
import { type Catalogue, type CatalogueReason, JoinCounter, loadCatalogue, withCatalogue } from './join/join.ts';
import { stacked } from './join/stack.ts';
import { ReadingProgress } from './progress.ts';
import { wantsSql, withSql } from './sql/sql.ts';
import { openTable } from './table.ts';

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
}

/**
 * Reads all tables of events, row by row, as far as rows can be read alone: before cleaning and order. Progress in bytes, both looks
 * at a file counted.
 * @throws AppError input: a file that is no table, lacks a column that is used, or breaks off
 */
export async function loadDraft(
  files: readonly ByteSource[],
  mapping: ColumnMapping,
  intake: Intake,
  ctx: JobContext,
  openDuckDb: OpenDuckDb,
): Promise<LoadedDraft> {
  const opened = await openAll(files, intake, ctx, new ReadingProgress(files, ctx));
  const { sources, counter, catalogue } = await rowSources(opened, intake, ctx, openDuckDb);
  const builder = new DraftBuilder(mapping, intake);
  const tables: LoadedTable[] = [];
  for (const source of sources) tables.push(await loadRows(source, builder, ctx));
  const dropped = droppedFiles(opened.map(({ table, sha256 }) => ({ file: table.file.name, sha256 })));
  return { draft: builder.finish(), tables, join: counter?.matches() ?? null, catalogue, sources: dropped };
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
}> {
  const named = withNames(opened);
  const events = eventTables(named, intake);
  const account = new RowAccount();
  const found = await readCatalogue(opened, intake, ctx, account);
  const catalogue = found?.catalogue ?? null;
  const counter = catalogue && new JoinCounter(catalogue);
  const several = events.length > 1;
  const columns = rowColumns(named, intake);
  const own = several ? columns.length - 1 : columns.length;
  const common = commonColumns(events);
  const db = wantsSql(intake) ? await openDuckDb() : null;
  const sources = events.map(({ name, reader, ...found }): RowSource => {
    let rows = several ? stacked(reader, common, name, null) : reader;
    if (catalogue && counter) rows = withCatalogue(name, rows, catalogue, intake.join?.on ?? '', counter);
    if (several) rows = stacked(rows, columns.slice(0, -1), name, columns.at(-1) ?? null);
    if (db) rows = withSql(name, rows, intake, db, ctx);
    return { found, reader: rows, own };
  });
  return { sources, counter, catalogue: found && account.close(found.name, found.sha256, found.header) };
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

async function loadRows({ found, reader, own }: RowSource, builder: DraftBuilder, ctx: JobContext): Promise<LoadedTable> {
  const account = new RowAccount();
  let rows = 0;
  builder.begin(found.table.name, reader.header, own);
  for await (const batch of reader.batches()) {
    builder.add(batch, account);
    rows += batch.count;
    await ctx.checkpoint();
  }
  if (rows === 0) throw headerOnly(found.table.name, reader.header);
  return { ...found, reader, header: reader.header, account };
}
