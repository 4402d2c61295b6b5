import type { Stage } from '../domain/index.ts';
import type { StageRecord } from './job.ts';

/**
 * Rough share of a run that each stage takes, before anything is known. Only the proportions of the stages still to come
 * matter; a wrong share spoils the early estimate and is gone once the stage has begun.
 */
const PRIOR: Readonly<Record<Stage, number>> = {
  read: 24,
  profiles: 4,
  embed: 22,
  reduce: 12,
  segment: 24,
  track: 2,
  drift: 6,
  map: 22,
  trust: 60,
  sensitivity: 25,
};

/** Below this share or time, a stage's own pace says too little. */
const MIN_SHARE = 0.03;
const MIN_ELAPSED_MS = 600;

/** Share done of a stage in 0..1. */
export const shareOf = (stage: StageRecord): number =>
  stage.finished ? 1 : stage.total > 0 ? Math.min(1, stage.done / stage.total) : 0;

/** Milliseconds left in a stage from its own pace; null while too little is known, 0 when finished. */
export function stageLeft(stage: StageRecord, now: number): number | null {
  if (stage.finished) return 0;
  if (stage.movesFrom === null || stage.updatedAt === null) return null;
  const share = shareOf(stage);
  const made = share - stage.movesFrom.share;
  const elapsed = stage.updatedAt - stage.movesFrom.at;
  if (made < MIN_SHARE || elapsed < MIN_ELAPSED_MS) return null;
  return Math.max(0, (elapsed * (1 - share)) / made - (now - stage.updatedAt));
}

/** Milliseconds that a stage got ready for its work, which say nothing of the pace. */
const readying = ({ startedAt, movesFrom, finished, done }: StageRecord, now: number): number =>
  startedAt === null || movesFrom === null ? 0 : (done === 0 && !finished ? now : movesFrom.at) - startedAt;

/**
 * Milliseconds left in the whole run: the pace of the current stage, and for those to come their prior share at the pace seen
 * so far. Null while nothing is known.
 */
export function runLeft(stages: readonly StageRecord[], startedAt: number, now: number): number | null {
  const weightDone = stages.reduce((sum, s) => sum + PRIOR[s.stage] * shareOf(s), 0);
  const elapsed = stages.reduce((ms, s) => ms - readying(s, now), now - startedAt);
  if (weightDone < 2 || elapsed < MIN_ELAPSED_MS) return null;
  const pace = elapsed / weightDone;
  return stages.reduce((sum, s) => sum + (stageLeft(s, now) ?? PRIOR[s.stage] * (1 - shareOf(s)) * pace), 0);
}

/** Share done of the whole run, by the prior weights. */
export const runShare = (stages: readonly StageRecord[]): number =>
  stages.reduce((sum, s) => sum + PRIOR[s.stage] * shareOf(s), 0) / stages.reduce((sum, s) => sum + PRIOR[s.stage], 0);
