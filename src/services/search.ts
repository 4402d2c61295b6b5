import { transfer } from 'comlink';
import {
  abilityError,
  DTYPES,
  isCancelled,
  type ModelInfo,
  type ModelWish,
  type SearchHits,
  toAppError,
} from '../domain/index.ts';
import type { AnalysisApi, ModelLink } from '../protocol/index.ts';
import type { EmbedService, Model } from './embed.ts';
import { portTo } from './port.ts';
import { type WorkerClient, watch } from './spawn.ts';

/** The worker that holds a result, and the model that made it. */
interface Shown {
  readonly worker: WorkerClient<AnalysisApi>;
  readonly info: ModelInfo;
  model: Model;
  /** That the worker has a link to; null before its first. */
  linked: Model | null;
}

/** Searches in the result that was told last. */
export interface Search {
  /** A result was told. */
  show(worker: WorkerClient<AnalysisApi>, model: Model | null, info: ModelInfo): void;
  search(query: string): Promise<SearchHits>;
}

/** @param isBusy whether a run is going on whose result was not told: the model that is loaded is its own */
export function createSearch(embed: EmbedService, isBusy: () => boolean): Search {
  let shown: Shown | null = null;
  const heard = new WeakSet<WorkerClient<AnalysisApi>>();

  /** A link where the worker has none to this model. */
  const linkOf = async (at: Shown): Promise<ModelLink | null> => {
    const model = await embed.again(at.model, pinned(at.info), isBusy());
    if (model === null) throw busy();
    at.model = model;
    if (at.linked === at.model) return null;
    const { client, options } = at.model;
    const port = await portTo(client.api);
    at.linked = at.model;
    return transfer({ port, options }, [port]);
  };
  return {
    show(worker, model, info) {
      if (model === null) return;
      shown = { worker, info, model, linked: null };
      if (heard.has(worker)) return;
      heard.add(worker);
      worker.onEnd(() => {
        if (shown?.worker === worker) shown = null;
      });
    },
    async search(query) {
      const at = shown;
      if (at === null) throw gone();
      const watched = watch();
      watched.add(at.worker);
      const ask = async (): Promise<SearchHits> => {
        const link = await linkOf(at);
        watched.add(at.model.client);
        return at.worker.api.search(query, link);
      };
      return await Promise.race([ask(), watched.failed])
        .catch((error: unknown) => {
          // Whatever the worker holds of the model may be of no use: the next search brings a new link.
          if (isCancelled(error)) throw error;
          const told = toAppError(error);
          at.linked = null;
          if (told.kind !== 'input' && !isBusy()) embed.drop();
          throw told;
        })
        .finally(() => watched.end());
    },
  };
}

const gone = () =>
  abilityError(
    'no-result',
    'What the result was made of is no longer in memory: other work has begun since, or its worker has ended.',
    'Analyse again to search in it.',
  );

const busy = () =>
  abilityError(
    'model-busy',
    'The model of this result is not loaded, and a run uses another one.',
    'Search again when the run has ended.',
  );

/** The wish for the very model, dtype and device that a result was made by. */
const pinned = ({ id, dtype, device }: ModelInfo): ModelWish => ({
  model: id,
  dtype: DTYPES.find((known) => known === dtype) ?? 'auto',
  device: device === 'none' ? 'auto' : device,
});
