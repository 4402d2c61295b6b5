import type { RowBatch, TableReader } from '../batch.ts';
import { type AddedCells, BatchShaper } from './reshape.ts';

/**
 * A table as one of several that are read one after the other: of its columns the wanted ones, in their order, and behind them its
 * name as one more cell. Two rows that are equal but for the table's name are the same row for whoever looks for duplicates.
 * @param wanted names that are all in the table's header
 * @param tableColumn what the column with the name is called; null = none is added
 */
export function stacked(
  reader: TableReader,
  wanted: readonly string[],
  tableName: string,
  tableColumn: string | null,
): TableReader {
  const positions = wanted.map((name) => reader.header.indexOf(name));
  const shaper = new BatchShaper(positions, reader.header.length);
  const name = tableColumn === null ? null : new TextEncoder().encode(tableName);
  return {
    header: tableColumn === null ? wanted : [...wanted, tableColumn],
    async *batches() {
      for await (const batch of reader.batches()) yield shaper.shape(batch, sameCell(name, batch));
    },
  };
}

function sameCell(bytes: Uint8Array | null, { count }: RowBatch): AddedCells {
  if (bytes === null) return { columns: 0, bytes: new Uint8Array(0), start: new Uint32Array(0), end: new Uint32Array(0) };
  return { columns: 1, bytes, start: new Uint32Array(count), end: new Uint32Array(count).fill(bytes.length) };
}
