import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import {
  type AppError,
  abilityError,
  type ByteSource,
  type ColumnMapping,
  type EventReader,
  type FileAccounting,
  inputError,
  type JobContext,
} from '../domain/index.ts';
import { RowAccount } from './accounting.ts';
import { type RowCaster, rowCaster } from './cast.ts';
import { checkChoices } from './check.ts';
import { scanFile } from './records.ts';
import { type EventRow, type EventStore, openEventStore } from './store.ts';

export interface ReaderAssets {
  /** Called once, at the first read. */
  readonly openDuckDb: () => Promise<DuckDBBindings>;
}

/** Rows handed to the store at once: some milliseconds of its time, and little memory. */
const CHUNK_ROWS = 8192;
/** Share of the work that is reading the files; the rest is putting the events in order. */
const READING_SHARE = 0.8;

/** Reads one set of files at a time; the database is opened once and kept, its tables end with each read. */
export function createEventReader(assets: ReaderAssets): EventReader {
  let database: Promise<DuckDBBindings> | undefined;
  const open = (): Promise<DuckDBBindings> => {
    database ??= assets.openDuckDb().catch((cause: unknown) => {
      database = undefined;
      throw abilityError('store-unavailable', 'The local store (DuckDB) could not be started.', 'Reload the page.', cause);
    });
    return database;
  };
  return {
    async read(files, mapping, _intake, ctx) {
      if (files.length === 0) throw inputError('no-files', 'There is no file to read.', 'Choose at least one CSV or TSV file.');
      checkChoices(mapping);
      const store = openEventStore(await open());
      try {
        const accounts = await readFiles(files, mapping, store, ctx);
        if (accounts.every((a) => a.kept === 0)) throw nothingKept(accounts, mapping);
        const events = await store.table(ctx);
        ctx.progress(1, 1);
        return { events, accounting: { files: accounts } };
      } finally {
        store.dispose();
      }
    },
  };
}

async function readFiles(
  files: readonly ByteSource[],
  mapping: ColumnMapping,
  store: EventStore,
  ctx: JobContext,
): Promise<FileAccounting[]> {
  const size = files.reduce((sum, f) => sum + f.size, 0);
  const accounts: FileAccounting[] = [];
  let before = 0;
  for (const file of files) {
    const start = before;
    // Two passes over each file, so half of the bytes gone through count.
    const progress = (bytes: number): void => ctx.progress(start + Math.min(bytes / 2, file.size), size / READING_SHARE);
    accounts.push(await readFile(file, mapping, store, ctx, progress));
    before += file.size;
  }
  return accounts;
}

async function readFile(
  file: ByteSource,
  mapping: ColumnMapping,
  store: EventStore,
  ctx: JobContext,
  progress: (bytes: number) => void,
): Promise<FileAccounting> {
  const account = new RowAccount();
  let cast: RowCaster | undefined;
  let rows: EventRow[] = [];
  const flush = (): void => {
    store.append(rows);
    rows = [];
  };
  const { print, header } = await scanFile(file, ctx, {
    header: (names) => {
      cast = rowCaster(file.name, names, mapping);
    },
    row: (cells, line, broken) => {
      const outcome = cast?.(cells, broken);
      if (outcome === undefined) return;
      if (typeof outcome === 'string') return account.setAside(outcome, line, cells);
      account.keep();
      rows.push(outcome);
      if (rows.length >= CHUNK_ROWS) flush();
    },
    progress,
  });
  flush();
  return account.close(file.name, print.sha256, header);
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
    'Check which columns are chosen for user, time and text.',
  );
}
