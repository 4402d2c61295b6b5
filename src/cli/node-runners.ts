import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Worker as Thread } from 'node:worker_threads';
import type { ModelWish } from '../domain/index.ts';
import { type ModelSource, nodeRunner, openModelFolder, type Runner } from '../embed/index.ts';

/** runner.thread.ts, which the bundler writes beside every entry. */
const FILE = new URL('./runner.thread.mjs', import.meta.url);

/** More copies of a model than this wait for memory more than they help. */
const MOST_WORKERS = 4;

/** What a model is made from in Node. */
export interface NodeModelOptions {
  readonly wish: ModelWish;
  readonly models: readonly ModelSource[];
  readonly workers: number;
  readonly spawnRunner: () => Runner;
}

/**
 * The model that is wished for, by its id or by the folder that it lies in, on as many threads as there are cores.
 * @param threads null = by the machine; which number it is changes no vector
 * @throws AppError input that says what is wrong with the folder
 */
export async function modelOptions(wish: ModelWish, threads: number | null): Promise<NodeModelOptions> {
  const workers = threads ?? Math.min(availableParallelism(), MOST_WORKERS);
  if (!isFolder(wish.model)) return { wish, models: [], workers, spawnRunner: nodeRunners([]) };
  const source = await openModelFolder(wish.model);
  return { wish: { ...wish, model: source.card.id }, models: [source], workers, spawnRunner: nodeRunners([wish.model]) };
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Starts threads that each run a copy of a model; @param folders of models beside the built-in one */
export const nodeRunners =
  (folders: readonly string[], file: URL | string = FILE): (() => Runner) =>
  () =>
    nodeRunner(new Thread(file, { workerData: folders.map((folder) => resolve(folder)) }));
