import type { DuckDBConfig } from '@duckdb/duckdb-wasm/blocking';

/** In memory; a query is run in slices of 30 ms, so that a cancel is heard. */
export const OPEN_CONFIG: DuckDBConfig = { path: ':memory:', query: { queryPollingInterval: 30 } };
