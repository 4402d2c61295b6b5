import { browserLibrary, createBrowserShelf, createRunnerHost, localRunner } from '../src/embed/index.ts';

const base = import.meta.env.BASE_URL;
const shelf = createBrowserShelf(`${base}models/`, browserLibrary());

/** One copy of a model at work for embed.worker.ts, which ends this worker when it is done or broken. */
const host = createRunnerHost(localRunner(shelf.open, { wasmBase: `${base}ort/` }), (answer, transfer) =>
  postMessage(answer, { transfer }),
);
addEventListener('message', ({ data }: MessageEvent<unknown>) => void host.hear(data));
