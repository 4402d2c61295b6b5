import type { JobContext, TableForm } from '../domain/index.ts';
import type { TableReader, TableSource } from './batch.ts';
import { openFormat } from './formats/index.ts';
import { openTextTable } from './text/open.ts';

/**
 * A table to be read from front to back, whatever its format.
 * @param onBytes is told how many bytes of the unpacked table were read since the last call
 * @throws AppError input, naming the table, where it can't be read as `form` says
 */
export const openTable = async (
  table: TableSource,
  form: TableForm,
  ctx: JobContext,
  onBytes: (bytes: number) => void,
): Promise<TableReader> => (form.format === 'text' ? openTextTable(table, form, ctx, onBytes) : openFormat(table, form, ctx));
