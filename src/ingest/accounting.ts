import type { FileAccounting, SetAside } from '../domain/index.ts';
import { ownCopy } from './sample.ts';

export const MAX_LINES = 100;

interface Entry {
  count: number;
  readonly lines: number[];
  readonly rows: string[][];
}

/** Counts every row of one table: read = kept + set aside (promise P6). */
export class RowAccount {
  #kept = 0;
  readonly #setAside = new Map<string, Entry>();

  get kept(): number {
    return this.#kept;
  }

  keep(rows = 1): void {
    this.#kept += rows;
  }

  /** @param cells of the row, where they are at hand; only those of the first 100 rows are asked for */
  setAside(reason: string, line: number, cells: () => readonly string[] = () => []): void {
    const entry = this.#setAside.get(reason) ?? { count: 0, lines: [], rows: [] };
    this.#setAside.set(reason, entry);
    entry.count++;
    if (entry.lines.length >= MAX_LINES) return;
    entry.lines.push(line);
    entry.rows.push(ownCopy(cells()));
  }

  /** Reasons with most rows first, then by name. */
  close(name: string, sha256: string, header: readonly string[], touched: FileAccounting['touched'] = []): FileAccounting {
    const setAside: SetAside[] = [...this.#setAside].map(([reason, { count, lines, rows }]) => ({ reason, count, lines, rows }));
    setAside.sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
    const read = setAside.reduce((sum, s) => sum + s.count, this.#kept);
    return { name, sha256, read, kept: this.#kept, setAside, touched, header };
  }
}
