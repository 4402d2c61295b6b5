import { expose, proxy, type Remote, transfer } from 'comlink';
import {
  AppError,
  CancelledError,
  createContext,
  EMBED_DEVICE_BROKE,
  type JobContext,
  type ModelInfo,
  type TextEmbedder,
} from '../domain/index.ts';
import type { EmbedApi, EmbedOptions } from './api.ts';

/** The model worker's end: one embedder, made at the first `open`. A failed start is forgotten. */
export function serveEmbedder(create: (options: EmbedOptions) => Promise<TextEmbedder>): EmbedApi {
  let embedder: Promise<TextEmbedder> | null = null;
  let lastCancelled = 0;
  const running = new Map<number, { readonly abort: () => void; readonly ended: Promise<unknown> }>();

  const open = (options: EmbedOptions): Promise<TextEmbedder> => {
    const made = embedder ?? create(options);
    embedder = made;
    made.catch(() => {
      embedder = null;
    });
    return made;
  };
  const api: EmbedApi = {
    open: async (options) => (await open(options)).describe(),
    async embed(texts, onProgress, run) {
      if (run <= lastCancelled) throw new CancelledError();
      if (embedder === null) throw new Error('the model was not opened');
      const controller = new AbortController();
      const ctx = createContext('embed', ({ done, total, note }) => void onProgress(done, total, note), controller.signal);
      const work = embedder.then((e) => e.embed(texts, ctx));
      running.set(run, { abort: () => controller.abort(), ended: work.catch(() => undefined) });
      const vectors = await work.finally(() => running.delete(run));
      return transfer(vectors, [vectors.data.buffer as ArrayBuffer]);
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
export function remoteEmbedder(link: (broke: string | null) => Promise<RemoteModel>, run: number): TextEmbedder {
  let linked: Promise<RemoteModel> | null = null;
  const attempt = async <T>(work: (api: Remote<EmbedApi>, model: ModelInfo) => Promise<T>): Promise<T> => {
    linked ??= link(null);
    const { api, options } = await linked;
    try {
      return await work(api, await api.open(options));
    } catch (error) {
      if (!isBroken(error) || options.device === 'wasm') throw error;
      linked = link(error.message);
      return attempt(work);
    }
  };
  return {
    describe: () => attempt(async (_, model) => model),
    embed: (texts, ctx) => attempt((api) => api.embed(texts, relay(ctx), run)),
    dispose: async () => {},
  };
}

const isBroken = (error: unknown): error is AppError => error instanceof AppError && error.code === EMBED_DEVICE_BROKE;

const relay = (ctx: JobContext) => proxy(ctx.progress.bind(ctx));
