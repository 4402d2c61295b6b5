/**
 * Times and numbers in their plainest writing, read from bytes without a string between: nearly all of a large export. Every other writing
 * is NaN here and is left to the parsers of strings, which agree with these.
 */

const ZERO = 48;
const MINUS = 45;
const POINT = 46;

/** The number that `n` digits at `p` write, or -1. */
function digits(bytes: Uint8Array, p: number, n: number): number {
  let value = 0;
  for (let i = p; i < p + n; i++) {
    const d = (bytes[i] as number) - ZERO;
    if (d < 0 || d > 9) return -1;
    value = value * 10 + d;
  }
  return value;
}

/**
 * `2024-05-06T07:08:09`, with a `Z`, with milliseconds, with a blank for the T, or the day alone: UTC milliseconds, or NaN.
 * @param zoneless times without a `Z` are of UTC; where they are not, they are NaN
 */
export function plainIso(bytes: Uint8Array, from: number, to: number, zoneless: boolean): number {
  const hasZ = bytes[to - 1] === 90;
  const length = to - from - (hasZ ? 1 : 0);
  if (!hasZ && !zoneless) return Number.NaN;
  if (length !== 10 && length !== 19 && length !== 23) return Number.NaN;
  if (bytes[from + 4] !== MINUS || bytes[from + 7] !== MINUS) return Number.NaN;
  const day = dayMs(digits(bytes, from, 4), digits(bytes, from + 5, 2), digits(bytes, from + 8, 2));
  return length === 10 ? (hasZ ? Number.NaN : day) : day + clock(bytes, from + 10, length - 10);
}

/** Of `T07:08:09` or `T07:08:09.123`. */
function clock(bytes: Uint8Array, p: number, length: number): number {
  if ((bytes[p] !== 84 && bytes[p] !== 32) || bytes[p + 3] !== 58 || bytes[p + 6] !== 58) return Number.NaN;
  const hour = digits(bytes, p + 1, 2);
  const minute = digits(bytes, p + 4, 2);
  const second = digits(bytes, p + 7, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return Number.NaN;
  const seconds = ((hour * 60 + minute) * 60 + second) * 1000;
  if (length === 9) return seconds;
  const ms = digits(bytes, p + 10, 3);
  return bytes[p + 9] === POINT && ms >= 0 ? seconds + ms : Number.NaN;
}

const MONTH_DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_BEFORE = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Midnight UTC of a day in the Gregorian calendar, years 1000 to 9999. */
function dayMs(year: number, month: number, day: number): number {
  if (year < 1000 || month < 1 || month > 12 || day < 1) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > (MONTH_DAYS[month] as number) + (leap && month === 2 ? 1 : 0)) return Number.NaN;
  const y = year - 1;
  const days = y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) - DAYS_TO_1970;
  return (days + (DAYS_BEFORE[month] as number) + (leap && month > 2 ? 1 : 0) + day - 1) * 86_400_000;
}

/** From 0001-01-01 to 1970-01-01. */
const DAYS_TO_1970 = 719_162;

const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/** `-12.5`: digits, with one point between or before some of them, at most 15; else NaN. One division of exact numbers is rounded rightly. */
export function plainNumber(bytes: Uint8Array, from: number, to: number): number {
  const negative = bytes[from] === MINUS;
  let value = 0;
  let point = -1;
  let count = 0;
  for (let p = negative ? from + 1 : from; p < to; p++) {
    const d = (bytes[p] as number) - ZERO;
    if (d >= 0 && d <= 9) {
      value = value * 10 + d;
      count++;
    } else if (d === POINT - ZERO && point < 0 && count > 0) point = p;
    else return Number.NaN;
  }
  if (count === 0 || count > 15 || point === to - 1) return Number.NaN;
  const size = point < 0 ? value : value / (POWERS[to - 1 - point] as number);
  return negative ? 0 - size : size;
}

/** Digits only, at most `max`; else NaN. */
export function plainDigits(bytes: Uint8Array, from: number, to: number, max: number): number {
  const value = to - from >= 1 && to - from <= max ? digits(bytes, from, to - from) : -1;
  return value < 0 ? Number.NaN : value;
}
