import type { DuckDBBindings, DuckDBConfig } from '@duckdb/duckdb-wasm/blocking';

/** In memory; a query is run in slices of 30 ms, so that a cancel is heard. */
export const OPEN_CONFIG: DuckDBConfig = { path: ':memory:', query: { queryPollingInterval: 30 } };

/** Takes from a database what no one here needs: extensions, which would come over the network (promise P1), and files. There is no way back. */
export function harden(db: DuckDBBindings): void {
  const connection = db.connect();
  for (const setting of SETTINGS) connection.query(`SET ${setting}`);
  connection.close();
}

const SETTINGS = ['autoinstall_known_extensions = false', 'autoload_known_extensions = false', 'enable_external_access = false'];
