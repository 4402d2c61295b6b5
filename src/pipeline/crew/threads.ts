import type { Worker as NodeWorker } from 'node:worker_threads';
import type { CrewThread, FromMember } from './port.ts';

/** A browser's worker. */
export const webThread = <S, U, R>(worker: Worker): CrewThread<S, U, R> => ({
  post: (message) => worker.postMessage(message),
  onMessage: (listener) => worker.addEventListener('message', ({ data }: MessageEvent<FromMember<R>>) => listener(data)),
  onDeath: (listener) => worker.addEventListener('error', () => listener()),
  end: () => worker.terminate(),
});

/** A thread of Node; it keeps no process alive. */
export const nodeThread = <S, U, R>(worker: NodeWorker): CrewThread<S, U, R> => ({
  post: (message) => worker.postMessage(message),
  onMessage: (listener) => worker.on('message', listener),
  onDeath(listener) {
    worker.on('error', listener);
    worker.on('exit', listener);
    // Last, for whoever listens keeps the process alive.
    worker.unref();
  },
  end: () => void worker.terminate(),
});
