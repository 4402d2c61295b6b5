import type { DownloadPlan, Dtype, ModelCard, ModelEntry } from '../../domain/index.ts';
import { BUILT_IN_CARD, HUB_MODELS } from '../registry.ts';
import { planDownload } from './hub.ts';

/** The models that are here. */
export interface ModelLibrary {
  /** The built-in first, then those in storage, then those of the hub that are not here. */
  list(): Promise<ModelEntry[]>;
  plan(id: string, dtype: Dtype, policy: string | null): DownloadPlan;
}

export function createModelLibrary(): ModelLibrary {
  return {
    list: async () => [BUILT_IN, ...HUB_MODELS.map(({ card }) => onHub(card))],
    plan: planDownload,
  };
}

const BUILT_IN: ModelEntry = { card: BUILT_IN_CARD, place: 'built-in', source: null, dtypes: ['q8', 'int8'], files: [] };

const onHub = (card: ModelCard): ModelEntry => ({ card, place: 'hub', source: null, dtypes: [], files: [] });
