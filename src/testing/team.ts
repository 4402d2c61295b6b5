import { Worker as Thread } from 'node:worker_threads';
import { nodeHelper, openTeam, type Team } from '../engine/index.ts';

/** A team of this thread and others, which run the module at the path `file`. Throws where memory can't be shared. */
export function openNodeTeam(threads: number, file: string): Team {
  const team = openTeam(threads - 1, () => nodeHelper(new Thread(file)));
  if (!team) throw new Error('The tests of threads need WebAssembly with SIMD and shared memory.');
  return team;
}
