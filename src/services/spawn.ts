import { type Remote, wrap } from 'comlink';
import { AppError, CancelledError } from '../domain/index.ts';

/** A worker and its API. Who makes one terminates it. */
export interface WorkerClient<T> {
  readonly api: Remote<T>;
  /**
   * Calls `listener` once when the worker ends, also if it has ended already: it died (script not loadable, out of memory,
   * uncaught error) or was terminated. What comes back removes the listener. A promise to race with would not do: it keeps
   * what every race came to for as long as the worker lives.
   */
  onEnd(listener: (reason: Error) => void): () => void;
  /** Calls that are under way never answer; who listens hears of it as a cancellation. */
  terminate(): void;
}

/** Makes promises reject when a worker that they need ends, for the time of one job. */
export interface Watch {
  /** Rejects when one of the workers ends, or by `fail`. */
  readonly failed: Promise<never>;
  readonly fail: (reason: Error) => void;
  /** Watches this worker too; what comes back ends that. */
  add(worker: Pick<WorkerClient<unknown>, 'onEnd'>): () => void;
  /** Leaves no listener behind. */
  end(): void;
}

/** The part of a browser's Worker that a client needs; tests give a fake. */
export interface WorkerLike extends EventTarget {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  terminate(): void;
}

export interface WorkerFactory {
  ingest(): WorkerLike;
  embed(): WorkerLike;
  analysis(): WorkerLike;
}

export interface ModelsWorkers {
  models(): WorkerLike;
}

/** The literal URLs let the bundler find the workers. */
export const browserWorkers: WorkerFactory & ModelsWorkers = {
  ingest: () => new Worker(new URL('../../workers/ingest.worker.ts', import.meta.url), { type: 'module', name: 'ingest' }),
  embed: () => new Worker(new URL('../../workers/embed.worker.ts', import.meta.url), { type: 'module', name: 'embed' }),
  analysis: () => new Worker(new URL('../../workers/analysis.worker.ts', import.meta.url), { type: 'module', name: 'analysis' }),
  models: () => new Worker(new URL('../../workers/models.worker.ts', import.meta.url), { type: 'module', name: 'models' }),
};

export function connect<T>(worker: WorkerLike, name: string): WorkerClient<T> {
  const listeners = new Set<(reason: Error) => void>();
  let ended: Error | null = null;
  const end = (reason: Error): void => {
    if (ended) return;
    ended = reason;
    worker.terminate();
    for (const listener of listeners) listener(reason);
    listeners.clear();
  };
  worker.addEventListener('error', (event) => end(crash(name, (event as ErrorEvent).message || 'it could not be started')));
  worker.addEventListener('messageerror', () => end(crash(name, 'a message could not be read')));
  return {
    api: wrap<T>(worker),
    onEnd(listener) {
      if (ended) listener(ended);
      else listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    terminate: () => end(new CancelledError()),
  };
}

export function watch(): Watch {
  const stops: (() => void)[] = [];
  let over = false;
  let fail: (reason: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever waits for `failed` hears of it; nobody waiting is not an error of its own.
  failed.catch(() => undefined);
  return {
    failed,
    fail,
    add(worker) {
      if (over) return () => {};
      const stop = worker.onEnd(fail);
      stops.push(stop);
      return stop;
    },
    end() {
      over = true;
      for (const stop of stops.splice(0)) stop();
    },
  };
}

const crash = (name: string, why: string): AppError =>
  new AppError(
    'bug',
    'worker-died',
    `The ${name} worker stopped: ${why}.`,
    'Try again; if memory is short, close other tabs or use fewer rows.',
  );

/** Rejects where the work takes longer. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
