import { type AppError, type LayoutFrame, type Progress, STAGES, type Stage } from '../domain/index.ts';

/** Times are milliseconds on any steady clock. */
export interface StageRecord {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  readonly note: string;
  readonly startedAt: number | null;
  /** Since when it moves, and the share done (0..1) then: before, it got ready for the work, as a model that is loaded, or found a part done. */
  readonly movesFrom: { readonly at: number; readonly share: number } | null;
  readonly updatedAt: number | null;
  readonly finished: boolean;
}

/**
 * Life of the work on the loaded files.
 *
 *     idle -> inspecting -> ready -> running -> done
 *                 |           ^         |-> cancelled   (ready, cancelled, failed and done may inspect or run again)
 *                 |-> failed  '-------- '-> failed
 *
 * Each piece of work has an id; what comes with another id than the current one is late and changes nothing.
 */
export type JobState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'inspecting'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly phase: 'ready' }
  | {
      readonly phase: 'running';
      readonly id: number;
      readonly startedAt: number;
      readonly now: number;
      readonly stages: readonly StageRecord[];
      /** The newest look at the map that forms; null before the first. */
      readonly frame: LayoutFrame | null;
      /** Since when its embedding is held back, on the run's own clock; null while it goes on. That clock stands still meanwhile. */
      readonly pausedAt: number | null;
      /** How long it was held back in all. */
      readonly idleMs: number;
      /** The result is shown already, and its trust is being measured: nothing waits for the end. */
      readonly shown: boolean;
      /** Data are added to the result that is shown: that stays in view meanwhile. */
      readonly append: boolean;
    }
  | { readonly phase: 'cancelled' }
  | { readonly phase: 'failed'; readonly during: 'inspecting' | 'running'; readonly error: AppError }
  | { readonly phase: 'done' };

export type JobEvent =
  | { readonly type: 'inspect'; readonly id: number; readonly total: number }
  | { readonly type: 'inspect-progress'; readonly id: number; readonly done: number }
  | { readonly type: 'inspected'; readonly id: number }
  | { readonly type: 'run'; readonly id: number; readonly now: number; readonly append?: boolean }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress; readonly now: number }
  | { readonly type: 'show'; readonly id: number }
  | { readonly type: 'layout'; readonly id: number; readonly frame: LayoutFrame }
  | { readonly type: 'tick'; readonly now: number }
  | { readonly type: 'pause'; readonly paused: boolean; readonly now: number }
  | { readonly type: 'finish'; readonly id: number }
  | { readonly type: 'fail'; readonly id: number; readonly error: AppError }
  | { readonly type: 'cancel' }
  | { readonly type: 'settle'; readonly loaded: boolean };

export const IDLE: JobState = { phase: 'idle' };

/** The result is shown while its trust is being measured. */
export const isShown = (job: JobState): boolean => job.phase === 'running' && job.shown;

/** Texts are being embedded: the one stage that can be held back. */
export const canPause = (job: JobState): boolean =>
  job.phase === 'running' &&
  job.stages.some(({ stage, startedAt, finished }) => stage === 'embed' && startedAt !== null && !finished);

export const isPaused = (job: JobState): boolean => job.phase === 'running' && job.pausedAt !== null;

/** The run that goes on has yet to end this stage. */
export const stageIsOpen = (job: JobState, stage: Stage): boolean =>
  job.phase === 'running' && job.stages.some((record) => record.stage === stage && !record.finished);

/** A run goes on and nothing of the page is of use before it has a result. */
export const isWaiting = (job: JobState): boolean => job.phase === 'running' && !job.shown && !job.append;

/** Work is going on that the user waits for. */
export const isBusy = (job: JobState): boolean => job.phase === 'inspecting' || (job.phase === 'running' && !job.shown);

/** The next state; the same object where the event means nothing in this state. */
export function nextJob(job: JobState, event: JobEvent): JobState {
  switch (event.type) {
    case 'inspect':
      return isBusy(job) ? job : { phase: 'inspecting', id: event.id, done: 0, total: event.total };
    case 'run':
      return isBusy(job) || job.phase === 'idle' ? job : startRun(event.id, event.now, event.append ?? false);
    case 'settle':
      return job.phase === 'running' ? job : event.loaded ? { phase: 'ready' } : IDLE;
    default:
      if (job.phase === 'inspecting') return whileInspecting(job, event);
      return job.phase === 'running' ? whileRunning(job, event) : job;
  }
}

type Inspecting = Extract<JobState, { phase: 'inspecting' }>;
type Running = Extract<JobState, { phase: 'running' }>;

function whileInspecting(job: Inspecting, event: JobEvent): JobState {
  if (!('id' in event) || event.id !== job.id) return job;
  if (event.type === 'inspect-progress') return { ...job, done: Math.max(job.done, event.done) };
  if (event.type === 'inspected') return { phase: 'ready' };
  return event.type === 'fail' ? { phase: 'failed', during: 'inspecting', error: event.error } : job;
}

function whileRunning(job: Running, event: JobEvent): JobState {
  if (event.type === 'cancel') return { phase: 'cancelled' };
  if (event.type === 'tick') return { ...job, now: Math.max(job.now, clockOf(job, event.now)) };
  if (event.type === 'pause') return paused(job, event.paused, event.now);
  if (!('id' in event) || event.id !== job.id) return job;
  if (event.type === 'progress') return progressed(job, event.progress, event.now);
  if (event.type === 'show') return { ...job, shown: true };
  if (event.type === 'layout') return { ...job, frame: event.frame };
  if (event.type === 'finish') return { phase: 'done' };
  return event.type === 'fail' ? { phase: 'failed', during: 'running', error: event.error } : job;
}

/** The run's own time: it leaves out what was spent paused, so that no estimate counts it. */
const clockOf = ({ pausedAt, idleMs }: Running, now: number): number => pausedAt ?? now - idleMs;

function paused(job: Running, pause: boolean, now: number): Running {
  if (pause) return job.pausedAt === null && canPause(job) ? { ...job, pausedAt: clockOf(job, now) } : job;
  return job.pausedAt === null ? job : { ...job, pausedAt: null, idleMs: now - job.pausedAt };
}

function progressed(job: Running, progress: Progress, time: number): Running {
  const now = clockOf(job, time);
  const next = { ...job, now, stages: record(job.stages, progress, now) };
  // The last batch was under way when it was paused: there is nothing left to hold back.
  return canPause(next) ? next : paused(next, false, time);
}

const startRun = (id: number, now: number, append: boolean): JobState => ({
  phase: 'running',
  id,
  startedAt: now,
  now,
  frame: null,
  pausedAt: null,
  idleMs: 0,
  shown: false,
  append,
  stages: STAGES.map((stage) => ({
    ...{ stage, done: 0, total: 0, note: '', finished: false },
    ...{ startedAt: null, movesFrom: null, updatedAt: null },
  })),
});

/** A stage that reports has begun; every stage before it is finished, because stages run in order. */
function record(stages: readonly StageRecord[], progress: Progress, now: number): StageRecord[] {
  const current = STAGES.indexOf(progress.stage);
  return stages.map((stage, i) => {
    if (i < current) return stage.finished ? stage : { ...stage, finished: true };
    if (i > current) return stage;
    const { done, total } = progress;
    return {
      ...stage,
      done,
      total,
      note: progress.note ?? stage.note,
      startedAt: stage.startedAt ?? now,
      movesFrom: done === 0 || stage.movesFrom === null ? { at: now, share: total > 0 ? done / total : 0 } : stage.movesFrom,
      updatedAt: now,
      finished: total > 0 && done >= total,
    };
  });
}
