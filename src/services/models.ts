import { proxy } from 'comlink';
import type { DownloadPlan, Dtype, KeptVectors, ModelAdvice, ModelEntry, TextLanguages } from '../domain/index.ts';
import type { ModelsApi } from '../protocol/index.ts';
import type { EmbedService } from './embed.ts';
import { connect, type ModelsWorkers, type WorkerClient, watch } from './spawn.ts';

/** A file with its path below the folder that was dropped; an archive has its name alone. */
export interface DroppedFile {
  readonly path: string;
  readonly file: File;
}

/** The models that are here, and how others get here. Progress is told in bytes. */
export interface ModelsService {
  list(): Promise<ModelEntry[]>;
  add(files: readonly DroppedFile[], onProgress: (done: number, total: number) => void): Promise<ModelEntry>;
  /** Asks the hub for nothing. */
  plan(id: string, dtype: Dtype): Promise<DownloadPlan>;
  download(id: string, dtype: Dtype, onProgress: (done: number, total: number) => void): Promise<ModelEntry>;
  remove(id: string): Promise<void>;
  advise(languages: TextLanguages): Promise<ModelAdvice>;
  /** Vectors of texts that are kept for later runs, used last first. */
  caches(): Promise<KeptVectors[]>;
  /** Forgets them; how many files stayed because a run uses them. */
  clearCaches(): Promise<number>;
  /** Rejects what is asked with CancelledError, and ends the worker. May be called twice and when nothing is going on. */
  cancel(): void;
}

/** What the page lends. */
export interface ModelsPage {
  /** Its content policy. */
  policy(): Promise<string | null>;
  /** Asks the browser not to clear away what is kept when space gets short; a worker can't. */
  persist(): void;
}

/** @param embed is told when the models that are here have changed */
export function createModelsService(workers: ModelsWorkers, embed: Pick<EmbedService, 'renew'>, page: ModelsPage): ModelsService {
  let client: WorkerClient<ModelsApi> | null = null;
  const start = (): WorkerClient<ModelsApi> => {
    const started = connect<ModelsApi>(workers.models(), 'models');
    started.onEnd(() => {
      if (client === started) client = null;
    });
    return started;
  };
  const call = <T>(use: (api: WorkerClient<ModelsApi>['api']) => Promise<T>): Promise<T> => {
    client ??= start();
    const watched = watch();
    watched.add(client);
    return Promise.race([use(client.api), watched.failed]).finally(watched.end);
  };
  /** A worker that has a model loaded may hold another one by that name, or have chosen among others. */
  const changing = <T>(work: Promise<T>): Promise<T> =>
    work.then((done) => {
      embed.renew();
      return done;
    });
  let asked = false;
  const keeping = async <T>(work: Promise<T>): Promise<T> => {
    const kept = await changing(work);
    if (!asked) page.persist();
    asked = true;
    return kept;
  };
  return {
    list: () => call((api) => api.list()),
    add: (files, onProgress) => keeping(call((api) => api.add(files, proxy(onProgress)))),
    plan: async (id, dtype) => {
      const policy = await page.policy();
      return call((api) => api.plan(id, dtype, policy));
    },
    download: async (id, dtype, onProgress) => {
      const policy = await page.policy();
      return keeping(call((api) => api.download(id, dtype, policy, proxy(onProgress))));
    },
    remove: (id) => changing(call((api) => api.remove(id))),
    advise: (languages) => call((api) => api.advise(languages)),
    caches: () => call((api) => api.caches()),
    clearCaches: () => call((api) => api.clearCaches()),
    cancel: () => client?.terminate(),
  };
}
