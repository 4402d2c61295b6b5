import { FLAW, type RowBatch } from '../batch.ts';

/** Rows in one batch: enough that a batch costs little, few enough that a column of them is no memory. */
const BATCH_ROWS = 4096;
const BATCH_BYTES = 1024 * 1024;
/** Up to this many characters a loop is faster than a call of the encoder. */
const SHORT_TEXT = 64;

const encoder = new TextEncoder();

/** Makes batches of rows whose cells are strings. Its buffers are used again: a batch is valid until `begin` is called after `take`. */
export class BatchBuilder {
  #bytes = new Uint8Array(64 * 1024);
  #used = 0;
  #start = new Uint32Array(1024);
  #end = new Uint32Array(1024);
  #cells = 0;
  readonly #row = new Uint32Array(BATCH_ROWS + 1);
  readonly #line = new Uint32Array(BATCH_ROWS);
  readonly #flaw = new Uint8Array(BATCH_ROWS);
  #count = 0;
  #taken = false;

  get count(): number {
    return this.#taken ? 0 : this.#count;
  }

  /** Time to `take`. */
  get full(): boolean {
    return this.count === BATCH_ROWS || (!this.#taken && this.#used >= BATCH_BYTES);
  }

  /** @param line as in RowBatch; @param flaw one of FLAW; @param cells null = empty */
  add(line: number, cells: readonly (string | null)[], flaw: number = FLAW.none): void {
    if (this.#taken) this.#clear();
    this.#line[this.#count] = line;
    this.#flaw[this.#count] = flaw;
    for (const cell of cells) this.#cell(cell ?? '');
    this.#row[++this.#count] = this.#cells;
  }

  take(): RowBatch {
    if (this.#taken) this.#clear();
    this.#taken = true;
    return {
      count: this.#count,
      bytes: this.#bytes.subarray(0, this.#used),
      row: this.#row.subarray(0, this.#count + 1),
      start: this.#start.subarray(0, this.#cells),
      end: this.#end.subarray(0, this.#cells),
      line: this.#line.subarray(0, this.#count),
      flaw: this.#flaw.subarray(0, this.#count),
    };
  }

  #clear(): void {
    this.#used = 0;
    this.#cells = 0;
    this.#count = 0;
    this.#taken = false;
  }

  #cell(text: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    this.#reserve(this.#used + 3 * text.length);
    this.#start[this.#cells] = this.#used;
    this.#used = text.length <= SHORT_TEXT ? this.#short(text) : this.#long(text);
    this.#end[this.#cells++] = this.#used;
  }

  #short(text: string): number {
    let at = this.#used;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c > 127) return this.#long(text);
      this.#bytes[at++] = c;
    }
    return at;
  }

  #long(text: string): number {
    return this.#used + encoder.encodeInto(text, this.#bytes.subarray(this.#used)).written;
  }

  #reserve(bytes: number): void {
    if (bytes > this.#bytes.length) this.#bytes = grown(new Uint8Array(Math.max(bytes, 2 * this.#bytes.length)), this.#bytes);
    if (this.#cells < this.#start.length) return;
    this.#start = grown(new Uint32Array(2 * this.#cells), this.#start);
    this.#end = grown(new Uint32Array(2 * this.#cells), this.#end);
  }
}

function grown<A extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(larger: A, old: A): A {
  larger.set(old);
  return larger;
}
