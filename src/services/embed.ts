import type { Remote } from 'comlink';
import type { EmbedApi } from '../protocol/index.ts';
import { connect, type WorkerClient, type WorkerFactory } from './spawn.ts';

/** The one worker that holds the model; started at first use, replaced if it dies. */
export interface EmbedService {
  api(): Remote<EmbedApi>;
  died(): Promise<never>;
  /** Stops what is being embedded, if anything is. */
  cancel(): void;
}

export function createEmbedService(workers: WorkerFactory): EmbedService {
  let client: WorkerClient<EmbedApi> | null = null;
  const get = (): WorkerClient<EmbedApi> => {
    if (client) return client;
    const started = connect<EmbedApi>(workers.embed(), 'embedding');
    started.died.catch(() => {
      started.terminate();
      if (client === started) client = null;
    });
    client = started;
    return started;
  };
  return { api: () => get().api, died: () => get().died, cancel: () => void client?.api.cancel() };
}
