import type { ByteSource, FilePreview, Intake, JobContext } from '../domain/index.ts';
import { cellsOf, isBlankRow, type RowBatch } from './batch.ts';
import { DateOrderScan } from './date-order.ts';
import { headerOnly } from './errors.ts';
import { type FoundTable, findTables } from './find.ts';
import { profileColumn } from './profile.ts';
import { ReadingProgress } from './progress.ts';
import { ownCopy, SpreadSample } from './sample.ts';
import { openTable } from './table.ts';

const PREVIEW_ROWS = 20;

/**
 * Looks through a file: for each of its tables the form, the first rows, and what each column looks like. Progress in bytes of the file.
 * @param forms what is set of the tables' forms, by the tables' names
 * @throws AppError input, naming the file, where it holds no readable table with at least one row
 */
export async function inspectFile(file: ByteSource, forms: Intake['forms'], ctx: JobContext): Promise<FilePreview[]> {
  const progress = new ReadingProgress([file], ctx);
  const tables = await findTables(file, forms, ctx, progress.found);
  const previews: FilePreview[] = [];
  for (const found of tables) previews.push(await inspectTable(found, ctx, progress.readOf(found, tables)));
  const [first] = previews;
  if (first && previews.every(({ rowCount }) => rowCount === 0)) throw headerOnly(first.name, first.header);
  ctx.progress(file.size, file.size);
  return previews;
}

async function inspectTable(found: FoundTable, ctx: JobContext, onBytes: (bytes: number) => void): Promise<FilePreview> {
  const { table, form, sureness, sha256, ignored } = found;
  const reader = await openTable(table, form, ctx, onBytes);
  const rows: string[][] = [];
  const sample = new SpreadSample();
  // The sample may miss the one date that tells day from month.
  const orders = reader.header.map(() => new DateOrderScan());
  let rowCount = 0;
  for await (const batch of reader.batches()) {
    for (let r = 0; r < batch.count; r++) {
      if (rowCount++ < PREVIEW_ROWS) rows.push(ownCopy(cellsOf(batch, r)));
      // Blank lines say nothing of any column.
      if (!isBlankRow(batch, r) && sample.wants()) sample.add(cellsOf(batch, r));
      scanRow(batch, r, orders);
    }
    await ctx.checkpoint();
  }
  return {
    name: table.name,
    file: table.file.name,
    size: table.file.size,
    sha256,
    form,
    sureness,
    header: reader.header,
    rows,
    rowCount,
    ignored,
    columns: reader.header.map((name, i) =>
      profileColumn(
        name,
        sample.rows.map((cells) => cells[i]),
        orders[i]?.result(),
      ),
    ),
  };
}

function scanRow({ bytes, row, start, end }: RowBatch, r: number, orders: readonly DateOrderScan[]): void {
  const first = row[r] as number;
  const cells = Math.min((row[r + 1] as number) - first, orders.length);
  for (let i = 0; i < cells; i++) {
    (orders[i] as DateOrderScan).addBytes(bytes, start[first + i] as number, end[first + i] as number);
  }
}
