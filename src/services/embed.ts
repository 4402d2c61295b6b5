import type { EmbedApi, EmbedOptions } from '../protocol/index.ts';
import { connect, type WorkerClient, type WorkerFactory } from './spawn.ts';

/** Holds the one worker that has the model loaded; started at first use, replaced if it dies. */
export interface EmbedService {
  /** A worker's runtime is bound to one kind of device for life, so another device means another worker. */
  use(device: EmbedOptions['device']): WorkerClient<EmbedApi>;
  /** Stops what is being embedded, if anything is. */
  cancel(): void;
}

export function createEmbedService(workers: WorkerFactory): EmbedService {
  let current: { readonly device: EmbedOptions['device']; readonly client: WorkerClient<EmbedApi> } | null = null;
  const start = (device: EmbedOptions['device']): WorkerClient<EmbedApi> => {
    current?.client.terminate();
    const client = connect<EmbedApi>(workers.embed(), 'embedding');
    client.died.catch(() => {
      client.terminate();
      if (current?.client === client) current = null;
    });
    current = { device, client };
    return client;
  };
  return {
    use: (device) => (current?.device === device ? current.client : start(device)),
    cancel: () => void current?.client.api.cancel(),
  };
}
