import type { Dialect, JobContext, TableForm } from '../../domain/index.ts';
import { cellsOf, isBlankRow, type RowBatch, type TableReader, type TableSource } from '../batch.ts';
import { nameColumns } from '../cells.ts';
import { readChunks } from '../chunks.ts';
import { emptyFile } from '../errors.ts';
import { isIndexColumn } from '../form/index.ts';
import { Tokeniser } from './tokeniser.ts';
import { utf8Pieces } from './utf8.ts';

/** Of a text whose dialect is not told. */
const PLAIN: Dialect = { delimiter: ',', newline: '\n', quote: '"', escape: 'doubled', comment: null, skip: 0, header: true };

/**
 * A delimited text as a table. The first row that is not blank is the header, or the first row of data; what stands above it is no row.
 * @param onBytes is told how many bytes of the unpacked text were read since the last call
 * @throws AppError input: nothing in it, a record without end
 */
export async function openTextTable(
  table: TableSource,
  form: TableForm,
  ctx: JobContext,
  onBytes: (bytes: number) => void,
): Promise<TableReader> {
  const dialect = form.dialect ?? PLAIN;
  const cut = (told: (bytes: number) => void): AsyncGenerator<RowBatch, void, undefined> =>
    cutTable(table, form, dialect, ctx, told);
  const top = await firstRows(cut(() => {}));
  if (top === null) throw emptyFile(table.name);
  return { header: headerOf(top, dialect.header), batches: () => belowHeader(cut(onBytes), dialect.header) };
}

async function* cutTable(
  table: TableSource,
  form: TableForm,
  dialect: Dialect,
  ctx: JobContext,
  onBytes: (bytes: number) => void,
): AsyncGenerator<RowBatch, void, undefined> {
  const tokeniser = new Tokeniser(dialect, table.name);
  for await (const piece of utf8Pieces(readChunks(table.name, table.stream()), form.encoding ?? 'utf-8')) {
    const batch = tokeniser.push(piece);
    onBytes(piece.length);
    if (batch) yield batch;
    await ctx.checkpoint();
  }
  const rest = tokeniser.end();
  if (rest) yield rest;
}

/** As strings, the rows of the first batch that has one which is not blank, from that row on; null where none has. */
async function firstRows(batches: AsyncIterable<RowBatch>): Promise<string[][] | null> {
  for await (const batch of batches) {
    const first = firstFilled(batch);
    if (first >= 0) return Array.from({ length: Math.min(batch.count - first, TOP_ROWS) }, (_, i) => cellsOf(batch, first + i));
  }
  return null;
}

/** Rows by which the header's own form is judged. */
const TOP_ROWS = 1000;

function firstFilled(batch: RowBatch): number {
  for (let r = 0; r < batch.count; r++) if (!isBlankRow(batch, r)) return r;
  return -1;
}

/** @param top the table's first rows, the first of them not blank */
function headerOf(top: readonly string[][], named: boolean): string[] {
  const [first = [], ...below] = top;
  const names = lacksIndexName(first, below) ? ['', ...first] : first;
  const cells = named ? names : first.map(() => '');
  return nameColumns(endsWithDelimiter(top, first.length) ? cells.slice(0, -1) : cells);
}

/** R writes a column of row numbers with no cell for it in the header, not even an empty one. */
const lacksIndexName = (header: readonly string[], below: readonly string[][]): boolean => {
  const rows = below.filter((cells) => cells.length > 1);
  return (
    rows.every((cells) => cells.length === header.length + 1) &&
    isIndexColumn(
      '',
      rows.map(([first = '']) => first),
    )
  );
};

/** Every row, the header too, ends with a delimiter that no cell follows: that is no column. */
function endsWithDelimiter(rows: readonly string[][], width: number): boolean {
  const filled = rows.filter((cells) => cells.length > 1 || cells[0] !== '');
  return width > 1 && filled.length > 1 && filled.every((cells) => cells.length === width && cells.at(-1)?.trim() === '');
}

/** The rows of data: all but the blank ones above the table and its header. */
async function* belowHeader(batches: AsyncIterable<RowBatch>, named: boolean): AsyncGenerator<RowBatch, void, undefined> {
  let above = true;
  for await (const batch of batches) {
    if (!above) yield batch;
    else {
      const first = firstFilled(batch);
      if (first < 0) continue;
      above = false;
      const from = named ? first + 1 : first;
      if (from < batch.count) yield fromRow(batch, from);
    }
  }
}

const fromRow = (batch: RowBatch, from: number): RowBatch => ({
  ...batch,
  count: batch.count - from,
  row: batch.row.subarray(from),
  line: batch.line.subarray(from),
  flaw: batch.flaw.subarray(from),
});
