import type { Data, Utf8 } from 'apache-arrow';
import { roomy } from '../intern.ts';
import type { AddedCells } from '../join/reshape.ts';

/** The derived cells of one batch. */
export class DerivedCells {
  readonly #columns: number;
  #bytes = new Uint8Array(64 * 1024);
  #used = 0;
  #start = new Uint32Array(0);
  #end = new Uint32Array(0);

  constructor(columns: number) {
    this.#columns = columns;
  }

  begin(rows: number): void {
    const cells = rows * this.#columns;
    this.#used = 0;
    this.#start = roomy(this.#start, cells).fill(0, 0, cells);
    this.#end = roomy(this.#end, cells).fill(0, 0, cells);
  }

  /** Column `c` of the answer, in chunks; its i-th cell is that of row `rows[i]`. NULL is an empty cell. */
  put(c: number, rows: Uint32Array, chunks: readonly Data<Utf8>[]): void {
    let i = 0;
    for (const { length, valueOffsets, values } of chunks) {
      const first = valueOffsets[0] as number;
      const last = valueOffsets[length] as number;
      this.#bytes = roomy(this.#bytes, this.#used + last - first);
      this.#bytes.set(values.subarray(first, last), this.#used);
      const shift = this.#used - first;
      for (let k = 0; k < length; k++, i++) {
        const cell = (rows[i] as number) * this.#columns + c;
        this.#start[cell] = shift + (valueOffsets[k] as number);
        this.#end[cell] = shift + (valueOffsets[k + 1] as number);
      }
      this.#used += last - first;
    }
  }

  added(): AddedCells {
    return { columns: this.#columns, bytes: this.#bytes.subarray(0, this.#used), start: this.#start, end: this.#end };
  }
}
