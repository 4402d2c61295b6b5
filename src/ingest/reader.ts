import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import {
  type AppError,
  type ByteSource,
  type ColumnMapping,
  type EventReader,
  type FileAccounting,
  type Intake,
  inputError,
  type JobContext,
  portion,
  untold,
} from '../domain/index.ts';
import { accountingOf, closeAccounts, withCells } from './accounts.ts';
import { checkChoices } from './check.ts';
import { clean } from './clean/clean.ts';
import { lazyDuckDb } from './duckdb.lazy.ts';
import { loadDraft } from './load.ts';
import { orderEvents } from './order.ts';

export interface ReaderAssets {
  /** Called where rows are filtered or computed in SQL, once. */
  readonly openDuckDb: () => Promise<DuckDBBindings>;
  /** Bytes that rows may take while they are read; as `loadDraft` has it where it is not said. */
  readonly memory?: number;
}

/** Share of the work that is reading the files; the rest is cleaning and putting the events in order. */
const READING_SHARE = 0.8;

/**
 * Reads files as far as typed rows and what becomes of each of them: all of reading but the canonical order of events.
 * @throws AppError input
 */
export async function readRows(
  files: readonly ByteSource[],
  mapping: ColumnMapping,
  intake: Intake,
  ctx: JobContext,
  { openDuckDb, memory }: ReaderAssets,
) {
  const loaded = await loadDraft(files, mapping, intake, ctx, openDuckDb, memory);
  const cleaned = await clean(loaded.draft, intake, mapping, untold(ctx));
  return { loaded, cleaned, accounts: closeAccounts(loaded.draft, cleaned, loaded.tables) };
}

/** Reads one set of files at a time. */
export function createEventReader(assets: ReaderAssets): EventReader {
  const openDuckDb = lazyDuckDb(assets.openDuckDb);
  return {
    async read(files, mapping, intake, ctx) {
      if (files.length === 0) throw inputError('no-files', 'There is no file to read.', 'Choose at least one.');
      checkChoices(mapping);
      const reading = portion(ctx, 0, READING_SHARE);
      const { loaded, cleaned, accounts } = await readRows(files, mapping, intake, reading, { ...assets, openDuckDb });
      const { draft, tables } = loaded;
      if (accounts.every((a) => a.kept === 0)) throw nothingKept(accounts, mapping);
      const events = await orderEvents(draft, cleaned, untold(ctx));
      const accounting = accountingOf(await withCells(accounts, tables, untold(ctx)), loaded);
      ctx.progress(1, 1);
      return { events, accounting };
    },
  };
}

/** No event at all: say what became of the rows. */
function nothingKept(accounts: readonly FileAccounting[], mapping: ColumnMapping): AppError {
  const counts = new Map<string, number>();
  for (const s of accounts.flatMap((a) => a.setAside)) counts.set(s.reason, (counts.get(s.reason) ?? 0) + s.count);
  const told = [...counts].map(([reason, count]) => `${reason}: ${count}`).join(', ');
  const names = accounts.map((a) => a.name).join(', ');
  const found = `Of ${accounts.reduce((sum, a) => sum + a.read, 0)} rows none is an event (${told}).`;
  const times = (counts.get('time not readable') ?? 0) + (counts.get('no time') ?? 0);
  if (times > 0 && !counts.has('no text')) {
    return inputError(
      'no-valid-time',
      `${names}: no row with a valid time in "${mapping.time}", read as ${mapping.timeFormat}. ${found}`,
      'Choose another time column or another time format.',
    );
  }
  return inputError(
    'no-events',
    `${names}: no row can be used. ${found}`,
    counts.has('filtered out')
      ? 'Change the filter or take it out, or check which columns are chosen.'
      : 'Check which columns are chosen for user, time and text, and which rules clean.',
  );
}
