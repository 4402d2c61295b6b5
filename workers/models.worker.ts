import { expose } from 'comlink';
import { createContext, type JobContext } from '../src/domain/index.ts';
import { adviseModel, browserLibrary, clearVectorCaches, listVectorCaches } from '../src/embed/index.ts';
import { installErrorTransfer, type ModelsApi, type OnProgress } from '../src/protocol/index.ts';

installErrorTransfer();

const library = browserLibrary();

/** Milliseconds between two messages of progress; the pieces of a file are many. */
const OFTEN = 100;

/** Stopping the work ends the worker, so there is no signal to hear. */
function context(onProgress: OnProgress): JobContext {
  let last = 0;
  const tell = (done: number, total: number): void => {
    if (performance.now() - last < OFTEN && done < total) return;
    last = performance.now();
    void onProgress(done, total);
  };
  return createContext('embed', ({ done, total }) => tell(done, total), new AbortController().signal);
}

const api: ModelsApi = {
  list: library.list,
  add: (files, onProgress) => library.add(files, context(onProgress)),
  plan: async (id, dtype, policy) => library.plan(id, dtype, policy),
  download: (id, dtype, policy, onProgress) => library.download(id, dtype, policy, context(onProgress)),
  remove: library.remove,
  advise: async (languages) => adviseModel(languages, await library.list()),
  caches: () => listVectorCaches(),
  clearCaches: () => clearVectorCaches(),
  connect: (port) => expose(api, port),
};

expose(api);
