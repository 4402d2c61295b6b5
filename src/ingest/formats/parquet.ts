import {
  type AsyncBuffer,
  type DecodedArray,
  type FileMetaData,
  type ParquetParsers,
  type ParquetScan,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { AppError, inputError, isCancelled, type JobContext } from '../../domain/index.ts';
import type { RowBatch, TableReader, TableSource } from '../batch.ts';
import { nameColumns } from '../cells.ts';
import { BatchBuilder } from './batch-builder.ts';
import { parquetShape, withRawValues } from './parquet-shape.ts';
import { cellText, columnsOf, type ShapeColumn } from './shape.ts';

/** Rows decoded at once: of a row group of a million, each column would be a million strings. */
const SLICE_ROWS = 65_536;

/** A column of the file, and what it gives in the table. */
interface StoredColumn {
  readonly name: string;
  readonly columns: readonly ShapeColumn[];
}

/**
 * A Parquet file, row group by row group, at most 65,536 rows of one at a time. Values are written exactly: decimals and 64-bit integers with all
 * their digits, timestamps as ISO 8601, with Z where the file says that they are instants. Structs, lists and maps are as in JSON.
 * @throws AppError input: cut off, damaged, encrypted
 */
export async function openParquet(table: TableSource, ctx: JobContext): Promise<TableReader> {
  const blob = await table.blob();
  const file = asyncBuffer(blob);
  try {
    await checkEnd(blob);
    const metadata = await parquetMetadataAsync(file, { geoparquet: false });
    const stored = parquetSchema(metadata).children.map((node): StoredColumn => {
      return { name: node.element.name, columns: columnsOf(node.element.name, parquetShape(node)) };
    });
    const raw: FileMetaData = { ...metadata, schema: withRawValues(metadata.schema) };
    const scan = await parquetScan({ file, metadata: raw, compressors, utf8: false, parsers: PARSERS, geoparquet: false });
    const header = nameColumns(stored.flatMap(({ columns }) => columns.map(({ name }) => name)));
    return { header, batches: () => batches(table.name, scan, stored, ctx) };
  } catch (error) {
    throw damaged(table.name, error);
  }
}

/** Places that a damaged file tells are checked: Node ends the whole process when asked for some that can't be. */
const asyncBuffer = (blob: Blob): AsyncBuffer => ({
  byteLength: blob.size,
  slice(start, end = blob.size) {
    if (!(start >= 0 && start <= end && end <= blob.size))
      throw new RangeError(`it tells of bytes ${start} to ${end} and has ${blob.size}`);
    return blob.slice(start, end).arrayBuffer();
  },
});

/** What is left to the library besides texts: the 96-bit timestamps of old writers. */
const PARSERS: Partial<ParquetParsers> = { timestampFromNanoseconds: (nanoseconds) => nanoseconds };

/** A copy that broke off lacks the footer, and with it everything. */
async function checkEnd(blob: Blob): Promise<void> {
  const last = await blob.slice(Math.max(0, blob.size - 4)).text();
  if (last === 'PARE') throw new Error('its footer is encrypted');
  if (blob.size < 12 || last !== 'PAR1') throw new Error('it does not end as a Parquet file does');
}

async function* batches(
  name: string,
  scan: ParquetScan,
  stored: readonly StoredColumn[],
  ctx: JobContext,
): AsyncGenerator<RowBatch> {
  const builder = new BatchBuilder();
  let line = 1;
  try {
    for (const { from, to } of slices(scan.metadata)) {
      const values = await readSlice(scan, stored, from, to, ctx);
      for (let row = 0; row < to - from; row++) {
        builder.add(line++, cellsOf(stored, values, row));
        if (!builder.full) continue;
        yield builder.take();
        await ctx.checkpoint();
      }
    }
  } catch (error) {
    throw damaged(name, error);
  }
  if (builder.count > 0) yield builder.take();
}

/** Row ranges that lie within one row group each. */
function* slices(metadata: FileMetaData): Generator<{ readonly from: number; readonly to: number }> {
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    for (let from = start; from < end; from += SLICE_ROWS) yield { from, to: Math.min(end, from + SLICE_ROWS) };
    start = end;
  }
  if (start !== Number(metadata.num_rows)) throw new Error(`it tells ${metadata.num_rows} rows and holds ${start}`);
}

async function readSlice(
  scan: ParquetScan,
  stored: readonly StoredColumn[],
  rowStart: number,
  rowEnd: number,
  ctx: JobContext,
): Promise<DecodedArray[]> {
  const values: DecodedArray[] = [];
  for (const { name } of stored) {
    const column = await scan.readColumn({ column: name, rowStart, rowEnd });
    if (column.length !== rowEnd - rowStart) throw new Error(`column ${name} has too few values`);
    values.push(column);
    await ctx.checkpoint();
  }
  return values;
}

const cellsOf = (stored: readonly StoredColumn[], values: readonly DecodedArray[], row: number): (string | null)[] =>
  stored.flatMap(({ columns }, i) => columns.map((column) => cellText(column, values[i]?.[row])));

const damaged = (name: string, cause: unknown): unknown =>
  cause instanceof AppError || isCancelled(cause)
    ? cause
    : inputError(
        'parquet-damaged',
        `${name} can't be read as a Parquet file: ${cause instanceof Error ? cause.message : String(cause)}.`,
        'Copy or export the file again; if it is encrypted, export it without encryption.',
        cause,
      );
