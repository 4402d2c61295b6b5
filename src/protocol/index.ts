export type {
  AnalysisApi,
  AnalysisInput,
  Connectable,
  EmbedApi,
  EmbedOptions,
  IngestApi,
  LinkModel,
  ModelLink,
  ModelsApi,
  OnProgress,
} from './api.ts';
export { type Canceller, createCanceller } from './canceller.ts';
export { cancellable, queryModels, remoteEmbedder, serveEmbedder } from './embedder.ts';
export { installErrorTransfer } from './errors.ts';
export { frameSender } from './frames.ts';
export { buffersOf } from './transfer.ts';
