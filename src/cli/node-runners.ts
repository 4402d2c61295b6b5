import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Worker as Thread } from 'node:worker_threads';
import { nodeRunner, type Runner } from '../embed/index.ts';

/** runner.thread.ts, which the bundler writes beside every entry. */
const FILE = new URL('./runner.thread.mjs', import.meta.url);

/** More copies of a model than this wait for memory more than they help. */
const MOST_WORKERS = 4;

/** For `createNodeEmbedder`: how many threads it works on does not change a vector. */
export interface NodeRunners {
  readonly workers: number;
  readonly spawnRunner: () => Runner;
}

/**
 * Copies of the model on threads of their own.
 * @param workers null = one a core
 * @param folders of models beside the built-in one
 */
export const nodeRunners = (workers: number | null, folders: readonly string[] = [], file: URL | string = FILE): NodeRunners => ({
  workers: workers ?? Math.min(availableParallelism(), MOST_WORKERS),
  spawnRunner: () => nodeRunner(new Thread(file, { workerData: folders.map((folder) => resolve(folder)) })),
});
