import { ABSENT, FLAW, type RowBatch } from '../batch.ts';

/** Cells to be put behind those of a batch: row r has cells `r * columns` to `(r + 1) * columns` of `start` and `end`, which count in `bytes`. */
export interface AddedCells {
  readonly columns: number;
  readonly bytes: Uint8Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
}

/** A row that takes no part in what is done with cells: its form is broken, or it is a blank line. It keeps its cells as they are. */
export function isNoRow(batch: RowBatch, row: number, width: number): boolean {
  if (batch.flaw[row] !== FLAW.none) return true;
  const first = batch.row[row] as number;
  return width > 1 && batch.row[row + 1] === first + 1 && isBlankCell(batch, first);
}

function isBlankCell({ bytes, start, end }: RowBatch, cell: number): boolean {
  const [from, to] = trimCell(bytes, start[cell] as number, end[cell] as number);
  return from >= to;
}

/** The span of a cell without the white space around it: ASCII's, the hard space and the ideographic one. */
export function trimCell(bytes: Uint8Array, start: number, end: number): [start: number, end: number] {
  let from = start;
  let to = end;
  for (let n = spaceAt(bytes, from, to); n > 0; n = spaceAt(bytes, from, to)) from += n;
  for (let n = spaceBefore(bytes, from, to); n > 0; n = spaceBefore(bytes, from, to)) to -= n;
  return [from, to];
}

/** Length in bytes of the white space that begins at `at`, or 0. */
function spaceAt(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return 0;
  const byte = bytes[at] as number;
  if (byte <= 0x20) return 1;
  if (byte === 0xc2 && at + 1 < end && bytes[at + 1] === 0xa0) return 2;
  return byte === 0xe3 && at + 2 < end && bytes[at + 1] === 0x80 && bytes[at + 2] === 0x80 ? 3 : 0;
}

function spaceBefore(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start) return 0;
  const byte = bytes[end - 1] as number;
  if (byte <= 0x20) return 1;
  if (byte === 0xa0) return spaceAt(bytes, Math.max(start, end - 2), end) === 2 ? 2 : 0;
  return byte === 0x80 && end - 3 >= start && spaceAt(bytes, end - 3, end) === 3 ? 3 : 0;
}

/**
 * Makes batches whose rows have some cells of the old ones, in the order of `positions` (into a header of `width` columns), then added
 * ones, then what stood beyond the header: too long a row stays too long. A cell that a short row lacks becomes an absent one.
 * The batch it returns is valid until the next call.
 */
export class BatchShaper {
  readonly #positions: Int32Array;
  readonly #width: number;
  #bytes = new Uint8Array(0);
  #row = new Uint32Array(0);
  #start = new Uint32Array(0);
  #end = new Uint32Array(0);

  constructor(positions: readonly number[], width: number) {
    this.#positions = Int32Array.from(positions);
    this.#width = width;
  }

  shape(batch: RowBatch, added: AddedCells, flaw = batch.flaw): RowBatch {
    const own = batch.bytes.length;
    this.#reserve(batch, added);
    this.#bytes.set(batch.bytes);
    this.#bytes.set(added.bytes, own);
    let cell = 0;
    for (let r = 0; r < batch.count; r++) {
      this.#row[r] = cell;
      cell = isNoRow(batch, r, this.#width) ? this.#copy(batch, r, 0, cell) : this.#compose(batch, r, added, own, cell);
    }
    this.#row[batch.count] = cell;
    return { ...batch, bytes: this.#bytes, row: this.#row, start: this.#start, end: this.#end, flaw };
  }

  #compose(batch: RowBatch, r: number, added: AddedCells, own: number, at: number): number {
    const first = batch.row[r] as number;
    const cells = (batch.row[r + 1] as number) - first;
    const positions = this.#positions;
    let cell = at;
    for (let i = 0; i < positions.length; i++, cell++) {
      const position = positions[i] as number;
      const there = position < cells;
      this.#start[cell] = there ? (batch.start[first + position] as number) : ABSENT;
      this.#end[cell] = there ? (batch.end[first + position] as number) : ABSENT;
    }
    const { columns } = added;
    for (let c = r * columns; c < (r + 1) * columns; c++, cell++) {
      this.#start[cell] = own + (added.start[c] as number);
      this.#end[cell] = own + (added.end[c] as number);
    }
    return this.#copy(batch, r, this.#width, cell);
  }

  /** The cells of a row from the `from`-th on. */
  #copy(batch: RowBatch, r: number, from: number, at: number): number {
    let cell = at;
    const end = batch.row[r + 1] as number;
    for (let c = (batch.row[r] as number) + from; c < end; c++, cell++) {
      this.#start[cell] = batch.start[c] as number;
      this.#end[cell] = batch.end[c] as number;
    }
    return cell;
  }

  #reserve(batch: RowBatch, added: AddedCells): void {
    const bytes = batch.bytes.length + added.bytes.length;
    const cells = (batch.row[batch.count] as number) + batch.count * (this.#positions.length + added.columns);
    if (this.#bytes.length < bytes) this.#bytes = new Uint8Array(roomFor(bytes));
    if (this.#row.length <= batch.count) this.#row = new Uint32Array(roomFor(batch.count + 1));
    if (this.#start.length >= cells) return;
    this.#start = new Uint32Array(roomFor(cells));
    this.#end = new Uint32Array(roomFor(cells));
  }
}

/** Some room to grow, so that batches of slightly different sizes don't each make new buffers. */
const roomFor = (size: number): number => size + (size >> 2);
