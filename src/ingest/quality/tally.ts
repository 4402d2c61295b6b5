import { compareCodePoints } from '../../domain/index.ts';
import { hashBytes, second } from '../hash.ts';
import { grown, Interner } from '../intern.ts';
import { FrequentValues } from './frequent.ts';
import { HyperLogLog } from './hyperloglog.ts';

/** How much is counted exactly in one column. */
export interface TallyLimits {
  readonly distinct: number;
  /** Of all distinct cells together. */
  readonly bytes: number;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Counts the values of one column by their bytes. Up to the limits every value is counted exactly. Above them values that were met before
 * still are, all are counted in a HyperLogLog, and of the others the frequent ones are followed.
 */
export class ValueTally {
  readonly #limits: TallyLimits;
  readonly #words = new Interner();
  #counts = new Uint32Array(1024);
  #bytes = 0;
  #sketch: HyperLogLog | null = null;
  readonly #frequent = new FrequentValues();

  constructor(limits: TallyLimits) {
    this.#limits = limits;
  }

  get exact(): boolean {
    return this.#sketch === null;
  }

  /** @param hash of the cell, of `hashBytes`, whose second hash is still at hand */
  add(bytes: Uint8Array, from: number, to: number, hash: number): void {
    if (this.#sketch === null) this.#count(bytes, from, to, hash);
    else this.#follow(this.#sketch, bytes, from, to, hash);
  }

  distinct(): number {
    return this.#sketch === null ? this.#words.count : this.#sketch.estimate();
  }

  /** Each value that is counted exactly; all of them so long as `exact`. `bytes` are valid during the call only. */
  forEach(visit: (bytes: Uint8Array, count: number) => void): void {
    for (let id = 0; id < this.#words.count; id++) visit(this.#words.word(id), this.#counts[id] as number);
  }

  /** Most frequent first, then by code points. */
  top(count: number): { readonly value: string; readonly count: number }[] {
    const ids = this.#mostFrequentIds(count);
    const known = ids.map((id) => ({ value: decoder.decode(this.#words.word(id)), count: this.#counts[id] as number }));
    return [...known, ...this.#frequent.all()]
      .sort((a, b) => b.count - a.count || compareCodePoints(a.value, b.value))
      .slice(0, count);
  }

  #count(bytes: Uint8Array, from: number, to: number, hash: number): void {
    const before = this.#words.count;
    const id = this.#words.add(bytes, from, to, hash);
    if (id === this.#counts.length) this.#counts = grown(this.#counts, id * 2);
    this.#counts[id] = (this.#counts[id] as number) + 1;
    if (id < before) return;
    this.#bytes += to - from;
    if (this.#words.count > this.#limits.distinct || this.#bytes > this.#limits.bytes) this.#overflow();
  }

  #overflow(): void {
    const sketch = new HyperLogLog();
    for (let id = 0; id < this.#words.count; id++) {
      const word = this.#words.word(id);
      sketch.add(hashBytes(word, 0, word.length), second.hash);
    }
    this.#sketch = sketch;
  }

  #follow(sketch: HyperLogLog, bytes: Uint8Array, from: number, to: number, hash: number): void {
    sketch.add(hash, second.hash);
    const id = this.#words.find(bytes, from, to, hash);
    if (id >= 0) this.#counts[id] = (this.#counts[id] as number) + 1;
    else this.#frequent.add(hash, second.hash, () => decoder.decode(bytes.subarray(from, to)));
  }

  /** Bytes of UTF-8 are in the order of code points, so that nothing is decoded that is not shown. */
  #mostFrequentIds(count: number): number[] {
    const best: number[] = [];
    for (let id = 0; id < this.#words.count; id++) {
      let at = best.length;
      while (at > 0 && this.#isBefore(id, best[at - 1] as number)) at--;
      best.splice(at, 0, id);
      if (best.length > count) best.pop();
    }
    return best;
  }

  #isBefore(a: number, b: number): boolean {
    const more = (this.#counts[a] as number) - (this.#counts[b] as number);
    return more > 0 || (more === 0 && compareBytes(this.#words.word(a), this.#words.word(b)) < 0);
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  return a.length - b.length;
}
