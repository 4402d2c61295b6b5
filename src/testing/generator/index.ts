export {
  GENERATOR_VERSION,
  type GeneratorOptions,
  generateLog,
  type LogRow,
  type TrueAssignment,
  type Truth,
  toCsv,
} from './log.ts';
export type { PlantedEvent, SegmentName } from './story.ts';
