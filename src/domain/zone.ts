import { DAY, HOUR } from './window-spec.ts';

/**
 * Local time in an IANA zone, by Intl alone. A "wall" time is the local clock's reading written as if it were UTC
 * milliseconds, so that calendar arithmetic can use the UTC methods of Date.
 */
export interface Zone {
  /** Wall time at an instant. */
  wallAt(time: number): number;
  /**
   * First instant whose wall time is `wall`. Where clocks go back and show it twice: the first time. Where they jump
   * over it: the instant of the jump.
   */
  instantOf(wall: number): number;
}

/** Throws RangeError where Intl does not know the zone. */
export function createZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const wallAt = (time: number): number => readWall(format, time);
  return { wallAt, instantOf: (wall) => findInstant(wallAt, wall) };
}

/** `Date.UTC` without its reading of the years 0 to 99 as 1900 to 1999; month counts from 0 and may overflow. */
export function utcDate(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

function readWall(format: Intl.DateTimeFormat, time: number): number {
  const part: Record<string, number> = {};
  let before = false;
  for (const { type, value } of format.formatToParts(time)) {
    if (type === 'era') before = value.startsWith('B');
    else part[type] = Number(value);
  }
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const date = utcDate(before ? 1 - year : year, month - 1, day);
  const millisecond = ((time % 1000) + 1000) % 1000;
  return date + hour * HOUR + minute * 60_000 + second * 1000 + millisecond;
}

/** Offsets stay within a day of UTC and change at most once in two days, so the offsets a day away are the candidates. */
function findInstant(wallAt: (time: number) => number, wall: number): number {
  const offsetAt = (time: number): number => wallAt(time) - time;
  const before = offsetAt(wall - DAY);
  const after = offsetAt(wall + DAY);
  const candidates = [wall - before, wall - after].sort((a, b) => a - b);
  for (const time of candidates) if (wallAt(time) === wall) return time;
  return findChange(offsetAt, wall - DAY, wall + DAY);
}

/** The first instant in (low, high] with the offset of `high`, by bisection. */
function findChange(offsetAt: (time: number) => number, low: number, high: number): number {
  const target = offsetAt(high);
  let [a, b] = [low, high];
  while (b - a > 1) {
    const middle = Math.floor((a + b) / 2);
    if (offsetAt(middle) === target) b = middle;
    else a = middle;
  }
  return b;
}
