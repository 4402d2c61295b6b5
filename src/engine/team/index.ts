import { sharedModule } from '../wasm/arena.ts';
import { type HelperThread, Team, TeamLost } from './team.ts';

export { TeamHelper, type ToHelper } from './helper.ts';
export type { AnyTask, Task } from './task.ts';
export { type HelperThread, Team, TeamLost } from './team.ts';
export { nodeHelper, webHelper } from './threads.ts';

/**
 * A team of this thread and `helpers` more, which `start` makes; null where memory cannot be shared. Whoever opened it closes it.
 */
export function openTeam(helpers: number, start: () => HelperThread): Team | null {
  const module = helpers > 0 ? sharedModule() : null;
  return module && new Team(module, Array.from({ length: helpers }, start));
}

/** What `work` makes with the team, or without it where there is none; from the start and without it if it gets lost on the way. */
export async function withTeam<T>(team: Team | undefined, work: (team: Team | null) => Promise<T>): Promise<T> {
  if (!team || team.lost !== null) return await work(null);
  try {
    return await work(team);
  } catch (error) {
    if (!(error instanceof TeamLost)) throw error;
    return await work(null);
  }
}
