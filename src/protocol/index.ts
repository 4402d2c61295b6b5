export type { AnalysisApi, AnalysisInput, Connectable, EmbedApi, EmbedOptions, IngestApi, OnProgress } from './api.ts';
export { installErrorTransfer } from './errors.ts';
export { buffersOf } from './transfer.ts';
