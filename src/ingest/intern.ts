/** Distinct byte strings, numbered in the order in which they first came. Open addressing; at most half of the slots are taken. */
export class Interner {
  #arena: Uint8Array;
  #arenaEnd = 0;
  /** Word i is `#arena[#offset[i]]` to `#offset[i + 1]`. */
  #offset: Uint32Array;
  #hash: Int32Array;
  /** Id + 1; 0 = free. */
  #slots: Int32Array;
  #count = 0;

  constructor(expected = 1024) {
    const capacity = 2 ** Math.ceil(Math.log2(expected));
    this.#arena = new Uint8Array(capacity * 16);
    this.#offset = new Uint32Array(capacity + 1);
    this.#hash = new Int32Array(capacity);
    this.#slots = new Int32Array(capacity * 2);
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes held, for judging what still fits into memory. */
  get byteLength(): number {
    return this.#arena.length + this.#offset.byteLength + this.#hash.byteLength + this.#slots.byteLength;
  }

  /** The id of a word; `count` grew by one where it is new. @param hash 32 bits, of `hashBytes` */
  add(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let taken = this.#slots[slot] as number; taken !== 0; taken = this.#slots[slot] as number) {
      if (this.#hash[taken - 1] === hash && this.#equals(taken - 1, bytes, from, to)) return taken - 1;
      slot = (slot + 1) & mask;
    }
    return this.#insert(slot, bytes, from, to, hash);
  }

  /** The id of a word, or -1 where it was never added. @param hash as for {@link add} */
  find(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = (this.#slots[slot] as number) - 1;
      if (id < 0 || (this.#hash[id] === hash && this.#equals(id, bytes, from, to))) return id;
    }
  }

  /** Valid until the next word is added. */
  word(id: number): Uint8Array {
    return this.#arena.subarray(this.#offset[id], this.#offset[id + 1]);
  }

  #equals(id: number, bytes: Uint8Array, from: number, to: number): boolean {
    const arena = this.#arena;
    const at = this.#offset[id] as number;
    if ((this.#offset[id + 1] as number) - at !== to - from) return false;
    for (let p = from, q = at; p < to; p++, q++) if (bytes[p] !== arena[q]) return false;
    return true;
  }

  #insert(slot: number, bytes: Uint8Array, from: number, to: number, hash: number): number {
    const id = this.#count++;
    const end = this.#arenaEnd + to - from;
    if (end > this.#arena.length) this.#arena = grown(this.#arena, Math.max(end, Math.ceil(this.#arena.length * 1.5)));
    for (let p = from, q = this.#arenaEnd; p < to; p++, q++) this.#arena[q] = bytes[p] as number;
    this.#arenaEnd = end;
    this.#hash[id] = hash;
    this.#offset[id + 1] = end;
    this.#slots[slot] = id + 1;
    if (this.#count === this.#hash.length) this.#double();
    return id;
  }

  #double(): void {
    const capacity = this.#hash.length * 2;
    this.#hash = grown(this.#hash, capacity);
    this.#offset = grown(this.#offset, capacity + 1);
    this.#slots = new Int32Array(capacity * 2);
    const mask = this.#slots.length - 1;
    for (let id = 0; id < this.#count; id++) {
      let slot = (this.#hash[id] as number) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = id + 1;
    }
  }
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
