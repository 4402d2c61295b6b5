import { type AppError, type Encoding, inputError, type JobContext, type TableForm } from '../../domain/index.ts';
import { FLAW, type RowBatch, type TableReader, type TableSource } from '../batch.ts';
import { chunksOf, headOf } from '../unpacking.ts';
import { BatchBuilder } from './batch-builder.ts';
import { ElementSplitter, type JsonRecord, LineSplitter, type RecordSplitter } from './json-elements.ts';
import { JsonRows } from './json-object.ts';
import { jsonEncoding } from './json-sniff.ts';

/** Of a record that is none, what is shown of it. */
const SHOWN = 1000;

/**
 * JSON Lines, or the elements of a JSON array, as rows. Two passes: columns are known only once every record was seen.
 * A line or element that is no JSON object is a row of one cell with a flaw; so is what is left where the file breaks off.
 * @param form `encoding`, and `sheet`: the key of the array in a top-level object
 * @throws AppError input: no object at all, more than 2,000 columns, a record over 8 MiB
 */
export async function openJson(table: TableSource, form: TableForm, ctx: JobContext): Promise<TableReader> {
  const rows = new JsonRows(table.name);
  let objects = 0;
  for await (const records of recordsOf(table, form)) {
    for (const { text, cutOff } of records) if (!cutOff && rows.learn(text)) objects++;
    await ctx.checkpoint();
  }
  if (objects === 0) throw noObjects(table.name);
  rows.close();
  return { header: rows.header, batches: () => batches(rows, recordsOf(table, form), ctx) };
}

async function* batches(rows: JsonRows, source: AsyncIterable<JsonRecord[]>, ctx: JobContext): AsyncGenerator<RowBatch> {
  const builder = new BatchBuilder();
  for await (const records of source) {
    for (const record of records) {
      addRecord(builder, rows, record);
      if (builder.full) yield builder.take();
    }
    await ctx.checkpoint();
  }
  if (builder.count > 0) yield builder.take();
}

function addRecord(builder: BatchBuilder, rows: JsonRows, { text, line, cutOff }: JsonRecord): void {
  const cells = cutOff ? null : rows.cells(text);
  if (cells) builder.add(line, cells);
  else if (!cutOff && text.trim() === '') builder.add(line, ['']);
  else builder.add(line, [text.slice(0, SHOWN)], FLAW.notAnObject);
}

async function* recordsOf(table: TableSource, form: TableForm): AsyncGenerator<JsonRecord[]> {
  const splitter: RecordSplitter =
    form.format === 'jsonl' ? new LineSplitter(table.name) : new ElementSplitter(table.name, form.sheet);
  for await (const piece of textOf(table, form.encoding ?? 'utf-8')) yield splitter.push(piece);
  yield splitter.end();
}

async function* textOf(table: TableSource, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const bytes of chunksOf(table.stream())) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** How a JSON file is written: its encoding, and where a top-level object holds arrays of objects, the keys of those. */
export async function lookIntoJson(
  table: TableSource,
  encoding: Encoding | undefined,
  ctx: JobContext,
): Promise<{ readonly encoding: Encoding; readonly arrays: readonly string[] }> {
  const head = await headOf(table.stream(), 4096);
  const found = encoding ?? jsonEncoding(head);
  const isArray = new TextDecoder(found).decode(head).trimStart().startsWith('[');
  if (isArray || table.format === 'jsonl') return { encoding: found, arrays: [] };
  const splitter = new ElementSplitter(table.name, undefined);
  for await (const piece of textOf(table, found)) {
    splitter.push(piece);
    await ctx.checkpoint();
    // Several objects one after the other are records, whatever they hold; so is everything in an array.
    if (splitter.values > 1) return { encoding: found, arrays: [] };
  }
  return { encoding: found, arrays: splitter.arrays };
}

const noObjects = (name: string): AppError =>
  inputError(
    'json-no-objects',
    `${name} is JSON, but holds no list of objects: neither one object a line, nor an array of objects.`,
    'Export it as JSON Lines: one line an event, such as {"user": "u1", "time": "2024-05-06", "text": "..."}.',
  );
