export type Bytes = Uint8Array<ArrayBuffer>;

/** A piece of a stream. */
export interface Block {
  /** Where it begins in the stream. */
  readonly at: number;
  readonly bytes: Bytes;
}

/** A few hundred rows even of long texts. */
export const HEAD_BYTES = 256 * 1024;
const TAIL_BYTES = 32 * 1024;
const MIDDLE_BYTES = 16 * 1024;
/** Half as many to as many blocks of a long stream. */
const MIDDLE_BLOCKS = 16;

/**
 * Pieces of a stream whose length is not known beforehand: its start, its end, and blocks at even steps between. The step doubles
 * whenever there are too many blocks; no chance in it, and how the stream is cut into chunks does not matter.
 */
export class SpreadBlocks {
  total = 0;
  readonly #head = new Filling(0, HEAD_BYTES);
  #middle: Filling[] = [];
  #stride = HEAD_BYTES;
  #nextAt = HEAD_BYTES;
  #open: Filling | null = null;
  #tail: Bytes[] = [];
  #tailLength = 0;

  /** The chunk is kept for a while and must not be changed. */
  add(chunk: Bytes): void {
    const from = this.total;
    this.total += chunk.length;
    this.#head.take(chunk, from);
    this.#addToMiddle(chunk, from);
    this.#addToTail(chunk);
  }

  get head(): Bytes {
    return this.#head.bytes;
  }

  get headIsFull(): boolean {
    return this.#head.full;
  }

  /** In the order of the stream, not overlapping. */
  blocks(): Block[] {
    const start = { at: 0, bytes: this.head };
    if (this.total <= HEAD_BYTES) return [start];
    const tailAt = Math.max(HEAD_BYTES, this.total - TAIL_BYTES);
    const middle = this.#middle.filter((b) => b.full && b.at + MIDDLE_BYTES <= tailAt);
    return [start, ...middle.map(({ at, bytes }) => ({ at, bytes })), { at: tailAt, bytes: this.#tailFrom(tailAt) }];
  }

  #addToMiddle(chunk: Bytes, from: number): void {
    this.#open?.take(chunk, from);
    while (this.#nextAt < this.total) {
      const block = new Filling(this.#nextAt, MIDDLE_BYTES);
      block.take(chunk, from);
      this.#middle.push(block);
      this.#open = block;
      this.#nextAt += this.#stride;
      if (this.#middle.length > MIDDLE_BLOCKS) this.#thin();
    }
  }

  #thin(): void {
    this.#stride *= 2;
    this.#middle = this.#middle.filter((b) => (b.at - HEAD_BYTES) % this.#stride === 0);
    this.#nextAt = (this.#middle.at(-1)?.at ?? 0) + this.#stride;
  }

  #addToTail(chunk: Bytes): void {
    this.#tail.push(chunk);
    this.#tailLength += chunk.length;
    for (;;) {
      const first = this.#tail[0];
      if (!first || this.#tailLength - first.length < TAIL_BYTES) return;
      this.#tail.shift();
      this.#tailLength -= first.length;
    }
  }

  #tailFrom(at: number): Bytes {
    const all = new Uint8Array(this.#tailLength);
    let length = 0;
    for (const chunk of this.#tail) {
      all.set(chunk, length);
      length += chunk.length;
    }
    return all.subarray(this.#tailLength - (this.total - at));
  }
}

/** The bytes from `at` on, up to a size, as chunks go by. */
class Filling {
  readonly at: number;
  readonly #size: number;
  #store: Bytes;
  #length = 0;

  constructor(at: number, size: number) {
    this.at = at;
    this.#size = size;
    this.#store = new Uint8Array(Math.min(size, 4096));
  }

  get full(): boolean {
    return this.#length === this.#size;
  }

  get bytes(): Bytes {
    return this.#store.subarray(0, this.#length);
  }

  /** @param from where the chunk begins in the stream, not behind what is still missing */
  take(chunk: Bytes, from: number): void {
    if (this.full) return;
    const start = Math.max(0, this.at + this.#length - from);
    const part = chunk.subarray(start, start + this.#size - this.#length);
    this.#reserve(this.#length + part.length);
    this.#store.set(part, this.#length);
    this.#length += part.length;
  }

  #reserve(length: number): void {
    if (length <= this.#store.length) return;
    const wider = new Uint8Array(Math.min(this.#size, Math.max(length, 2 * this.#store.length)));
    wider.set(this.bytes);
    this.#store = wider;
  }
}
