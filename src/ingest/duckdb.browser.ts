import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import { harden, OPEN_CONFIG } from './duckdb.config.ts';

/**
 * DuckDB in the calling worker, without a worker of its own: calls block, so never on the main thread.
 * @param wasmUrl of the package's `duckdb-eh.wasm`, on the origin
 */
export async function openDuckDbInBrowser(wasmUrl: string): Promise<DuckDBBindings> {
  // Replaced by a constant when built: keeps the browser's build of DuckDB out of Node bundles.
  if (import.meta.env.SSR) throw new Error('openDuckDbInBrowser was called outside a browser.');
  // By path, since the package's export map names this file nowhere.
  const duckdb = await import('../../node_modules/@duckdb/duckdb-wasm/dist/duckdb-browser-blocking.mjs');
  const bundle = { mainModule: new URL(wasmUrl, self.location.href).href, mainWorker: '' };
  const db = await duckdb.createDuckDB({ mvp: bundle, eh: bundle }, new duckdb.VoidLogger(), duckdb.BROWSER_RUNTIME);
  await db.instantiate(() => {});
  db.open(OPEN_CONFIG);
  harden(db);
  return db;
}
