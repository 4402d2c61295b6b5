import { expose, proxy, type Remote, transfer } from 'comlink';
import {
  CancelledError,
  createContext,
  type JobContext,
  type ModelInfo,
  type TextEmbedder,
  type TextLanguages,
} from '../domain/index.ts';
import type { EmbedApi, EmbedOptions, ModelLink } from './api.ts';
import { pauseGate } from './pause.ts';

/**
 * The model worker's end. Each port has the model that was opened on it.
 * @param create gives an embedder, that of before where it will do; it is asked when an `open` differs from the last on its port. A failed start is
 * forgotten
 */
export function serveEmbedder(create: (options: EmbedOptions, languages: TextLanguages) => Promise<TextEmbedder>): EmbedApi {
  let lastCancelled = 0;
  const gate = pauseGate();
  const running = new Map<number, { readonly abort: () => void; readonly ended: Promise<unknown> }>();

  // A cancel may come on another port than the work; the model that was opened is that of the port.
  const connection = (): EmbedApi => {
    let embedder: Promise<TextEmbedder> | null = null;
    let opened = '';
    let lastCorpus: readonly string[] = [];
    const api: EmbedApi = {
      async open(options, languages) {
        const asked = JSON.stringify([options, languages]);
        if (embedder === null || asked !== opened) {
          const made = create(options, languages);
          embedder = made;
          opened = asked;
          made.catch(() => {
            if (embedder === made) embedder = null;
          });
        }
        return (await embedder).describe();
      },
      async embed(texts, onProgress, run, corpus) {
        if (run <= lastCancelled) throw new CancelledError();
        if (embedder === null) throw new Error('the model was not opened');
        const controller = new AbortController();
        const ctx = createContext('embed', ({ done, total, note }) => void onProgress(done, total, note), controller.signal);
        const held = gate.hold(ctx, run, controller.signal);
        const work = embedder.then((e) => e.embed(texts, held, corpus));
        // A cancel waits for the end; how it ended is told to who asked.
        running.set(run, { abort: () => controller.abort(), ended: work.catch(() => undefined) });
        const found = await work.finally(() => running.delete(run));
        return transfer(found, [found.vectors.data.buffer as ArrayBuffer]);
      },
      async embedQuery(query, corpus) {
        if (embedder === null) throw new Error('the model was not opened');
        if (corpus !== null) lastCorpus = corpus;
        return (await embedder).embedQuery(query, lastCorpus);
      },
      async pause(run, paused) {
        gate.set(run, paused);
      },
      async cancel(run) {
        lastCancelled = Math.max(lastCancelled, run);
        const former = [...running].filter(([id]) => id <= run).map(([, work]) => work);
        for (const { abort } of former) abort();
        await Promise.all(former.map(({ ended }) => ended));
      },
      connect: (port) => expose(connection(), port),
    };
    return api;
  };
  return connection();
}

/** A link whose port is wrapped. */
export interface RemoteModel {
  readonly api: Remote<EmbedApi>;
  readonly options: EmbedOptions;
}

/**
 * The other end, for `run`.
 * @param link asks for the model as api.ts's `LinkModel` does
 */
export function remoteEmbedder(link: () => Promise<RemoteModel>, run: number, languages: TextLanguages): TextEmbedder {
  let linked: Promise<RemoteModel> | null = null;
  let sent: { readonly api: Remote<EmbedApi>; readonly corpus: readonly string[] } | null = null;
  const ask = async <T>(work: (api: Remote<EmbedApi>, model: ModelInfo) => Promise<T>): Promise<T> => {
    linked ??= link();
    const { api, options } = await linked;
    return work(api, await api.open(options, languages));
  };
  return {
    describe: () => ask(async (_, model) => model),
    embed(texts, ctx, corpus) {
      // The first time on a machine it takes seconds until the first batch: the model is loaded, checked and tried out.
      ctx.progress(0, texts.length, 'Loading the model');
      return ask((api) => api.embed(texts, relay(ctx), run, corpus));
    },
    embedQuery: (query, corpus) =>
      ask(async (api) => {
        const known = sent?.api === api && sent.corpus === corpus;
        const vector = await api.embedQuery(query, known ? null : corpus);
        sent = { api, corpus };
        return vector;
      }),
    dispose: async () => {},
  };
}

/** As `embedder`, for a run: a wait for the model, which may load and be tried out for seconds, ends with a cancel. */
export const cancellable = (embedder: TextEmbedder, unlessCancelled: <T>(answer: Promise<T>) => Promise<T>): TextEmbedder => ({
  ...embedder,
  describe: () => unlessCancelled(embedder.describe()),
  embed: (texts, ctx, corpus) => unlessCancelled(embedder.embed(texts, ctx, corpus)),
});

/** The model that queries of a result go to: that of the last link. */
export function queryModels(
  open: (link: ModelLink) => RemoteModel,
  languages: () => TextLanguages,
): (link: ModelLink | null) => TextEmbedder {
  let model: TextEmbedder | null = null;
  return (link) => {
    if (link) {
      const linked = open(link);
      model = remoteEmbedder(async () => linked, 0, languages());
    }
    if (!model) throw new Error('the first search comes with a link to the model');
    return model;
  };
}

const relay = (ctx: JobContext) => proxy(ctx.progress.bind(ctx));
