import { type AppError, type Encoding, inputError, type JobContext, type Sureness, type TableForm } from '../../domain/index.ts';
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

/** How a JSON file is written, and where a top-level object holds arrays of objects, the keys of those. */
export interface JsonForm {
  readonly encoding: Encoding;
  readonly sureness: Sureness;
  readonly arrays: readonly string[];
}

/** @param set the encoding where the user has set it; else all bytes decide */
export async function lookIntoJson(table: TableSource, set: Encoding | undefined, ctx: JobContext): Promise<JsonForm> {
  const head = await headOf(table.stream(), 4096);
  const found = set ? { encoding: set, sureness: AS_SET } : await encodingOf(table, jsonEncoding(head), ctx);
  const isArray = new TextDecoder(found.encoding).decode(head).trimStart().startsWith('[');
  if (isArray || table.format === 'jsonl') return { ...found, arrays: [] };
  const splitter = new ElementSplitter(table.name, undefined);
  for await (const piece of textOf(table, found.encoding)) {
    splitter.push(piece);
    await ctx.checkpoint();
    // Several objects one after the other are records, whatever they hold; so is everything in an array.
    if (splitter.values > 1) return { ...found, arrays: [] };
  }
  return { ...found, arrays: splitter.arrays };
}

const AS_SET: Sureness = { share: 1, why: 'as you set it' };

/** JSON has to be Unicode; where it is not, Windows-1252 reads every byte as something, and the user is asked to look. */
async function encodingOf(table: TableSource, unicode: Encoding, ctx: JobContext): Promise<Omit<JsonForm, 'arrays'>> {
  const decoder = new TextDecoder(unicode, { fatal: true });
  for await (const bytes of chunksOf(table.stream())) {
    if (!isValid(() => decoder.decode(bytes, { stream: true }))) return NOT_UNICODE;
    await ctx.checkpoint();
  }
  // A character that the file's end cuts is no other encoding.
  return { encoding: unicode, sureness: { share: 1, why: 'all of it is valid Unicode, as JSON has to be' } };
}

function isValid(decode: () => string): boolean {
  try {
    decode();
    return true;
  } catch {
    return false;
  }
}

const NOT_UNICODE: Omit<JsonForm, 'arrays'> = {
  encoding: 'windows-1252',
  sureness: { share: 0.5, why: 'it is no valid Unicode, as JSON has to be: look whether the letters are right' },
};

const noObjects = (name: string): AppError =>
  inputError(
    'json-no-objects',
    `${name} is JSON, but holds no list of objects: neither one object a line, nor an array of objects.`,
    'Export it as JSON Lines: one line an event, such as {"user": "u1", "time": "2024-05-06", "text": "..."}.',
  );
