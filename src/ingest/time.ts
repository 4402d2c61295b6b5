import type { TimeFormat } from '../domain/index.ts';

/**
 * Strict readers of times, one a format: a text that does not fit as a whole, or names a day that never was (2011-02-29),
 * is NaN. `Date.parse` is not used: it differs between engines and guesses. Times without a zone are UTC.
 */
export type TimeParser = (text: string) => number;

/** UTC milliseconds, or NaN. */
export const timeParser = (format: TimeFormat): TimeParser => PARSERS[format] ?? (() => Number.NaN);

const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s?([AaPp])\.?[Mm]\.?)?`;
const ZONE = String.raw`\s?(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)`;
const ISO = new RegExp(String.raw`^(\d{4})-(\d{2})-(\d{2})(?:[Tt ]+${CLOCK}(?:${ZONE})?)?$`);
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[Tt ,]+${CLOCK})?$`);
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[ ,]+${CLOCK})?$`);
const SECONDS = /^-?\d{1,12}(\.\d+)?$/;
const MILLISECONDS = /^-?\d{1,15}(\.0+)?$/;

const FIRST_MS = Date.UTC(1000, 0, 1);
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const PARSERS: Readonly<Partial<Record<TimeFormat, TimeParser>>> = {
  iso: (text) => {
    const m = ISO.exec(text);
    return m ? build(m[1], m[2], m[3], m.slice(4, 9)) - zoneOffset(m[9]) : Number.NaN;
  },
  ymd: (text) => {
    const m = YEAR_FIRST.exec(text);
    return m ? build(m[1], m[3], m[4], m.slice(5, 10)) : Number.NaN;
  },
  mdy: (text) => {
    const m = YEAR_LAST.exec(text);
    return m ? build(m[4], m[1], m[3], m.slice(5, 10)) : Number.NaN;
  },
  dmy: (text) => {
    const m = YEAR_LAST.exec(text);
    return m ? build(m[4], m[3], m[1], m.slice(5, 10)) : Number.NaN;
  },
  'unix-seconds': (text) => (SECONDS.test(text) ? inRange(Math.round(Number(text) * 1000)) : Number.NaN),
  'unix-milliseconds': (text) => (MILLISECONDS.test(text) ? inRange(Number(text)) : Number.NaN),
};

type Part = string | undefined;

function build(year: Part, month: Part, day: Part, clock: readonly Part[]): number {
  const y = fullYear(year ?? '');
  const mo = Number(month) - 1;
  const d = Number(day);
  const midnight = Date.UTC(y, mo, d);
  const back = new Date(midnight);
  // Date.UTC rolls 31 June over to 1 July, and years below 100 to 1900 and later: the round trip refuses both.
  if (back.getUTCFullYear() !== y || back.getUTCMonth() !== mo || back.getUTCDate() !== d) return Number.NaN;
  return inRange(midnight + clockMs(clock));
}

/** Two digits as in POSIX: 69-99 are of the 1900s, 00-68 of the 2000s. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length !== 2) return year;
  return year >= 69 ? 1900 + year : 2000 + year;
}

/** Milliseconds since midnight of (hour, minute, second, fraction, a or p); no clock is midnight. */
function clockMs([hour, minute, second, fraction, half]: readonly Part[]): number {
  if (hour === undefined) return 0;
  const h = half === undefined ? Number(hour) : halfDayHour(Number(hour), half);
  const m = Number(minute);
  const s = Number(second ?? 0);
  const ms = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  return h <= 23 && m <= 59 && s <= 59 ? ((h * 60 + m) * 60 + s) * 1000 + ms : Number.NaN;
}

function halfDayHour(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function zoneOffset(zone: Part): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 14 || minutes > 59) return Number.NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

const inRange = (ms: number): number => (ms >= FIRST_MS && ms <= LAST_MS ? ms : Number.NaN);
