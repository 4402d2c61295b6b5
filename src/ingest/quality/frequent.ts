/** Values that are followed at once: one that makes up more than a 1/1024 of all is found for sure. */
const CAPACITY = 1024;

/**
 * The most frequent values of a stream in little memory (Misra and Gries 1982). A count may be too low by at most 1/1024 of all values.
 */
export class FrequentValues {
  readonly #entries = new Map<number, { count: number; readonly text: string }>();

  /** @param text made only where the value is not followed yet */
  add(hashA: number, hashB: number, text: () => string): void {
    const key = (hashA >>> 0) * 2 ** 21 + (hashB >>> 11);
    const entry = this.#entries.get(key);
    if (entry) entry.count++;
    else if (this.#entries.size < CAPACITY) this.#entries.set(key, { count: 1, text: text() });
    else this.#takeOneOfEach();
  }

  all(): { readonly value: string; readonly count: number }[] {
    return [...this.#entries.values()].map(({ text, count }) => ({ value: text, count }));
  }

  /** Each was paid for by an earlier `add`. */
  #takeOneOfEach(): void {
    for (const [key, entry] of this.#entries) if (--entry.count === 0) this.#entries.delete(key);
  }
}
