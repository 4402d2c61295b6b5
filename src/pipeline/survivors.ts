import { type JobContext, type Matrix, type ProfileTable, type TimeWindow, type TrackEvent, takeRows } from '../domain/index.ts';
import { pairWindows, survivorChanges, type WindowPair, type WindowUsers, windowUsers } from '../track/index.ts';
import { groupByWindow } from './segment.ts';
import type { Tracked } from './track.ts';

export interface SurvivorTask {
  readonly profiles: ProfileTable;
  readonly windows: readonly TimeWindow[];
  /** Profiles x dims, unit rows. */
  readonly vectors: Matrix;
  readonly tracked: Tracked;
  readonly ctx: JobContext;
}

/** The same tracks, each survival with the changes of its segment. */
export async function measureSurvivors(task: SurvivorTask): Promise<Tracked> {
  const { tracked, ctx } = task;
  const present = presentUsers(task);
  const pairs = new Map<number, WindowPair>();
  const events: TrackEvent[] = [];
  for (const event of tracked.events) {
    const pair =
      pairs.get(event.window) ?? pairWindows(present[event.before] as WindowUsers, present[event.window] as WindowUsers);
    if (!pairs.has(event.window)) await ctx.checkpoint();
    pairs.set(event.window, pair);
    events.push(event.kind === 'survive' ? { ...event, changes: changesOf(event, pair, tracked) } : event);
  }
  return { ...tracked, events };
}

function changesOf({ segments }: TrackEvent, pair: WindowPair, tracked: Tracked): TrackEvent['changes'] {
  const [old, fresh] = segments.map((s) => tracked.segments[s]?.members ?? new Uint32Array()) as [Uint32Array, Uint32Array];
  return survivorChanges(pair, old, fresh);
}

function presentUsers({ profiles, windows, vectors }: SurvivorTask): WindowUsers[] {
  return groupByWindow(profiles, windows.length).map(({ full }) => {
    const users = Uint32Array.from(full, (row) => profiles.user[row] as number);
    return windowUsers(users, takeRows(vectors, full));
  });
}
