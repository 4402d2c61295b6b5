/**
 * Rows spread evenly over a stream of unknown length: every stride-th row is kept, and the stride doubles whenever the
 * sample is full. Holds between `capacity / 2` and `capacity` rows of a long stream; no chance in it.
 */
export class SpreadSample {
  readonly #capacity: number;
  #stride = 1;
  #seen = 0;
  rows: string[][] = [];

  constructor(capacity = 4096) {
    this.#capacity = capacity;
  }

  /** Counts a row of the stream; true where it is to be added. Asked before its cells are made, since few are wanted. */
  wants(): boolean {
    if (this.#seen++ % this.#stride !== 0) return false;
    if (this.rows.length < this.#capacity) return true;
    this.rows = this.rows.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
    return (this.#seen - 1) % this.#stride === 0;
  }

  add(cells: readonly string[]): void {
    this.rows.push(ownCopy(cells));
  }
}

/** Longest piece of a cell that is kept for looking at. */
const CELL_LIMIT = 400;

/**
 * A copy that shares no memory: a cell cut from a block of text keeps the whole block alive in V8, and a sample of cells
 * from everywhere would keep the whole file.
 */
export const ownCopy = (cells: readonly string[]): string[] =>
  JSON.parse(JSON.stringify(cells.map((c) => (c.length > CELL_LIMIT ? `${c.slice(0, CELL_LIMIT)}…` : c)))) as string[];
