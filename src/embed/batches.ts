/** A batch in the making: rows of one token count. */
export interface Batch {
  readonly rows: number[];
  readonly ids: (readonly number[])[];
}

/**
 * Gathers rows into batches of equal token count, each of at most `tokenBudget` tokens (or one row).
 *
 * Equal, not similar: padding changes the order in which the runtime's vector kernels add, so a vector would depend on its
 * batch in the last bits, and after int8 rounding in the third decimal (promise P2). Without padding it is bit for bit the same
 * alone and in company, and no time goes into padding either. Only the last batch of each length is not full, as if all rows had been
 * sorted by length first; but nothing waits for the last row to be tokenized.
 */
export interface Batcher {
  /** @returns the batch that this row fills, if it does */
  add(row: number, ids: readonly number[]): Batch | null;
  /** What is left, shortest rows first. */
  rest(): Batch[];
}

export function createBatcher(tokenBudget: number): Batcher {
  const open = new Map<number, Batch>();
  return {
    add(row, ids) {
      const batch = open.get(ids.length) ?? { rows: [], ids: [] };
      batch.rows.push(row);
      batch.ids.push(ids);
      const isFull = (batch.rows.length + 1) * ids.length > tokenBudget;
      if (isFull) open.delete(ids.length);
      else open.set(ids.length, batch);
      return isFull ? batch : null;
    },
    rest() {
      const batches = [...open].sort(([a], [b]) => a - b).map(([, batch]) => batch);
      open.clear();
      return batches;
    },
  };
}

/** Rows of so many tokens in a batch. */
export const mostRows = (tokens: number, tokenBudget: number): number => Math.max(1, Math.floor(tokenBudget / tokens));

/** The rows, and the last again and again up to a full batch; whoever asks takes the vectors of the first. */
export function filledUp(ids: readonly (readonly number[])[], tokenBudget: number): readonly (readonly number[])[] {
  const last = ids.at(-1) ?? [];
  const missing = mostRows(last.length, tokenBudget) - ids.length;
  return missing > 0 ? [...ids, ...Array.from({ length: missing }, () => last)] : ids;
}
