/** Rows by their cosine to a query, the nearest first, ties by the lowest index. */
export interface NearestRows {
  readonly ids: Uint32Array;
  readonly cosines: Float64Array;
}

/** The largest values seen so far with their ids, largest first, ties by the lowest id; ids are offered in ascending order. */
export class BestList {
  readonly #ids: number[] = [];
  readonly #values: number[] = [];
  readonly #k: number;

  constructor(k: number) {
    this.#k = k;
  }

  /** What a later id must be above; -Infinity as long as there is room. */
  get least(): number {
    if (this.#k === 0) return Number.POSITIVE_INFINITY;
    return this.#values.length < this.#k ? Number.NEGATIVE_INFINITY : (this.#values[this.#k - 1] as number);
  }

  offer(id: number, value: number): void {
    // Not (value <= least): what is no number is never among the best.
    if (!(value > this.least)) return;
    let at = Math.min(this.#values.length, this.#k - 1);
    for (; at > 0 && (this.#values[at - 1] as number) < value; at--) {
      this.#ids[at] = this.#ids[at - 1] as number;
      this.#values[at] = this.#values[at - 1] as number;
    }
    this.#ids[at] = id;
    this.#values[at] = value;
  }

  toNearest(): NearestRows {
    return { ids: Uint32Array.from(this.#ids), cosines: Float64Array.from(this.#values) };
  }
}
