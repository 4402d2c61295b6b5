import { CancelledError } from './errors.ts';

/** The stages of an analysis, in order. */
export const STAGES = [
  'read',
  'profiles',
  'embed',
  'reduce',
  'segment',
  'track',
  'drift',
  'map',
  'trust',
  'sensitivity',
] as const;
export type Stage = (typeof STAGES)[number];

/** `done` of `total` units of work; `note` is a short remark for the user ("1,200 of 3,958 texts"). */
export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  readonly note?: string;
}

/** The map as it forms: where the profiles that it is fitted on lie after some of the epochs. */
export interface LayoutFrame {
  /** Profiles x 2, in layout units. Whoever is given a frame may keep it. */
  readonly positions: Float32Array<ArrayBuffer>;
  readonly epoch: number;
  /** At the last of them the frame is the layout. */
  readonly epochs: number;
}

/** What long work is given: where to tell its progress, and where to breathe. */
export interface JobContext {
  progress(done: number, total: number, note?: string): void;
  /**
   * Call between pieces of at most about 50 ms. Lets messages in when enough time has passed, and throws
   * {@link CancelledError} once the job was cancelled.
   */
  checkpoint(): Promise<void>;
}

/** For tests and small work: tells nothing, never stops. */
export const silentContext: JobContext = { progress: () => {}, checkpoint: () => Promise.resolve() };

/** A part of `ctx` whose own 0..total is told as the share from `start` to `end` (0..1) of the whole. */
export function portion(ctx: JobContext, start: number, end: number): JobContext {
  return {
    progress: (done, total, note) => ctx.progress(start + (end - start) * (total > 0 ? done / total : 1), 1, note),
    checkpoint: () => ctx.checkpoint(),
  };
}

/** `ctx` for a step whose own units would make the stage's bar run back: it breathes and tells nothing. */
export const untold = (ctx: JobContext): JobContext => ({ progress: () => {}, checkpoint: () => ctx.checkpoint() });

/**
 * A context for one stage. Yields to the event loop when `sliceMs` have passed since the last yield.
 * A macrotask is needed: a resolved promise alone would not let the cancel message in.
 */
export function createContext(stage: Stage, report: (p: Progress) => void, signal: AbortSignal, sliceMs = 40): JobContext {
  let last = performance.now();
  return {
    progress: (done, total, note) => report(note === undefined ? { stage, done, total } : { stage, done, total, note }),
    async checkpoint() {
      if (signal.aborted) throw new CancelledError();
      if (performance.now() - last < sliceMs) return;
      await nextTask();
      last = performance.now();
      if (signal.aborted) throw new CancelledError();
    },
  };
}

/** Resolves in a later macrotask, without the 4 ms clamp of nested timers. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}
