import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import { harden, OPEN_CONFIG } from './duckdb.config.ts';

/** DuckDB (the same wasm as in the browser) in Node; calls block. */
export async function openDuckDbInNode(): Promise<DuckDBBindings> {
  // Found at run time and not by the bundler, which would pull Node's build of DuckDB into the page.
  const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
  const duckdb = require('@duckdb/duckdb-wasm/blocking') as typeof import('@duckdb/duckdb-wasm/blocking');
  const bundle = { mainModule: require.resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'), mainWorker: '' };
  const db = await duckdb.createDuckDB({ mvp: bundle, eh: bundle }, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await db.instantiate(() => {});
  db.open(OPEN_CONFIG);
  harden(db);
  return db;
}
