import { installErrorTransfer } from '../protocol/index.ts';
import { type AnalysisService, createAnalysisService } from './analysis.ts';
import { createEmbedService } from './embed.ts';
import { createIngestService, type IngestService } from './ingest.ts';
import { createModelsService, type ModelsService } from './models.ts';
import { contentPolicy, persistStorage } from './page.ts';
import { browserWorkers } from './spawn.ts';

export type { IngestService } from './ingest.ts';
export type { DroppedFile, ModelsService } from './models.ts';
export { watchNetwork } from './network.ts';
export { keepForOffline } from './offline.ts';
export { loadSample, readEnvironment, saveFile } from './page.ts';
export { browserPlace, createUnfinishedRuns, type RunRecord, type UnfinishedRuns } from './unfinished.ts';

export interface Services {
  readonly ingest: IngestService;
  readonly analysis: AnalysisService;
  readonly models: ModelsService;
}

export interface ServiceOptions {
  /** For tests only: see protocol's AnalysisInput. */
  readonly allowSoftwareGpu: boolean;
  /** False for tests only: models are not tried out before their first use. */
  readonly trial: boolean;
}

/** The main thread's clients. Workers start at first use. */
export function createServices({ allowSoftwareGpu, trial }: ServiceOptions): Services {
  installErrorTransfer();
  const embed = createEmbedService(browserWorkers);
  return {
    ingest: createIngestService(browserWorkers),
    analysis: createAnalysisService(browserWorkers, embed, allowSoftwareGpu, undefined, trial),
    models: createModelsService(browserWorkers, embed, { policy: contentPolicy, persist: persistStorage }),
  };
}
