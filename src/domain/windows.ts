import { inputError } from './errors.ts';
import type { TimeWindow } from './window.ts';
import {
  type CalendarUnit,
  checkTimeZone,
  DAY,
  HOUR,
  nominalSpan,
  nominalStep,
  parseWindowSpec,
  type Span,
  unitFor,
  type WindowSpec,
} from './window-spec.ts';
import { createZone, utcDate, type Zone } from './zone.ts';

/** More would make charts unreadable and profiles thin; hours over three months stay below it. */
const MAX_WINDOWS = 2000;
/** Below this share of its length covered by the data, a window is partial. */
const FULL_SHARE = 0.9;

interface Bounds {
  readonly start: number;
  readonly end: number;
}

/**
 * The windows that hold every instant of [firstTime, lastTime] (milliseconds UTC), ascending, empty ones included.
 *
 * `spec`: hour | day | week (ISO, from Monday) | month | quarter | year on the calendar of `timeZone`; `PnD`, n calendar days
 * from the midnight of the first event's day; `PTnH`, n hours of elapsed time from the top of the first event's hour.
 * `length/step` rolls: a window starts every step, and the last one is the first that holds `lastTime`.
 *
 * Names are start dates in the zone; full UTC instants where windows or steps are under a day, or where two starts would
 * share a date. Throws an input error for a spec or zone that is not known and for more than 2,000 windows.
 */
export function makeWindows(spec: string, timeZone: string, firstTime: number, lastTime: number): TimeWindow[] {
  const parsed = parseWindowSpec(spec);
  const zone = openZone(timeZone);
  if (!(firstTime <= lastTime)) throw new RangeError(`windows need a span of time, got ${firstTime} to ${lastTime}`);
  const boundsAt = createSequence(parsed, zone, firstTime);
  const bounds: Bounds[] = [];
  let current = boundsAt(0);
  while (current.end <= lastTime) {
    if (bounds.length === MAX_WINDOWS) throw tooMany(spec, parsed, lastTime - firstTime);
    bounds.push(current);
    current = boundsAt(bounds.length);
  }
  if (bounds.length === MAX_WINDOWS) throw tooMany(spec, parsed, lastTime - firstTime);
  bounds.push(current);
  const names = nameWindows(bounds, zone, possibleStarts(parsed, bounds, boundsAt));
  return bounds.map((b, i) => ({ ...b, name: names[i] as string, partial: isPartial(b, firstTime, lastTime) }));
}

function openZone(timeZone: string): Zone {
  checkTimeZone(timeZone);
  return createZone(timeZone);
}

/** Bounds of the i-th window; i counts from 0. */
function createSequence(spec: WindowSpec, zone: Zone, firstTime: number): (i: number) => Bounds {
  if (spec.kind === 'span') return spanSequence(spec.length, spec.step, zone, firstTime);
  if (spec.unit === 'hour') return hourSequence(zone, firstTime);
  const startAt = calendarStarts(spec.unit, zone, firstTime);
  return (i) => ({ start: startAt(i), end: startAt(i + 1) });
}

/** Days are counted on the clock, hours in elapsed time: only days can keep to midnight across a change of clocks. */
function spanSequence(length: Span, step: Span, zone: Zone, firstTime: number): (i: number) => Bounds {
  const wall = zone.wallAt(firstTime);
  const wallAnchor = wall - mod(wall, length.unit === 'day' ? DAY : HOUR);
  const anchor = zone.instantOf(wallAnchor);
  const plusDays = (from: number, days: number): number => zone.instantOf(from + days * DAY);
  return (i) => {
    const start = step.unit === 'day' ? plusDays(wallAnchor, i * step.n) : anchor + i * step.n * HOUR;
    const startWall = step.unit === 'day' ? wallAnchor + i * step.n * DAY : zone.wallAt(start);
    return { start, end: length.unit === 'day' ? plusDays(startWall, length.n) : start + length.n * HOUR };
  };
}

/** Hours of the local clock. Where a zone shifts by half an hour, the hour of the shift is longer. */
function hourSequence(zone: Zone, firstTime: number): (i: number) => Bounds {
  const starts = [firstTime - mod(zone.wallAt(firstTime), HOUR)];
  const startAt = (i: number): number => {
    for (let n = starts.length; n <= i; n++) {
      const next = (starts[n - 1] as number) + HOUR;
      starts.push(next + mod(-zone.wallAt(next), HOUR));
    }
    return starts[i] as number;
  };
  return (i) => ({ start: startAt(i), end: startAt(i + 1) });
}

function calendarStarts(unit: Exclude<CalendarUnit, 'hour'>, zone: Zone, firstTime: number): (i: number) => number {
  const midnight = Math.floor(zone.wallAt(firstTime) / DAY) * DAY;
  const date = new Date(midnight);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  // getUTCDay counts from Sunday; an ISO week starts on Monday.
  const monday = midnight - mod(date.getUTCDay() - 1, 7) * DAY;
  const wallStart: Record<typeof unit, (i: number) => number> = {
    day: (i) => midnight + i * DAY,
    week: (i) => monday + i * 7 * DAY,
    month: (i) => utcDate(year, month + i, 1),
    quarter: (i) => utcDate(year, month - (month % 3) + 3 * i, 1),
    year: (i) => utcDate(year + i, 0, 1),
  };
  return (i) => zone.instantOf(wallStart[unit](i));
}

/**
 * Steps of about a day in hours may come to share a date only after many windows. Then all that there may ever be are looked at, so that more
 * data do not rename the windows that were there.
 */
function possibleStarts(spec: WindowSpec, bounds: readonly Bounds[], boundsAt: (i: number) => Bounds): number[] {
  const aboutADay = spec.kind === 'span' && spec.step.unit === 'hour' && spec.step.n < 26;
  return aboutADay ? Array.from({ length: MAX_WINDOWS }, (_, i) => boundsAt(i).start) : bounds.map(({ start }) => start);
}

function nameWindows(bounds: readonly Bounds[], zone: Zone, possible: readonly number[]): string[] {
  const dateOf = (start: number): string => new Date(zone.wallAt(start)).toISOString().replace(/T.*/, '');
  // A day of 23 hours still is a day.
  const underADay = bounds.some((b) => b.end - b.start < DAY - 2 * HOUR);
  if (!underADay && new Set(possible.map(dateOf)).size === possible.length) return bounds.map((b) => dateOf(b.start));
  return bounds.map((b) => new Date(b.start).toISOString());
}

function isPartial({ start, end }: Bounds, firstTime: number, lastTime: number): boolean {
  const covered = Math.min(end, lastTime) - Math.max(start, firstTime);
  return covered < FULL_SHARE * (end - start);
}

function tooMany(spec: string, parsed: WindowSpec, span: number): Error {
  const step = nominalStep(parsed);
  const length = parsed.kind === 'span' ? nominalSpan(parsed.length) : step;
  const count = Math.floor((span - length) / step) + 2;
  const unit = unitFor(span, MAX_WINDOWS);
  return inputError(
    'too-many-windows',
    `"${spec}" would cut this data into about ${count.toLocaleString('en-US')} windows; at most 2,000 can be shown.`,
    `Choose longer windows, such as ${unit}.`,
  );
}

const mod = (a: number, n: number): number => ((a % n) + n) % n;

/** The first window with end > time; ends ascend. */
export function firstEndingAfter(windows: readonly TimeWindow[], time: number): number {
  let [low, high] = [0, windows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((windows[middle] as TimeWindow).end > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
