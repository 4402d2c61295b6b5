import type { ToHelper } from './helper.ts';
import type { HelperThread } from './team.ts';

/** What a team needs of a `Worker` of node:worker_threads. */
export interface NodeThread {
  postMessage(message: ToHelper): void;
  on(event: 'message', listener: (why: string) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  unref(): void;
  terminate(): unknown;
}

/** A thread of Node; it keeps no process alive. */
export const nodeHelper = (thread: NodeThread): HelperThread => ({
  post: (message) => thread.postMessage(message),
  onEnd(listener) {
    thread.on('message', listener);
    thread.on('error', (error) => listener(died(error.message)));
    thread.on('exit', () => listener(died('it ended')));
    // Last, for whoever listens to messages keeps the process alive.
    thread.unref();
  },
  end: () => void thread.terminate(),
});

/** What a team needs of a browser's `Worker`. */
export interface WebThread {
  postMessage(message: ToHelper): void;
  addEventListener(event: 'message', listener: (event: { readonly data: string }) => void): void;
  addEventListener(event: 'error', listener: (event: { readonly message: string }) => void): void;
  terminate(): void;
}

export const webHelper = (worker: WebThread): HelperThread => ({
  post: (message) => worker.postMessage(message),
  onEnd(listener) {
    worker.addEventListener('message', ({ data }) => listener(data));
    worker.addEventListener('error', ({ message }) => listener(died(message || 'it could not be started')));
  },
  end: () => worker.terminate(),
});

const died = (why: string): string => `A helper thread died: ${why}.`;
