/** Formats other than delimited text. */
import type { FormChoice, FormSureness, JobContext, TableForm } from '../../domain/index.ts';
import type { TableReader, TableSource } from '../batch.ts';
import { openArrow } from './arrow.ts';
import { lookIntoJson, openJson } from './json.ts';
import { openParquet } from './parquet.ts';
import { lookIntoWorkbook, openWorkbook } from './xlsx.ts';

/**
 * The form of a table that is no delimited text. Where a JSON file is an object that holds arrays of objects, they are its `sheets`.
 * @throws AppError input where the table can't be read
 */
export async function detectFormat(
  table: TableSource,
  choice: FormChoice,
  ctx: JobContext,
): Promise<{ readonly form: TableForm; readonly sureness: FormSureness }> {
  const { format, packed } = table;
  const plain: TableForm = { format, packed, encoding: null, dialect: null, sheet: null, sheets: [] };
  if (format === 'xlsx') {
    const { sheet, sheets, dialect, header } = await lookIntoWorkbook(table, choice, ctx);
    return { form: { ...plain, sheet, sheets, dialect }, sureness: { header } };
  }
  if (format !== 'jsonl' && format !== 'json') return { form: plain, sureness: {} };
  const { encoding, sureness, arrays } = await lookIntoJson(table, choice.encoding, ctx);
  const form = { ...plain, encoding, sheet: chosenSheet(choice, arrays), sheets: arrays };
  return { form, sureness: { encoding: sureness } };
}

const chosenSheet = (choice: FormChoice, sheets: readonly string[]): string | null =>
  sheets.find((name) => name === choice.sheet) ?? sheets[0] ?? null;

/**
 * Opens a table that is no delimited text.
 * @throws AppError input, naming the table, where it holds no rows that can be read
 */
export function openFormat(table: TableSource, form: TableForm, ctx: JobContext): Promise<TableReader> {
  if (form.format === 'jsonl' || form.format === 'json') return openJson(table, form, ctx);
  if (form.format === 'parquet') return openParquet(table, ctx);
  if (form.format === 'arrow') return openArrow(table, ctx);
  return openWorkbook(table, form, ctx);
}
