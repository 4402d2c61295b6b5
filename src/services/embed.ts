import type { ModelWish } from '../domain/index.ts';
import type { EmbedApi, EmbedOptions } from '../protocol/index.ts';
import { connect, type WorkerClient, type WorkerFactory, within } from './spawn.ts';

/** A worker with the model, and what it is to be opened with. */
export interface Model {
  readonly client: WorkerClient<EmbedApi>;
  readonly options: EmbedOptions;
}

/** Holds the one worker that has the model loaded; started at first use, replaced if it dies. */
export interface EmbedService {
  /** The worker of the last use, where the same was asked for, else another: the model of before must not take up memory. */
  use(wish: EmbedOptions): Promise<Model>;
  /** `model` if its worker is still the one, else one for `wish` in its place; null where that is not to be ended (`spare`). */
  again(model: Model, wish: ModelWish, spare: boolean): Promise<Model | null>;
  /** Stops what `run` has embedded. A worker that is not idle soon hangs, and is ended: it would hold up every later run. */
  cancel(run: number): void;
  /** Holds back what `run` embeds, or lets it go on. */
  pause(run: number, paused: boolean): void;
  /** The models that are here have changed: the next use starts another worker, and a run that goes on keeps this one. */
  renew(): void;
  /** Ends the worker; the next use starts another. */
  drop(): void;
}

/** A worker that ends meanwhile is heard of elsewhere. */
const hold = (client: WorkerClient<EmbedApi>, run: number, paused: boolean): void =>
  void client.api.pause(run, paused).catch(() => undefined);

const sameWish = (a: EmbedOptions, b: EmbedOptions): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Seven batches of a busy machine. A worker that is ended too early costs the next run the second of loading the model. */
const PATIENCE_MS = 1000;

export function createEmbedService(workers: WorkerFactory, patienceMs = PATIENCE_MS): EmbedService {
  let current: Model | null = null;
  let outdated = false;
  let stopping: Promise<void> = Promise.resolve();
  let paused: number | null = null;

  const start = (options: EmbedOptions): Model => {
    current?.client.terminate();
    outdated = false;
    const client = connect<EmbedApi>(workers.embed(), 'embedding');
    current = { options, client };
    if (paused !== null) hold(client, paused, true);
    client.onEnd(() => {
      if (current?.client === client) current = null;
    });
    return current;
  };
  return {
    async use(wish) {
      await stopping;
      return current && !outdated && sameWish(current.options, wish) ? current : start(wish);
    },
    async again(model, wish, spare) {
      await stopping;
      if (current === model) return model;
      if (current && spare) return null;
      return start({ ...model.options, ...wish });
    },
    cancel(run) {
      paused = null;
      const client = current?.client;
      if (client) stopping = within(client.api.cancel(run), patienceMs).catch(() => client.terminate());
    },
    pause(run, held) {
      paused = held ? run : null;
      if (current) hold(current.client, run, held);
    },
    renew() {
      outdated = true;
    },
    drop: () => current?.client.terminate(),
  };
}
