export { behaviourCsv } from './behaviour-csv.ts';
export { clusteredMatrix, standardNormal } from './clustered.ts';
export { type Gaps, gapsOf, processorMs } from './gaps.ts';
export {
  GENERATOR_VERSION,
  type GeneratorOptions,
  generateLog,
  type LogRow,
  type PlantedEvent,
  type SegmentName,
  type TrueAssignment,
  type Truth,
  toCsv,
} from './generator/index.ts';
export { countBuffers, openNodeGpu, openPlainGpu, swiftShaderFolder } from './gpu.ts';
export { blobMatrix, uniformMatrix, unitMatrix } from './matrices.ts';
export { bytesHeld, countMemories, peakBytesOf } from './memory.ts';
export { mixtureMatrix } from './mixture.ts';
export { blankVectors, embedded, modelInfo } from './model.ts';
export { type FakeOpfs, fakeOpfs } from './opfs.ts';
export { spearman } from './spearman.ts';
export { openNodeTeam } from './team.ts';
