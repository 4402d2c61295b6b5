import type { Accounting, FileAccounting, JobContext, SetAside } from '../domain/index.ts';
import { cellsOf, type RowBatch, type TableReader } from './batch.ts';
import type { Cleaned, Draft } from './draft.ts';
import type { LoadedDraft, LoadedTable } from './load.ts';
import { ownCopy } from './sample.ts';

/** Accounts of all tables, the rows that cleaning has judged among them, without their cells. To be called once. */
export function closeAccounts(draft: Draft, cleaned: Cleaned, tables: readonly LoadedTable[]): FileAccounting[] {
  for (let row = 0; row < draft.count; row++) {
    const { account } = tables[draft.table[row] as number] as LoadedTable;
    if (cleaned.keep[row] === 1) account.keep();
    else account.setAside(cleaned.reasons[cleaned.why[row] as number] as string, draft.line[row] as number);
  }
  return tables.map(({ table, sha256, header, account }, t) =>
    account.close(
      table.name,
      sha256,
      header,
      cleaned.touched.filter((c) => c.table === t).map(({ what, count }) => ({ what, count })),
    ),
  );
}

/** The accounting of a read: its tables, the catalogue beside them, and the files that they came from. */
export function accountingOf(files: readonly FileAccounting[], loaded: Pick<LoadedDraft, 'catalogue' | 'sources'>): Accounting {
  const { catalogue, sources } = loaded;
  const same = sources.length === files.length && files.every((file, i) => file.name === sources[i]?.name);
  return { files, ...(catalogue && { catalogue }), ...(!same && { sources }) };
}

/** The accounts with the cells of rows that cleaning has set aside; such a table is read once more, as far as the last of them. */
export async function withCells(
  accounts: readonly FileAccounting[],
  tables: readonly LoadedTable[],
  ctx: JobContext,
): Promise<FileAccounting[]> {
  const filled: FileAccounting[] = [];
  for (const [t, account] of accounts.entries()) {
    const cells = new MissingCells(account);
    if (!cells.found) await lookFor(cells, (tables[t] as LoadedTable).reader, ctx);
    filled.push(cells.account());
  }
  return filled;
}

async function lookFor(cells: MissingCells, reader: TableReader, ctx: JobContext): Promise<void> {
  for await (const batch of reader.batches()) {
    cells.look(batch);
    if (cells.found) return;
    await ctx.checkpoint();
  }
}

/** Finds the cells of rows of which an account has the lines only: those that were judged when all rows had gone by. */
export class MissingCells {
  readonly #account: FileAccounting;
  readonly #wanted: Set<number>;
  readonly #cells = new Map<number, string[]>();

  constructor(account: FileAccounting) {
    this.#account = account;
    this.#wanted = new Set(account.setAside.filter(lacksCells).flatMap(({ lines }) => lines));
  }

  /** Nothing is looked for any more. */
  get found(): boolean {
    return this.#wanted.size === 0;
  }

  look(batch: RowBatch): void {
    for (let r = 0; r < batch.count && !this.found; r++) {
      const line = batch.line[r] as number;
      if (this.#wanted.delete(line)) this.#cells.set(line, ownCopy(cellsOf(batch, r)));
    }
  }

  account(): FileAccounting {
    const filled = (s: SetAside): SetAside => ({ ...s, rows: s.lines.map((line) => this.#cells.get(line) ?? []) });
    return { ...this.#account, setAside: this.#account.setAside.map((s) => (lacksCells(s) ? filled(s) : s)) };
  }
}

const lacksCells = ({ rows }: SetAside): boolean => rows.every((cells) => cells.length === 0);
