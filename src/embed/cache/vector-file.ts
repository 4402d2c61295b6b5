import { createMatrix, type Matrix, rowOf } from '../../domain/index.ts';
import { type SyncFile, writeAll } from '../opfs.ts';
import { HEADER_BYTES, type RecordFormat, recordFormat, sameBytes } from './records.ts';
import type { FoundVectors } from './types.ts';

/** One row, and whether it was of a text that was cut, a key. */
interface Kept {
  readonly vectors: Matrix;
  readonly cut: ArrayLike<number>;
}

/** Read at once: a file of any size is gone through in this much memory. */
const CHUNK_BYTES = 4 << 20;

/**
 * Vectors by key in a file that only grows. A record that is torn (the tab was closed while it was written) or damaged counts as absent, and the
 * next vector that is kept takes its place. Whoever opens it closes it.
 */
export class VectorFile {
  /** The file was none of ours, or of other dimensions: it was emptied. */
  readonly begunAnew: boolean;
  readonly #file: SyncFile;
  readonly #format: RecordFormat;
  readonly #dims: number;
  readonly #chunk: Uint8Array;
  readonly #perChunk: number;
  /** Where the record of a key lies, in records from the first. */
  readonly #slots = new Map<string, number>();
  /** Of damaged records. */
  readonly #free: number[] = [];
  #end: number;

  /**
   * Goes through all of the file, and holds its keys from then on.
   * @throws DOMException of the storage, here and below
   */
  static async open(file: SyncFile, dims: number): Promise<VectorFile> {
    return new VectorFile(file, dims, await recordFormat(dims));
  }

  private constructor(file: SyncFile, dims: number, format: RecordFormat) {
    this.#file = file;
    this.#dims = dims;
    this.#format = format;
    this.#perChunk = Math.max(1, Math.floor(CHUNK_BYTES / format.recordBytes));
    this.#chunk = new Uint8Array(this.#perChunk * format.recordBytes);
    this.begunAnew = this.#begin();
    this.#end = Math.ceil((file.getSize() - HEADER_BYTES) / format.recordBytes);
    for (let slot = 0; slot < this.#end; slot += this.#perChunk) this.#scan(slot, Math.min(this.#perChunk, this.#end - slot));
  }

  /** Records that do not match their checksum. */
  get damaged(): number {
    return this.#free.length;
  }

  get count(): number {
    return this.#slots.size;
  }

  get bytes(): number {
    return HEADER_BYTES + this.#end * this.#format.recordBytes;
  }

  lookUp(keys: readonly string[]): FoundVectors {
    const slots = [...new Set(keys.flatMap((key) => this.#slots.get(key) ?? []))].sort((a, b) => a - b);
    const vectors = createMatrix(slots.length, this.#dims);
    const cut = new Uint8Array(slots.length);
    const rowOfKey = new Map<string, number>();
    for (const [from, to] of spans(slots, this.#perChunk)) {
      const first = slots[from] as number;
      this.#read(first, (slots[to - 1] as number) - first + 1);
      for (let i = from; i < to; i++) {
        const record = this.#record((slots[i] as number) - first);
        const key = this.#format.keyIn(record);
        // Damaged since the file was opened.
        if (key === null) continue;
        this.#format.copyVector(record, rowOf(vectors, i));
        if (this.#format.wasCut(record)) cut[i] = 1;
        rowOfKey.set(key, i);
      }
    }
    return { rows: Int32Array.from(keys, (key) => rowOfKey.get(key) ?? -1), vectors, cut };
  }

  /** Writes the vectors whose keys are not there. False, and nothing is written, where the file would grow beyond `mostBytes`. */
  keep(keys: readonly string[], kept: Kept, mostBytes: number): boolean {
    const fresh = new Map<string, number>();
    keys.forEach((key, row) => {
      if (!this.#slots.has(key)) fresh.set(key, row);
    });
    const again = this.#free.splice(0, fresh.size);
    const rows = [...fresh];
    const grown = rows.slice(again.length);
    if (this.bytes + grown.length * this.#format.recordBytes > mostBytes) {
      this.#free.push(...again);
      return false;
    }
    again.forEach((slot, i) => {
      this.#write(slot, rows.slice(i, i + 1), kept);
    });
    if (grown.length > 0) this.#write(this.#end, grown, kept);
    return true;
  }

  close(): void {
    this.#file.close();
  }

  /** Writes the header, and whether the file had to be emptied for it. */
  #begin(): boolean {
    const { header } = this.#format;
    const found = new Uint8Array(HEADER_BYTES);
    const size = this.#file.getSize();
    this.#file.read(found, { at: 0 });
    const wrong = size > 0 && !sameBytes(found, header);
    if (wrong) this.#file.truncate(0);
    // Also where it is there already: the time of the last write tells which file was used last.
    writeAll(this.#file, header, 0);
    return wrong;
  }

  #scan(slot: number, count: number): void {
    this.#read(slot, count);
    for (let i = 0; i < count; i++) {
      const key = this.#format.keyIn(this.#record(i));
      if (key === null) this.#free.push(slot + i);
      else this.#slots.set(key, slot + i);
    }
  }

  /** Records `slot` to `slot + count` into the chunk; what the file does not hold is zeros, which match no checksum. */
  #read(slot: number, count: number): void {
    const part = this.#chunk.subarray(0, count * this.#format.recordBytes);
    part.fill(0, this.#file.read(part, { at: this.#placeOf(slot) }));
  }

  #write(slot: number, rows: readonly (readonly [key: string, row: number])[], { vectors, cut }: Kept): void {
    const { recordBytes } = this.#format;
    const bytes = new Uint8Array(rows.length * recordBytes);
    rows.forEach(([key, row], i) => {
      this.#format.write(bytes.subarray(i * recordBytes, (i + 1) * recordBytes), key, rowOf(vectors, row), cut[row] === 1);
    });
    writeAll(this.#file, bytes, this.#placeOf(slot));
    rows.forEach(([key], i) => {
      this.#slots.set(key, slot + i);
    });
    this.#end = Math.max(this.#end, slot + rows.length);
  }

  #record(i: number): Uint8Array {
    return this.#chunk.subarray(i * this.#format.recordBytes, (i + 1) * this.#format.recordBytes);
  }

  #placeOf(slot: number): number {
    return HEADER_BYTES + slot * this.#format.recordBytes;
  }
}

/** Cuts ascending `slots` into runs [from, to) of indexes, each within `most` consecutive slots. */
function* spans(slots: readonly number[], most: number): Generator<[from: number, to: number]> {
  for (let from = 0; from < slots.length; ) {
    let to = from + 1;
    while (to < slots.length && (slots[to] as number) - (slots[from] as number) < most) to++;
    yield [from, to];
    from = to;
  }
}
