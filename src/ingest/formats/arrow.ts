import { type Data, DataType, Int64, type RecordBatch, RecordBatchReader, TimeUnit as Unit, Vector } from 'apache-arrow';
import { AppError, inputError, isCancelled, type JobContext } from '../../domain/index.ts';
import type { RowBatch, TableReader, TableSource } from '../batch.ts';
import { nameColumns } from '../cells.ts';
import { headOf } from '../unpacking.ts';
import { arrowMessages, schemaComesFirst } from './arrow-messages.ts';
import { BatchBuilder } from './batch-builder.ts';
import { cellText, columnsOf, type Shape, type ShapeColumn } from './shape.ts';
import { bytesText, clockText, dateText, decimalText, floatText, type TimeUnit, timestampText } from './typed-text.ts';

/** More than most schemas take. */
const HEAD_BYTES = 64 * 1024;

/** A column of the file, and what it gives in the table. */
type StoredColumn = readonly ShapeColumn[];

/**
 * An Arrow IPC file (Feather version 2) or stream, record batch by record batch, compressed or not. Values are written as those of Parquet.
 * @throws AppError input: cut off, damaged, of a type that is not read
 */
export async function openArrow(table: TableSource, ctx: JobContext): Promise<TableReader> {
  const reader = await opened(table);
  const { fields } = reader.schema;
  await reader.cancel();
  const stored = fields.map((field): StoredColumn => columnsOf(field.name, arrowShape(field.type)));
  const header = nameColumns(stored.flatMap((columns) => columns.map(({ name }) => name)));
  return { header, batches: () => batches(table, stored, ctx) };
}

async function opened(table: TableSource): Promise<RecordBatchReader> {
  try {
    // Given one by one, so that the reader never holds a file whole.
    const reader = schemaComesFirst(await headOf(table.stream(), HEAD_BYTES))
      ? await RecordBatchReader.from(arrowMessages(table.stream()))
      : RecordBatchReader.from(await wholeFile(table));
    await reader.open();
    if (!reader.schema) throw new Error('it is cut off before its schema');
    return reader;
  } catch (error) {
    throw damaged(table.name, error);
  }
}

async function wholeFile(table: TableSource): Promise<Uint8Array> {
  const bytes = new Uint8Array(await (await table.blob()).arrayBuffer());
  if (String.fromCharCode(...bytes.subarray(-6)) !== 'ARROW1')
    throw new Error('it is cut off: it does not end as an Arrow file does');
  return bytes;
}

async function* batches(table: TableSource, stored: readonly StoredColumn[], ctx: JobContext): AsyncGenerator<RowBatch> {
  const builder = new BatchBuilder();
  let line = 1;
  const reader = await opened(table);
  try {
    for await (const batch of reader as AsyncIterable<RecordBatch>) {
      const vectors = batch.data.children.map((data) => new Vector([exact(data)]));
      for (let row = 0; row < batch.numRows; row++) {
        builder.add(line++, cellsOf(stored, vectors, row));
        if (!builder.full) continue;
        yield builder.take();
        await ctx.checkpoint();
      }
    }
  } catch (error) {
    throw damaged(table.name, error);
  } finally {
    await reader.cancel();
  }
  if (builder.count > 0) yield builder.take();
}

const cellsOf = (stored: readonly StoredColumn[], vectors: readonly Vector[], row: number): (string | null)[] =>
  stored.flatMap((columns, i) => {
    const value: unknown = vectors[i]?.get(row);
    return columns.map((column) => cellText(column, value));
  });

/** The library gives timestamps as milliseconds in a double; seen as integers, they keep all their digits. */
function exact(data: Data): Data {
  if (DataType.isTimestamp(data.type)) return data.clone(new Int64() as never) as Data;
  if (data.children.length === 0) return data;
  return data.clone(data.type, data.offset, data.length, data.nullCount, data.buffers, data.children.map(exact));
}

const UNITS: Readonly<Record<number, TimeUnit>> = {
  [Unit.SECOND]: 'seconds',
  [Unit.MILLISECOND]: 'milliseconds',
  [Unit.MICROSECOND]: 'microseconds',
  [Unit.NANOSECOND]: 'nanoseconds',
};
const unitOf = (unit: number): TimeUnit => UNITS[unit] ?? 'milliseconds';

const DAY = 86_400_000;

function arrowShape(type: DataType): Shape {
  if (DataType.isDictionary(type)) return arrowShape(type.dictionary);
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) return { kind: 'list', of: arrowShape(type.valueType) };
  if (DataType.isStruct(type)) {
    return { kind: 'struct', fields: type.children.map((f) => [f.name, arrowShape(f.type as DataType)] as const) };
  }
  if (DataType.isMap(type)) {
    return { kind: 'map', of: arrowShape(type.valueType), entries: (map) => map as Iterable<readonly [string, unknown]> };
  }
  const bare = DataType.isInt(type) || DataType.isFloat(type) || DataType.isBool(type) || DataType.isDecimal(type);
  return { kind: 'leaf', bare, text: textOf(type) };
}

function textOf(type: DataType): (value: unknown) => string {
  if (DataType.isTimestamp(type)) {
    const zoned = type.timezone !== null && type.timezone !== undefined && type.timezone !== '';
    // Milliseconds where it is the value of a dictionary, which is not seen as integers.
    return (v) =>
      typeof v === 'bigint'
        ? timestampText(v, unitOf(type.unit), zoned)
        : timestampText(Math.round(v as number), 'milliseconds', zoned);
  }
  if (DataType.isDate(type)) return (v) => instantText(Number(v));
  if (DataType.isTime(type)) return (v) => clockText(v as number | bigint, unitOf(type.unit));
  if (DataType.isDecimal(type)) return (v) => decimalText(littleEndian(v as Uint32Array), type.scale);
  if (DataType.isFloat(type) && type.precision === 1) return (v) => floatText(v as number);
  return (v) => (v instanceof Uint8Array ? bytesText(v) : String(v));
}

/** A date counts days or milliseconds; the library makes milliseconds of both. */
const instantText = (ms: number): string => (ms % DAY === 0 ? dateText(ms / DAY) : timestampText(ms, 'milliseconds', false));

/** Two's complement in 32-bit words, the least significant first. */
function littleEndian(words: Uint32Array): bigint {
  let value = 0n;
  for (let i = words.length - 1; i >= 0; i--) value = value * 0x1_0000_0000n + BigInt(words[i] ?? 0);
  return BigInt.asIntN(32 * words.length, value);
}

function damaged(name: string, cause: unknown): unknown {
  if (cause instanceof AppError || isCancelled(cause)) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  if (why.includes('Unrecognized type')) return unreadType(name, cause);
  return inputError(
    'arrow-damaged',
    `${name} can't be read as an Arrow file: ${why}.`,
    'Copy or export the file again, or export the table as Parquet.',
    cause,
  );
}

const unreadType = (name: string, cause: unknown): AppError =>
  inputError(
    'arrow-type-unread',
    `${name} holds a type of column that is not read, such as string views or run-end encoding.`,
    'Export the table as Parquet, or, from Polars, with compat_level=CompatLevel.oldest().',
    cause,
  );
