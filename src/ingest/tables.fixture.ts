import { ABSENT, FLAW, type RowBatch, type TableReader } from './batch.ts';

/** For tests: a table of rows of cells, in batches of `size` rows that share one set of buffers, as the contract allows. */
export function tableOf(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  size = 3,
  flaws: readonly number[] = [],
): TableReader {
  return {
    header,
    async *batches() {
      for (let from = 0; from < rows.length; from += size) {
        const batch = batchOfRows(rows.slice(from, from + size), from + 2, flaws.slice(from));
        yield batch;
        // Whoever keeps a batch would find nonsense in it.
        batch.bytes.fill(0x23);
        batch.start.fill(7);
        batch.end.fill(9);
      }
    },
  };
}

function batchOfRows(rows: readonly (readonly string[])[], firstLine: number, flaws: readonly number[]): RowBatch {
  const cells = rows.flat();
  const encoded = cells.map((cell) => new TextEncoder().encode(cell));
  // A gap before each cell, where quotation marks and delimiters would lie.
  const bytes = new Uint8Array(encoded.reduce((sum, cell) => sum + cell.length + 1, 0)).fill(0x22);
  const start = new Uint32Array(cells.length);
  const end = new Uint32Array(cells.length);
  let at = 0;
  encoded.forEach((cell, c) => {
    bytes.set(cell, ++at);
    start[c] = at;
    at += cell.length;
    end[c] = at;
  });
  const row = new Uint32Array(rows.length + 1);
  rows.forEach((r, i) => {
    row[i + 1] = (row[i] as number) + r.length;
  });
  const line = Uint32Array.from(rows, (_, i) => firstLine + i);
  const flaw = Uint8Array.from(rows, (_, i) => flaws[i] ?? FLAW.none);
  return { count: rows.length, bytes, row, start, end, line, flaw };
}

/** For tests: all rows of a table as strings; null for an absent cell. */
export async function rowsOf(table: TableReader): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  for await (const batch of table.batches()) {
    for (let r = 0; r < batch.count; r++) rows.push(cellsOf(batch, r));
  }
  return rows;
}

/** For tests: the cells of one row as strings; null for an absent cell. */
export function cellsOf({ bytes, row, start, end }: RowBatch, r: number): (string | null)[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const cells: (string | null)[] = [];
  for (let c = row[r] as number; c < (row[r + 1] as number); c++) {
    const [from, to] = [start[c] as number, end[c] as number];
    cells.push(from === ABSENT ? null : decoder.decode(bytes.subarray(from, to)));
  }
  return cells;
}
