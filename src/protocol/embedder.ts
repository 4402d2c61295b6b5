import { expose, proxy, type Remote, transfer } from 'comlink';
import {
  AppError,
  CancelledError,
  createContext,
  EMBED_DEVICE_BROKE,
  type JobContext,
  type ModelInfo,
  type TextEmbedder,
  type TextLanguages,
} from '../domain/index.ts';
import type { EmbedApi, EmbedOptions } from './api.ts';
import { pauseGate } from './pause.ts';

/** The model worker's end: one embedder, made at the first `open`. A failed start is forgotten. */
export function serveEmbedder(create: (options: EmbedOptions, languages: TextLanguages) => Promise<TextEmbedder>): EmbedApi {
  let embedder: Promise<TextEmbedder> | null = null;
  let lastCancelled = 0;
  const gate = pauseGate();
  const running = new Map<number, { readonly abort: () => void; readonly ended: Promise<unknown> }>();

  const open = (options: EmbedOptions, languages: TextLanguages): Promise<TextEmbedder> => {
    const made = embedder ?? create(options, languages);
    embedder = made;
    made.catch(() => {
      embedder = null;
    });
    return made;
  };
  const api: EmbedApi = {
    open: async (options, languages) => (await open(options, languages)).describe(),
    async embed(texts, onProgress, run, corpus) {
      if (run <= lastCancelled) throw new CancelledError();
      if (embedder === null) throw new Error('the model was not opened');
      const controller = new AbortController();
      const ctx = createContext('embed', ({ done, total, note }) => void onProgress(done, total, note), controller.signal);
      const held = gate.hold(ctx, run, controller.signal);
      const work = embedder.then((e) => e.embed(texts, held, corpus));
      running.set(run, { abort: () => controller.abort(), ended: work.catch(() => undefined) });
      const found = await work.finally(() => running.delete(run));
      return transfer(found, [found.vectors.data.buffer as ArrayBuffer]);
    },
    async embedQuery(query, corpus) {
      if (embedder === null) throw new Error('the model was not opened');
      return (await embedder).embedQuery(query, corpus);
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
    connect: (port) => expose(api, port),
  };
  return api;
}

/** A link whose port is wrapped. */
export interface RemoteModel {
  readonly api: Remote<EmbedApi>;
  readonly options: EmbedOptions;
}

/**
 * The other end, for `run`. Where the model's device breaks down it asks for another worker, once, and does all of the work
 * anew there, so that one device makes all vectors.
 * @param link asks for the model as api.ts's `LinkModel` does
 */
export function remoteEmbedder(
  link: (broke: string | null) => Promise<RemoteModel>,
  run: number,
  languages: TextLanguages,
): TextEmbedder {
  let linked: Promise<RemoteModel> | null = null;
  const attempt = async <T>(work: (api: Remote<EmbedApi>, model: ModelInfo) => Promise<T>): Promise<T> => {
    linked ??= link(null);
    const { api, options } = await linked;
    try {
      return await work(api, await api.open(options, languages));
    } catch (error) {
      if (!isBroken(error) || options.device === 'wasm') throw error;
      linked = link(error.message);
      return attempt(work);
    }
  };
  return {
    describe: () => attempt(async (_, model) => model),
    embed: (texts, ctx, corpus) => attempt((api) => api.embed(texts, relay(ctx), run, corpus)),
    embedQuery: (query, corpus) => attempt((api) => api.embedQuery(query, corpus)),
    dispose: async () => {},
  };
}

const isBroken = (error: unknown): error is AppError => error instanceof AppError && error.code === EMBED_DEVICE_BROKE;

const relay = (ctx: JobContext) => proxy(ctx.progress.bind(ctx));
