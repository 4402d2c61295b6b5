import duckdbWasm from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import { expose, transfer } from 'comlink';
import type { JobContext } from '../src/domain/index.ts';
import { createContext } from '../src/domain/index.ts';
import { measureLanguages } from '../src/embed/index.ts';
import {
  createEventReader,
  inspectFile,
  lazyDuckDb,
  openDuckDbInBrowser,
  proposeMapping,
  setAsideCsv,
  sqlChecker,
  surveyFiles,
} from '../src/ingest/index.ts';
import { buffersOf, type IngestApi, installErrorTransfer, type OnProgress } from '../src/protocol/index.ts';

installErrorTransfer();

const openDuckDb = lazyDuckDb(() => openDuckDbInBrowser(new URL(duckdbWasm, import.meta.url).href));
const reader = createEventReader({ openDuckDb });

/** Cancelling a read ends the worker, so there is no signal to hear. */
const context = (onProgress: OnProgress): JobContext =>
  createContext('read', ({ done, total, note }) => void onProgress(done, total, note), new AbortController().signal);

const api: IngestApi = {
  inspect: (file, forms, onProgress) => inspectFile(file, forms, context(onProgress)),
  propose: async (previews, intake) => proposeMapping(previews, intake),
  async read(files, mapping, intake, onProgress) {
    const result = await reader.read(files, mapping, intake, context(onProgress));
    return transfer(result, buffersOf(result));
  },
  survey: (files, mapping, intake, onProgress) =>
    surveyFiles(files, mapping, intake, context(onProgress), openDuckDb, measureLanguages),
  checkSql: sqlChecker(openDuckDb),
  setAsideCsv: async (files, mapping, intake, table, reason) =>
    new Blob(
      await setAsideCsv(
        files,
        mapping,
        intake,
        table,
        reason,
        context(() => {}),
        openDuckDb,
      ),
      { type: 'text/csv' },
    ),
  connect: (port) => expose(api, port),
};

expose(api);
