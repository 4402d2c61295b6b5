export { type AnalysisTask, type AnalysisTools, analyse } from './analyse.ts';
export { type OpenedCompute, openCompute } from './compute.ts';
export type { RunMemory } from './memory.ts';
export { createSearcher, type Searcher } from './search.ts';
