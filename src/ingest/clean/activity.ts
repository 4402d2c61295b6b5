import { DAY, type JobContext } from '../../domain/index.ts';
import type { Draft } from '../draft.ts';
import { zoneClock } from '../zone.ts';
import { groupRows, inBlocks, mixIn } from './group.ts';
import type { RowMask } from './marks.ts';

/** Users whom a rule leaves out wholly. */
export interface UsersOut {
  readonly mask: RowMask;
  readonly users: number;
}

/** Users with fewer than `least` of `rows`. */
export function fewEvents(draft: Draft, rows: Uint32Array, least: number): UsersOut {
  const events = new Uint32Array(draft.user.words.length);
  for (const row of rows) {
    const user = draft.user.id[row] as number;
    events[user] = (events[user] as number) + 1;
  }
  return usersOut(draft, rows, (user) => (events[user] as number) < least);
}

/** Users with more than `most` of `rows` on one day of `zone`. */
export async function bots(draft: Draft, rows: Uint32Array, most: number, zone: string, ctx: JobContext): Promise<UsersOut> {
  const day = await daysOf(draft, rows, zone, ctx);
  const user = draft.user.id;
  const groups = await groupRows(
    rows,
    {
      hash: (row) => mixIn(user[row] as number, day[row] as number),
      same: (a, b) => user[a] === user[b] && day[a] === day[b],
    },
    ctx,
  );
  const events = new Uint32Array(groups.count);
  const busy = new Uint8Array(draft.user.words.length);
  for (let k = 0; k < rows.length; k++) {
    const group = groups.of[k] as number;
    events[group] = (events[group] as number) + 1;
    if ((events[group] as number) > most) busy[user[rows[k] as number] as number] = 1;
  }
  return usersOut(draft, rows, (u) => busy[u] === 1);
}

/** Days as the zone's calendar has them: those on which clocks are changed, of 23 and 25 hours, are one day. */
async function daysOf(draft: Draft, rows: Uint32Array, zone: string, ctx: JobContext): Promise<Int32Array> {
  const day = new Int32Array(draft.count);
  const clock = zoneClock(zone);
  await inBlocks(rows.length, ctx, (from, to) => {
    for (let k = from; k < to; k++) {
      const row = rows[k] as number;
      day[row] = Math.floor(clock.wallAt(draft.time[row] as number) / DAY);
    }
  });
  return day;
}

function usersOut(draft: Draft, rows: Uint32Array, isOut: (user: number) => boolean): UsersOut {
  const mask = new Uint8Array(draft.count);
  const seen = new Uint8Array(draft.user.words.length);
  let users = 0;
  for (const row of rows) {
    const user = draft.user.id[row] as number;
    if (!isOut(user)) continue;
    mask[row] = 1;
    if (seen[user] === 0) users++;
    seen[user] = 1;
  }
  return { mask, users };
}
