import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import { abilityError } from '../domain/index.ts';

export type OpenDuckDb = () => Promise<DuckDBBindings>;

/**
 * The database of whoever asks first; all that ask later are given the same. One that did not open is tried again at the next call.
 * @throws AppError ability
 */
export function lazyDuckDb(open: OpenDuckDb): OpenDuckDb {
  let database: Promise<DuckDBBindings> | undefined;
  return () => {
    database ??= open().catch((cause: unknown) => {
      database = undefined;
      throw abilityError(
        'store-unavailable',
        'The local database for SQL (DuckDB) could not be started.',
        'Reload the page, or take out the filter and the derived columns.',
        cause,
      );
    });
    return database;
  };
}
