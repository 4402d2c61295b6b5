import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js';
import { readSheet } from 'read-excel-file/universal';
import {
  AppError,
  type Dialect,
  type FormChoice,
  inputError,
  isCancelled,
  type JobContext,
  type Sureness,
  type TableForm,
} from '../../domain/index.ts';
import type { RowBatch, TableReader, TableSource } from '../batch.ts';
import { nameColumns } from '../cells.ts';
import { blobOf } from '../unpacking.ts';
import { type ZipMember, zipMembers } from '../zip.ts';
import { BatchBuilder } from './batch-builder.ts';
import { cellText, SheetNumber, type SheetRow } from './sheet-cell.ts';
import { findHeader } from './sheet-header.ts';

/** A sheet is held whole as text and as cells while it is read; Excel's largest, of a million rows, are below it. */
const LARGEST_SHEETS = 512 * 1024 * 1024;

/** Of a sheet only `skip` and `header` are to choose. */
const SHEET_DIALECT = { delimiter: '\t', newline: '\n', quote: null, escape: 'doubled', comment: null } as const;

/** The rows of a sheet that were needed to find its header, for the reading that follows. */
const looked = new WeakMap<TableSource, { readonly sheet: string; readonly rows: readonly SheetRow[] }>();

/**
 * The sheets of a workbook, and where the header of one is: of the chosen, else of the first that has rows below a header.
 * @throws AppError input where the workbook can't be read
 */
export async function lookIntoWorkbook(
  table: TableSource,
  choice: FormChoice,
  ctx: JobContext,
): Promise<{ readonly sheet: string; readonly sheets: readonly string[]; readonly dialect: Dialect; readonly header: Sureness }> {
  const archive = await table.blob();
  const sheets = await sheetNames(table.name, archive);
  const wanted = sheets.filter((name) => name === choice.sheet);
  let first: LookedSheet | null = null;
  for (const sheet of wanted.length > 0 ? wanted : sheets) {
    const rows = await sheetRows(table.name, archive, sheet, ctx);
    const found = { sheet, rows, ...findHeader(rows, choice.dialect ?? {}) };
    first ??= found;
    // Notes, a title page: no table.
    if (rows.length <= found.skip + (found.header ? 1 : 0)) continue;
    first = found;
    break;
  }
  if (first === null) throw damaged(table.name, new Error('it has no sheet'));
  const { sheet, rows, skip, header, sureness } = first;
  looked.set(table, { sheet, rows });
  return { sheet, sheets, dialect: { ...SHEET_DIALECT, skip, header }, header: sureness };
}

type LookedSheet = ReturnType<typeof findHeader> & { readonly sheet: string; readonly rows: readonly SheetRow[] };

/**
 * A sheet of an Excel workbook: results of formulas as they were last saved, dates as ISO 8601 without a zone, errors as empty cells. A merged cell stands in
 * its first place. Lines are the sheet's own row numbers.
 * @throws AppError input
 */
export async function openWorkbook(table: TableSource, form: TableForm, ctx: JobContext): Promise<TableReader> {
  const sheet = form.sheet ?? '';
  const known = looked.get(table);
  looked.delete(table);
  const rows = known?.sheet === sheet ? known.rows : await sheetRows(table.name, await table.blob(), sheet, ctx);
  const { skip, header } = form.dialect ?? { skip: 0, header: true };
  const columns = usedColumns(rows.slice(skip));
  const names = columns.map((c) => (header ? cellText(rows[skip]?.[c] ?? null) : ''));
  return { header: nameColumns(names), batches: () => batches(rows, columns, skip + (header ? 1 : 0), ctx) };
}

async function* batches(
  rows: readonly SheetRow[],
  columns: readonly number[],
  from: number,
  ctx: JobContext,
): AsyncGenerator<RowBatch> {
  const builder = new BatchBuilder();
  for (let r = from; r < rows.length; r++) {
    const cells = columns.map((c) => cellText(rows[r]?.[c] ?? null));
    builder.add(r + 1, cells.every((text) => text === '') ? [''] : cells);
    if (!builder.full) continue;
    yield builder.take();
    await ctx.checkpoint();
  }
  if (builder.count > 0) yield builder.take();
}

/** Columns that hold anything, title rows left out. */
function usedColumns(rows: readonly SheetRow[]): number[] {
  const used: boolean[] = [];
  for (const row of rows) {
    row.forEach((cell, c) => {
      if (cell !== null && cell !== '') used[c] = true;
    });
  }
  return Array.from(used.keys()).filter((c) => used[c]);
}

async function sheetRows(name: string, archive: Blob, sheet: string, ctx: JobContext): Promise<readonly SheetRow[]> {
  const stored = await restored(name, archive, ctx);
  try {
    const parseNumber = (written: string): SheetNumber => new SheetNumber(written);
    return (await readSheet(stored, sheet, { trim: false, parseNumber })) as unknown as readonly SheetRow[];
  } catch (error) {
    throw damaged(name, error);
  }
}

/**
 * The workbook packed again without compression: its reader would unpack with no bound, and in workers of its own, one for each part.
 */
async function restored(name: string, archive: Blob, ctx: JobContext): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false, level: 0 });
  let left = LARGEST_SHEETS;
  for (const member of await zipMembers(name, archive)) {
    if (!/\.(xml|rels)$/.test(member.path)) continue;
    const bytes = new Uint8Array(await (await blobOf(`${name}/${member.path}`, member.stream())).arrayBuffer());
    left -= bytes.length;
    if (left < 0) throw tooLarge(name);
    await writer.add(member.path, new Uint8ArrayReader(withAstral(bytes)));
    await ctx.checkpoint();
  }
  return writer.close();
}

/** Its XML parser cuts `&#128512;` to 16 bits, which makes another character of an emoji: such references are resolved before. */
function withAstral(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(bytes);
  return ASTRAL.test(text) ? new TextEncoder().encode(text.replace(new RegExp(ASTRAL, 'gi'), unescapeXml)) : bytes;
}

const ASTRAL = /&#(?:x[1-9a-f][\da-f]{4,5}|[1-9]\d{4,6});/i;

/** As in the tabs, in their order. */
async function sheetNames(name: string, archive: Blob): Promise<string[]> {
  const members = await zipMembers(name, archive);
  const xml = await textOf(members.find(({ path }) => path === 'xl/workbook.xml'));
  const tags = xml.match(/<(?:\w+:)?sheet\s[^>]*>/g) ?? [];
  return tags.flatMap((tag) => {
    const written = /\sname="([^"]*)"/.exec(tag)?.[1] ?? /\sname='([^']*)'/.exec(tag)?.[1];
    return written === undefined ? [] : [unescapeXml(written)];
  });
}

const textOf = async (member: ZipMember | undefined): Promise<string> =>
  member ? (await blobOf(member.path, member.stream())).text() : '';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, named?: string) => {
    if (named) return ENTITIES[named] ?? whole;
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const tooLarge = (name: string): AppError =>
  inputError(
    'sheet-too-large',
    `${name} unpacks to more than ${LARGEST_SHEETS / 1024 / 1024} MB of sheets.`,
    'Save the sheet as CSV and choose that file: it is read line by line.',
  );

const damaged = (name: string, cause: unknown): unknown =>
  cause instanceof AppError || isCancelled(cause)
    ? cause
    : inputError(
        'workbook-damaged',
        `${name} can't be read as an Excel workbook: ${cause instanceof Error ? cause.message : String(cause)}.`,
        'Open it in a spreadsheet program and save it again as .xlsx, or save the sheet as CSV.',
        cause,
      );
