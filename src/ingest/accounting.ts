import type { FileAccounting, SetAside } from '../domain/index.ts';
import { ownCopy } from './sample.ts';

const MAX_LINES = 100;

/** Counts every row of one file: read = kept + set aside (promise P6). */
export class RowAccount {
  #kept = 0;
  readonly #setAside = new Map<string, { count: number; lines: number[]; rows: string[][] }>();

  get kept(): number {
    return this.#kept;
  }

  keep(): void {
    this.#kept++;
  }

  setAside(reason: string, line: number, cells: readonly string[]): void {
    const entry = this.#setAside.get(reason) ?? { count: 0, lines: [], rows: [] };
    this.#setAside.set(reason, entry);
    entry.count++;
    if (entry.lines.length >= MAX_LINES) return;
    entry.lines.push(line);
    entry.rows.push(ownCopy(cells));
  }

  /** Reasons with most rows first, then by name. */
  close(name: string, sha256: string, header: readonly string[]): FileAccounting {
    const setAside: SetAside[] = [...this.#setAside].map(([reason, { count, lines, rows }]) => ({ reason, count, lines, rows }));
    setAside.sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
    const read = setAside.reduce((sum, s) => sum + s.count, this.#kept);
    return { name, sha256, read, kept: this.#kept, setAside, touched: [], header };
  }
}
