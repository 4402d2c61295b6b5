import { type JobContext, type ProfileTable, type TimeWindow, type TrackEvent, untold } from '../domain/index.ts';
import { pairWindows, survivorChanges, type WindowPair, type WindowUsers, windowUsers } from '../track/index.ts';
import { groupByWindow } from './rows.ts';
import type { Space } from './space.ts';
import type { Tracked } from './track.ts';

export interface SurvivorTask {
  readonly profiles: ProfileTable;
  readonly windows: readonly TimeWindow[];
  readonly space: Space;
  readonly tracked: Tracked;
  readonly ctx: JobContext;
}

/** The same tracks, each survival with the changes of its segment, as they are seen from the later of its two windows. */
export async function measureSurvivors(task: SurvivorTask): Promise<Tracked> {
  const { tracked, profiles, windows, ctx } = task;
  const rowsOf = groupByWindow(profiles, windows.length);
  const pairs = new Map<number, WindowPair>();
  const events: TrackEvent[] = [];
  for (const event of tracked.events) {
    const seen = (window: number): Promise<WindowUsers> => usersSeen(task, event.window, rowsOf[window]?.full ?? []);
    const pair = pairs.get(event.window) ?? pairWindows(await seen(event.before), await seen(event.window));
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

async function usersSeen({ profiles, space, ctx }: SurvivorTask, from: number, rows: readonly number[]): Promise<WindowUsers> {
  const users = Uint32Array.from(rows, (row) => profiles.user[row] as number);
  return windowUsers(users, await space.seenFrom(from, rows, untold(ctx)));
}
