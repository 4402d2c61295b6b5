import type { Cleaned, Draft } from '../draft.ts';

/** One a row of the draft: 1 = the rule touches it. */
export type RowMask = Uint8Array;

/** A loop, since `Uint8Array.from` with a function takes several times as long. */
export function maskWhere(count: number, test: (row: number) => boolean): RowMask {
  const mask = new Uint8Array(count);
  for (let row = 0; row < count; row++) if (test(row)) mask[row] = 1;
  return mask;
}

export const maskCount = (mask: RowMask): number => {
  let count = 0;
  for (const bit of mask) count += bit;
  return count;
};

/** What the rules have decided so far: which rows are left, why the others are not, and what was done to rows. */
export class Verdicts {
  readonly keep: Uint8Array;
  readonly why: Uint16Array;
  readonly reasons: string[] = [];
  readonly #table: Uint16Array;
  readonly #done: { what: string; mask: RowMask }[] = [];

  constructor(draft: Draft) {
    this.keep = new Uint8Array(draft.count).fill(1);
    this.why = new Uint16Array(draft.count);
    this.#table = draft.table;
  }

  /** Rows that no rule has set aside. */
  rows(): Uint32Array {
    const rows = new Uint32Array(maskCount(this.keep));
    let k = 0;
    for (let row = 0; row < this.keep.length; row++) if (this.keep[row] === 1) rows[k++] = row;
    return rows;
  }

  setAside(reason: string, mask: RowMask): void {
    const found = this.reasons.indexOf(reason);
    const at = found < 0 ? this.reasons.push(reason) - 1 : found;
    for (let row = 0; row < mask.length; row++) {
      if (mask[row] === 0 || this.keep[row] === 0) continue;
      this.keep[row] = 0;
      this.why[row] = at;
    }
  }

  /** To be counted at the end, when it is known which of the rows are kept. */
  touch(what: string, mask: RowMask): void {
    this.#done.push({ what, mask });
  }

  /** By table, then in the order in which it was done. */
  touched(): Cleaned['touched'] {
    const counts = this.#done.flatMap(({ what, mask }) =>
      [...this.#countByTable(mask)].map(([table, count]) => ({ table, what, count })),
    );
    return counts.sort((a, b) => a.table - b.table);
  }

  #countByTable(mask: RowMask): Map<number, number> {
    const counts = new Map<number, number>();
    for (let row = 0; row < mask.length; row++) {
      if (mask[row] === 0 || this.keep[row] === 0) continue;
      const table = this.#table[row] as number;
      counts.set(table, (counts.get(table) ?? 0) + 1);
    }
    return counts;
  }
}
