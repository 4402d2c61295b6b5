import { DAY, HOUR, type Survey } from '../domain/index.ts';
import type { Cleaned, Draft } from './draft.ts';
import { zoneClock } from './zone.ts';

const MINUTE = 60_000;
/** The finest that gives no more than {@link MOST} steps is taken. */
const STEPS = [1000, 10_000, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY];
const MOST = 100;

/** Kept events in equal steps, which begin at full minutes, hours or days of the zone's clock as the first event has it. */
export function eventsOverTime({ time, count }: Draft, { keep }: Cleaned, zone: string): Survey['overTime'] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < count; row++) {
    if (keep[row] === 0) continue;
    first = Math.min(first, time[row] as number);
    last = Math.max(last, time[row] as number);
  }
  if (first > last) return { from: 0, step: 0, counts: [], first: 0, last: 0 };
  const step = STEPS.find((s) => (last - first) / s <= MOST - 2) ?? Math.ceil((last - first) / (MOST - 2));
  const wall = zoneClock(zone).wallAt(first);
  const from = first - (wall - Math.floor(wall / step) * step);
  const counts = new Array<number>(Math.floor((last - from) / step) + 1).fill(0);
  for (let row = 0; row < count; row++) {
    if (keep[row] === 0) continue;
    const at = Math.floor(((time[row] as number) - from) / step);
    counts[at] = (counts[at] as number) + 1;
  }
  return { from, step, counts, first, last };
}
