import { roomy } from './roomy.ts';

/**
 * Distinct byte strings, numbered in the order in which they came: a hash table with open addressing over one buffer, so that a look-up
 * makes no string. Equal means equal byte by byte.
 */
export class ByteKeys {
  #bytes = new Uint8Array(1024);
  /** Key i lies from `bound[i]` to `bound[i + 1]`. */
  #bound = new Uint32Array(64);
  #hashes = new Uint32Array(64);
  /** Number of the key + 1, or 0. A power of two in length, at most half full. */
  #slots = new Uint32Array(128);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Bytes of all keys. */
  get size(): number {
    return this.#bound[this.#count] as number;
  }

  /** Number of the key, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return (this.#slots[this.#slotOf(hashBytes(bytes, start, end), bytes, start, end)] as number) - 1;
  }

  /** False where the key is there already. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    const hash = hashBytes(bytes, start, end);
    const slot = this.#slotOf(hash, bytes, start, end);
    if (this.#slots[slot] !== 0) return false;
    this.#append(hash, bytes, start, end);
    this.#slots[slot] = this.#count;
    if (2 * this.#count > this.#slots.length) this.#rehash();
    return true;
  }

  /** The slot that holds the key, or the empty one where it belongs. */
  #slotOf(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const key = (this.#slots[slot] as number) - 1;
      if (key < 0 || (this.#hashes[key] === hash && this.#equals(key, bytes, start, end))) return slot;
    }
  }

  #equals(key: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#bound[key] as number;
    const length = end - start;
    if ((this.#bound[key + 1] as number) - from !== length) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #append(hash: number, bytes: Uint8Array, start: number, end: number): void {
    const used = this.#bound[this.#count] as number;
    const needed = used + end - start;
    this.#bytes = roomy(this.#bytes, needed);
    this.#bound = roomy(this.#bound, this.#count + 2);
    this.#hashes = roomy(this.#hashes, this.#count + 1);
    this.#bytes.set(bytes.subarray(start, end), used);
    this.#hashes[this.#count++] = hash;
    this.#bound[this.#count] = needed;
  }

  #rehash(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let key = 0; key < this.#count; key++) {
      let slot = (this.#hashes[key] as number) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = key + 1;
    }
  }
}

/** FNV-1a, with the mixing of MurmurHash3's end so that the low bits, which choose the slot, depend on all bytes. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
