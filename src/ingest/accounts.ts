import type { Accounting, FileAccounting } from '../domain/index.ts';
import type { Cleaned, Draft } from './draft.ts';
import type { LoadedDraft, LoadedTable } from './load.ts';

/** Accounts of all tables, the rows that cleaning has judged among them. To be called once. */
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
