import { CancelledError, type JobContext } from '../domain/index.ts';

/** Holds runs back at their checkpoints. */
export interface PauseGate {
  /** Holds `run` and those before it, or lets them go on. May be told before the run begins. */
  set(run: number, paused: boolean): void;
  /** `ctx` whose checkpoint waits while `run` is held; it throws CancelledError at once when `signal` is aborted. */
  hold(ctx: JobContext, run: number, signal: AbortSignal): JobContext;
}

export function pauseGate(): PauseGate {
  let pausedUpTo = 0;
  let wake = new Set<() => void>();
  const changed = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      wake.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  return {
    set(run, paused) {
      pausedUpTo = paused ? Math.max(pausedUpTo, run) : run >= pausedUpTo ? 0 : pausedUpTo;
      const waiting = wake;
      wake = new Set();
      for (const go of waiting) go();
    },
    hold: (ctx, run, signal) => ({
      progress: (done, total, note) => ctx.progress(done, total, note),
      async checkpoint() {
        while (run <= pausedUpTo && !signal.aborted) await changed(signal);
        if (signal.aborted) throw new CancelledError();
        await ctx.checkpoint();
      },
    }),
  };
}
