/** Files to events: form, encoding, mapping, cleaning, accounting, and the local store. */
export { checkMapping } from './check.ts';
export { openDuckDbInBrowser } from './duckdb.browser.ts';
export { lazyDuckDb } from './duckdb.lazy.ts';
export { openDuckDbInNode } from './duckdb.node.ts';
export { inspectFile } from './inspect.ts';
export { proposeMapping } from './propose.ts';
export { createEventReader, type ReaderAssets, readRows } from './reader.ts';
export { setAsideCsv } from './set-aside-csv.ts';
export { sqlChecker } from './sql/sql.ts';
export { surveyFiles } from './survey.ts';
