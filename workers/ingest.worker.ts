import duckdbWasm from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import { expose, transfer } from 'comlink';
import type { JobContext } from '../src/domain/index.ts';
import { abilityError, createContext } from '../src/domain/index.ts';
import {
  createEventReader,
  inspectFile,
  lazyDuckDb,
  openDuckDbInBrowser,
  proposeMapping,
  sqlChecker,
} from '../src/ingest/index.ts';
import { buffersOf, type IngestApi, installErrorTransfer, type OnProgress } from '../src/protocol/index.ts';

installErrorTransfer();

const openDuckDb = lazyDuckDb(() => openDuckDbInBrowser(new URL(duckdbWasm, import.meta.url).href));
const reader = createEventReader({ openDuckDb });

/** Cancelling a read ends the worker, so there is no signal to hear. */
const context = (onProgress: OnProgress): JobContext =>
  createContext('read', ({ done, total, note }) => void onProgress(done, total, note), new AbortController().signal);

const unable = () => Promise.reject(abilityError('no-survey', 'Files cannot be surveyed yet.', 'Analyse them.'));

const api: IngestApi = {
  inspect: (file, forms, onProgress) => inspectFile(file, forms, context(onProgress)),
  propose: async (previews) => proposeMapping(previews),
  async read(files, mapping, intake, onProgress) {
    const result = await reader.read(files, mapping, intake, context(onProgress));
    return transfer(result, buffersOf(result));
  },
  survey: unable,
  checkSql: sqlChecker(openDuckDb),
  setAsideCsv: unable,
  connect: (port) => expose(api, port),
};

expose(api);
