import { availableParallelism } from 'node:os';
import { Worker as Thread } from 'node:worker_threads';
import { nodeHelper, openTeam, type Team } from '../engine/index.ts';

/** kernels.thread.ts, which the bundler writes beside every entry. */
const FILE = new URL('./kernels.thread.mjs', import.meta.url);

/** More than this wait for memory more than they help. */
const MOST_THREADS = 4;

/** A team of so many threads, of as many as are good where none are named; null with one. */
export const openNodeTeam = (threads: number | null): Team | null =>
  openTeam((threads ?? Math.min(availableParallelism(), MOST_THREADS)) - 1, () => nodeHelper(new Thread(FILE)));
