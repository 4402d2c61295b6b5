/** What a slot of the table holds, one after the other: id + 1 (0 = free), hash, and where the word begins and ends in the arena. */
const SLOT = 4;

/**
 * Distinct byte strings, numbered in the order in which they first came. Open addressing, at most half of the slots taken; all that a look-up
 * asks of a slot lies in one line of the processor's cache, since with hundreds of thousands of words waiting for memory is what it costs.
 */
export class Interner {
  #arena: Uint8Array;
  #arenaEnd = 0;
  /** Word i is `#arena[#offset[i]]` to `#offset[i + 1]`. */
  #offset: Uint32Array;
  #slots: Int32Array;
  #mask: number;
  #count = 0;

  constructor(expected = 1024) {
    const capacity = 2 ** Math.ceil(Math.log2(expected));
    this.#arena = new Uint8Array(capacity * 16);
    this.#offset = new Uint32Array(capacity + 1);
    this.#slots = new Int32Array(capacity * 2 * SLOT);
    this.#mask = capacity * 2 - 1;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes held, for judging what still fits into memory. */
  get byteLength(): number {
    return this.#arena.length + this.#offset.byteLength + this.#slots.byteLength;
  }

  /** The id of a word; `count` grew by one where it is new. @param hash 32 bits, of `hashBytes` */
  add(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const slots = this.#slots;
    let slot = hash & this.#mask;
    for (let s = slot * SLOT; slots[s] !== 0; s = slot * SLOT) {
      if (slots[s + 1] === hash && this.#equals(slots[s + 2] as number, slots[s + 3] as number, bytes, from, to)) {
        return (slots[s] as number) - 1;
      }
      slot = (slot + 1) & this.#mask;
    }
    return this.#insert(slot * SLOT, bytes, from, to, hash);
  }

  /** The id of a word, or -1 where it was never added. @param hash as for {@link add} */
  find(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const slots = this.#slots;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const s = slot * SLOT;
      const id = (slots[s] as number) - 1;
      if (id < 0) return -1;
      if (slots[s + 1] === hash && this.#equals(slots[s + 2] as number, slots[s + 3] as number, bytes, from, to)) return id;
    }
  }

  /**
   * Touches what looking up the words with these hashes will touch: in a loop this tight the processor waits for many of them at once,
   * where a look-up each would wait for one after the other.
   */
  warm(hashes: Int32Array, count: number): void {
    const slots = this.#slots;
    const arena = this.#arena;
    const mask = this.#mask;
    let touched = 0;
    for (let i = 0; i < count; i++) touched ^= slots[((hashes[i] as number) & mask) * SLOT] as number;
    for (let i = 0; i < count; i++) touched ^= arena[slots[((hashes[i] as number) & mask) * SLOT + 2] as number] as number;
    this.touched = touched;
  }

  /** Of no use but to keep {@link warm} from being optimised away. */
  touched = 0;

  /** Valid until the next word is added. */
  word(id: number): Uint8Array {
    return this.#arena.subarray(this.#offset[id], this.#offset[id + 1]);
  }

  /** Words as strings. */
  decode(ids: Uint32Array): string[] {
    const words = new Array<string>(ids.length);
    if (this.#arenaEnd > MAX_STRING || !isAscii(this.#arena, this.#arenaEnd)) {
      for (let i = 0; i < words.length; i++) words[i] = decoder.decode(this.word(ids[i] as number));
      return words;
    }
    // One call for all: a byte is a character, so a word is a slice.
    const all = decoder.decode(this.#arena.subarray(0, this.#arenaEnd));
    for (let i = 0; i < words.length; i++) {
      const id = ids[i] as number;
      words[i] = all.slice(this.#offset[id], this.#offset[id + 1]);
    }
    return words;
  }

  #equals(begin: number, end: number, bytes: Uint8Array, from: number, to: number): boolean {
    const arena = this.#arena;
    if (end - begin !== to - from) return false;
    for (let p = from, q = begin; p < to; p++, q++) if (bytes[p] !== arena[q]) return false;
    return true;
  }

  #insert(s: number, bytes: Uint8Array, from: number, to: number, hash: number): number {
    const id = this.#count++;
    const begin = this.#arenaEnd;
    const end = begin + to - from;
    if (end > this.#arena.length) this.#arena = grown(this.#arena, Math.max(end, Math.ceil(this.#arena.length * 1.5)));
    for (let p = from, q = begin; p < to; p++, q++) this.#arena[q] = bytes[p] as number;
    this.#arenaEnd = end;
    this.#offset[id + 1] = end;
    this.#slots[s] = id + 1;
    this.#slots[s + 1] = hash;
    this.#slots[s + 2] = begin;
    this.#slots[s + 3] = end;
    if (2 * this.#count > this.#mask) this.#double();
    return id;
  }

  #double(): void {
    const old = this.#slots;
    const mask = (this.#mask + 1) * 2 - 1;
    const slots = new Int32Array((mask + 1) * SLOT);
    for (let from = 0; from < old.length; from += SLOT) {
      if (old[from] === 0) continue;
      let slot = (old[from + 1] as number) & mask;
      while (slots[slot * SLOT] !== 0) slot = (slot + 1) & mask;
      for (let i = 0; i < SLOT; i++) slots[slot * SLOT + i] = old[from + i] as number;
    }
    this.#slots = slots;
    this.#mask = mask;
    this.#offset = grown(this.#offset, (mask + 1) / 2 + 1);
  }
}

/** Well below the longest string of any browser. */
const MAX_STRING = 1 << 28;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function isAscii(bytes: Uint8Array, to: number): boolean {
  let all = 0;
  for (let i = 0; i < to; i++) all |= bytes[i] as number;
  return all < 0x80;
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** A larger copy; what is behind the old end is 0. */
export function grown<T extends Numbers>(array: T, length: number): T {
  const larger = new (array.constructor as new (n: number) => T)(length);
  larger.set(array);
  return larger;
}

/** The array itself where it has room for so many entries, else a copy that is at least twice as long. */
export const roomy = <T extends Numbers>(array: T, length: number): T =>
  array.length >= length ? array : grown(array, Math.max(length, 2 * array.length));
