import type { RowBatch } from '../batch.ts';
import { roomy } from '../intern.ts';
import { trimCell } from '../join/reshape.ts';
import { missingCells } from '../missing-cells.ts';
import type { PackedTexts } from './arrow.ts';

/** Cells of a column as Arrow wants them: one after the other, trimmed, and none where a cell is missing. */
export class ColumnPacker {
  readonly #isMissing: ReturnType<typeof missingCells>;

  /** @param missing cells that say "nothing", exact once trimmed */
  constructor(missing: readonly string[]) {
    this.#isMissing = missingCells(missing);
  }

  /** The cell at `position` of each of the batch's `rows`; it is missing, too, where the row is too short. */
  pack(batch: RowBatch, rows: Uint32Array, position: number): PackedTexts {
    const offsets = new Int32Array(rows.length + 1);
    const valid = new Uint8Array((rows.length + 7) >> 3);
    let data = new Uint8Array(16 * rows.length);
    let [used, missing] = [0, 0];
    for (let i = 0; i < rows.length; i++) {
      const cell = (batch.row[rows[i] as number] as number) + position;
      const there = cell < (batch.row[(rows[i] as number) + 1] as number);
      const [from, to] = there ? trimCell(batch.bytes, batch.start[cell] as number, batch.end[cell] as number) : [0, 0];
      if (this.#isMissing(batch.bytes, from, to)) missing++;
      else {
        valid[i >> 3] = (valid[i >> 3] as number) | (1 << (i & 7));
        data = roomy(data, used + to - from);
        for (let at = from; at < to; at++) data[used++] = batch.bytes[at] as number;
      }
      offsets[i + 1] = used;
    }
    return wellFormed({ data: data.subarray(0, used), offsets, valid, missing });
  }
}

/** DuckDB trusts its texts to be UTF-8. A file that is read in an encoding which it does not have is mended as a decoder would. */
function wellFormed(packed: PackedTexts): PackedTexts {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(packed.data);
    return packed;
  } catch {
    return mend(packed);
  }
}

function mend({ data, offsets, valid, missing }: PackedTexts): PackedTexts {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const cells = Array.from({ length: offsets.length - 1 }, (_, i) =>
    new TextEncoder().encode(decoder.decode(data.subarray(offsets[i], offsets[i + 1]))),
  );
  const mended = new Uint8Array(cells.reduce((sum, cell) => sum + cell.length, 0));
  const bounds = new Int32Array(offsets.length);
  cells.forEach((cell, i) => {
    mended.set(cell, bounds[i]);
    bounds[i + 1] = (bounds[i] as number) + cell.length;
  });
  return { data: mended, offsets: bounds, valid, missing };
}
