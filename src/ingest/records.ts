import type { ByteSource, JobContext } from '../domain/index.ts';
import { type Fingerprint, fingerprint, openText } from './bytes.ts';
import { nameColumns } from './cells.ts';
import { detectDialect } from './dialect.ts';
import { emptyFile, headerOnly } from './errors.ts';
import { type Dialect, type OnRecord, Tokeniser } from './tokenise.ts';

/** A file as rows: what was found of its form, and how many rows below the header it has. */
export interface ScannedFile {
  readonly print: Fingerprint;
  readonly dialect: Dialect;
  readonly header: readonly string[];
  readonly rowCount: number;
}

export interface ScanHandlers {
  /** Called once, before any row. */
  header(names: readonly string[]): void;
  /** Called for every row below the header, blank lines included. */
  row: OnRecord;
  /** Bytes gone through, of 2 x size: the file is read twice. */
  progress(bytes: number): void;
}

/**
 * Two passes over a file: {@link fingerprint}, then its rows. Never holds more than a block and the record it is in.
 * @throws AppError input, naming the file, for everything that keeps it from being a table with rows
 */
export async function scanFile(source: ByteSource, ctx: JobContext, handlers: ScanHandlers): Promise<ScannedFile> {
  let bytes = 0;
  const onBytes = (n: number): void => {
    bytes += n;
    handlers.progress(bytes);
  };
  const print = await fingerprint(source, ctx, onBytes);
  const dialect = detectDialect(print.head, print.headIsAll);
  const rows = new RowCounter(handlers);
  const tokeniser = new Tokeniser(dialect, source.name, rows.record);
  for await (const text of openText(source, print, onBytes)) {
    tokeniser.push(text);
    await ctx.checkpoint();
  }
  tokeniser.end();
  if (!rows.header) throw emptyFile(source.name);
  if (rows.count === 0) throw headerOnly(source.name, rows.header);
  return { print, dialect, header: rows.header, rowCount: rows.count };
}

/** The first record that is not blank is the header. */
class RowCounter {
  readonly #handlers: ScanHandlers;
  header: readonly string[] | null = null;
  count = 0;

  constructor(handlers: ScanHandlers) {
    this.#handlers = handlers;
  }

  readonly record: OnRecord = (cells, line, broken) => {
    if (this.header) {
      this.count++;
      this.#handlers.row(cells, line, broken);
    } else if (cells.some((c) => c.trim() !== '')) {
      this.header = nameColumns(cells);
      this.#handlers.header(this.header);
    }
  };
}
