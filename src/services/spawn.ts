import { type Remote, wrap } from 'comlink';
import { AppError } from '../domain/index.ts';

/** A worker and its API. Who makes one terminates it. */
export interface WorkerClient<T> {
  readonly api: Remote<T>;
  /** Never resolves; rejects when the worker dies (script not loadable, out of memory, uncaught error). */
  readonly died: Promise<never>;
  terminate(): void;
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

/** The literal URLs let the bundler find the workers. */
export const browserWorkers: WorkerFactory = {
  ingest: () => new Worker(new URL('../../workers/ingest.worker.ts', import.meta.url), { type: 'module', name: 'ingest' }),
  embed: () => new Worker(new URL('../../workers/embed.worker.ts', import.meta.url), { type: 'module', name: 'embed' }),
  analysis: () => new Worker(new URL('../../workers/analysis.worker.ts', import.meta.url), { type: 'module', name: 'analysis' }),
};

export function connect<T>(worker: WorkerLike, name: string): WorkerClient<T> {
  const died = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => reject(crash(name, (event as ErrorEvent).message || 'it could not be started')));
    worker.addEventListener('messageerror', () => reject(crash(name, 'a message could not be read')));
  });
  // Whoever waits for `died` hears of it; nobody waiting is not an error of its own.
  died.catch(() => undefined);
  return { api: wrap<T>(worker), died, terminate: () => worker.terminate() };
}

const crash = (name: string, why: string): AppError =>
  new AppError(
    'bug',
    'worker-died',
    `The ${name} worker stopped: ${why}.`,
    'Try again; if memory is short, close other tabs or use fewer rows.',
  );
