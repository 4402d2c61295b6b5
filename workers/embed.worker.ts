import { expose } from 'comlink';
import {
  browserLibrary,
  browserVerdicts,
  createBrowserShelf,
  keepEmbedder,
  openVectorCache,
  webRunner,
} from '../src/embed/index.ts';
import { installErrorTransfer, serveEmbedder } from '../src/protocol/index.ts';

installErrorTransfer();

const base = import.meta.env.BASE_URL;
const shelf = createBrowserShelf(`${base}models/`, browserLibrary());

/** One copy of the model: it loads and runs the files that it is told, and this worker shares the work out. */
const spawnRunner = () =>
  webRunner(new Worker(new URL('./runner.worker.ts', import.meta.url), { type: 'module', name: 'embedding runner' }));

const openEmbedder = keepEmbedder();

expose(
  serveEmbedder((options, languages) =>
    openEmbedder({
      wish: options,
      languages,
      words: options.words,
      shelf,
      wasmBase: `${base}ort/`,
      spawnRunner,
      store: browserVerdicts(),
      openCache: openVectorCache,
      allowSoftwareGpu: options.allowSoftwareGpu,
      trial: options.trial ?? true,
    }),
  ),
);
