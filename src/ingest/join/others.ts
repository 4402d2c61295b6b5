import type { RowBatch, TableReader } from '../batch.ts';
import { type AddedCells, BatchShaper, isNoRow, trimCell } from './reshape.ts';

/** What the column is called that holds what only some of several tables have. */
export const OTHER_COLUMNS = 'other columns';

/**
 * A table as one of several that do not all have its columns: the common ones, and one more cell with all that is in the others, as
 * `name=value; name=value` in the order of names, empty cells left out. Rows that differ in such a column are not the same.
 * @param common names that are all in the table's header
 * @param column what the added column is called
 */
export function withOthers(reader: TableReader, common: readonly string[], column: string): TableReader {
  const positions = common.map((name) => reader.header.indexOf(name));
  const width = reader.header.length;
  const shaper = new BatchShaper(positions, width);
  const others = otherColumns(reader.header, common);
  return {
    header: [...common, column],
    async *batches() {
      for await (const batch of reader.batches()) yield shaper.shape(batch, otherCells(batch, others, width));
    },
  };
}

interface OtherColumn {
  readonly at: number;
  /** `name=`, as UTF-8. */
  readonly label: Uint8Array;
}

function otherColumns(header: readonly string[], common: readonly string[]): OtherColumn[] {
  const encoder = new TextEncoder();
  const names = header.map((name, at) => ({ name, at })).filter(({ name }) => !common.includes(name));
  names.sort((a, b) => (a.name < b.name ? -1 : 1));
  return names.map(({ name, at }) => ({ at, label: encoder.encode(`${name}=`) }));
}

const SEPARATOR = new TextEncoder().encode('; ');

function otherCells(batch: RowBatch, columns: readonly OtherColumn[], width: number): AddedCells {
  const { count, row } = batch;
  const start = new Uint32Array(count);
  const end = new Uint32Array(count);
  const labels = columns.reduce((sum, { label }) => sum + label.length + SEPARATOR.length, 0);
  const bytes = new Uint8Array(batch.bytes.length + count * labels);
  let at = 0;
  for (let r = 0; r < count; r++) {
    start[r] = at;
    if (!isNoRow(batch, r, width)) {
      const cells = (row[r + 1] as number) - (row[r] as number);
      for (const column of columns) {
        if (column.at >= cells) continue;
        const cell = (row[r] as number) + column.at;
        const [from, to] = trimCell(batch.bytes, batch.start[cell] as number, batch.end[cell] as number);
        if (from >= to) continue;
        if (at > (start[r] as number)) at = put(bytes, at, SEPARATOR);
        at = put(bytes, at, column.label);
        at = put(bytes, at, batch.bytes.subarray(from, to));
      }
    }
    end[r] = at;
  }
  return { columns: 1, bytes: bytes.subarray(0, at), start, end };
}

function put(bytes: Uint8Array, at: number, part: Uint8Array): number {
  bytes.set(part, at);
  return at + part.length;
}
