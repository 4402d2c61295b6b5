import { CancelledError } from '../domain/index.ts';

/** For a worker that does one piece of work at a time and is told to stop by a message. */
export interface Canceller {
  /** @param unlessCancelled ends a wait for another thread, which may never answer once its side was stopped. */
  start<T>(work: (signal: AbortSignal, unlessCancelled: <U>(answer: Promise<U>) => Promise<U>) => Promise<T>): Promise<T>;
  /** Resolves when the work has ended; at once where there is none. */
  cancel(): Promise<void>;
}

export function createCanceller(): Canceller {
  let controller = new AbortController();
  let ended: Promise<unknown> = Promise.resolve();
  return {
    start(work) {
      controller = new AbortController();
      const { signal } = controller;
      const stopped = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new CancelledError()));
      });
      // Heard by whoever waits in the race; where none does, it must not count as unhandled.
      stopped.catch(() => undefined);
      const result = work(signal, (answer) => Promise.race([answer, stopped]));
      // Its failure goes to who started it; a cancel waits for the end alone.
      ended = result.catch(() => undefined);
      return result;
    },
    async cancel() {
      controller.abort();
      await ended;
    },
  };
}
