import type { RowBatch, TableReader } from '../batch.ts';

/** For tests: the cells of a batch as strings, ragged as they are. */
export function rowsOf(batch: RowBatch): string[][] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return Array.from({ length: batch.count }, (_, r) => {
    const cells: string[] = [];
    for (let c = batch.row[r] ?? 0; c < (batch.row[r + 1] ?? 0); c++) {
      cells.push(decoder.decode(batch.bytes.subarray(batch.start[c], batch.end[c])));
    }
    return cells;
  });
}

/** For tests: a table as strings, with the line and the flaw of each row. */
export async function readAll(reader: TableReader): Promise<{ rows: string[][]; lines: number[]; flaws: number[] }> {
  const all = { rows: [] as string[][], lines: [] as number[], flaws: [] as number[] };
  for await (const batch of reader.batches()) {
    all.rows.push(...rowsOf(batch));
    all.lines.push(...batch.line);
    all.flaws.push(...batch.flaw);
  }
  return all;
}
