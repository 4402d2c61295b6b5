import { DAY, HOUR, type TimeFormat, utcDate } from '../domain/index.ts';
import { monthOfName } from './months.ts';
import { zoneClock } from './zone.ts';

/**
 * Reads one trimmed text as UTC milliseconds; NaN where it does not fit as a whole, or names a day or hour that never was (2011-02-29).
 * `Date.parse` is not used: it differs between engines and guesses.
 */
export type TimeParser = (text: string) => number;

export interface TimeOptions {
  /** IANA name: the zone of times that are written without one. Clocks that change are read as {@link zoneClock} says. */
  readonly zone: string;
  /** For 'relative-days': the date of day 0, YYYY-MM-DD. */
  readonly origin: string | null;
}

/**
 * The strict reader of one way of writing times: a text written in another way is NaN, so that no column is read half one way and half
 * the other. Of relative days without an origin all are NaN.
 */
export function timeParser(format: TimeFormat, { zone, origin }: TimeOptions = { zone: 'UTC', origin: null }): TimeParser {
  const { instantOf } = zoneClock(zone);
  if (format === 'relative-days') return relativeDays(origin, instantOf);
  if (format === 'excel-serial') return (text) => inRange(instantOf(excelWall(text)));
  if (format in UNIX_MS) return unixParser(format as keyof typeof UNIX_MS);
  const shapes = SHAPES[format as keyof typeof SHAPES];
  return (text) => {
    if (text.length > LONGEST) return Number.NaN;
    for (const shape of shapes) {
      const parts = shape.exec(text)?.groups;
      if (parts) return inRange(instantOfParts(parts, instantOf));
    }
    return Number.NaN;
  };
}

/** No time is longer, with the name of its zone; patterns need not be asked of a cell that holds a novel. */
const LONGEST = 120;
const FIRST_MS = Date.UTC(1000, 0, 1);
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const inRange = (ms: number): number => (ms >= FIRST_MS && ms <= LAST_MS ? ms : Number.NaN);

type Instant = (wall: number) => number;

/* Shapes: all use the same names of groups, so that one function makes a time of any. */

const HALF_BEFORE = '(?<half1>上午|下午|午前|午後|오전|오후)?';
const HALF_AFTER = String.raw`(?:\s?(?<half2>[AaPp])(?:\.[Mm]\.|[Mm]\.?)?)?`;
const FRACTION = String.raw`(?:[.,](?<fraction>\d{1,9}))`;
const COLONS = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})${FRACTION}?)?`;
/** 8:26, 8:26:30.5, and 8 where am or pm follows. */
const MAYBE_HOUR = String.raw`(?<hour>\d{1,2})(?::(?<minute>\d{2})(?::(?<second>\d{2})${FRACTION}?)?)?`;
const CJK_CLOCK = String.raw`(?<hour>\d{1,2})\s?(?:[:：]|(?<oclock>[时時点點시]))\s?(?:(?<minute>\d{1,2})\s?[:：分분]?\s?(?:(?<second>\d{1,2})\s?[秒초]?)?)?`;
/** A zone's name may follow its offset in brackets, as in RFC 9557. */
const ZONE = String.raw`(?:\s?(?<zone>Z|z|UT|(?:GMT|UTC)?[+-]\d{2}(?::?\d{2})?|UTC|GMT)(?:\[[\w/+-]+\])?)`;
const CLOCK = String.raw`(?:(?:[Tt]|[ ,]+)${HALF_BEFORE}\s?${MAYBE_HOUR}${HALF_AFTER}${ZONE}?)?`;

const WEEKDAY = String.raw`(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)?`;
const YEAR = String.raw`(?<year>\d{4}|\d{2})`;
const MONTH_NAME = String.raw`(?<name>\p{L}{3,12})\.?`;
const DAY_NUMBER = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?`;
const BETWEEN = String.raw`(?:\s+(?:de|of)\s+|[-/\s])\s*`;

const shape = (pattern: string, flags = 'u'): RegExp => new RegExp(`^${pattern}$`, flags);

const SHAPES = {
  iso: [
    shape(String.raw`(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})${CLOCK}`),
    shape(
      String.raw`(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:[Tt](?<hour>\d{2})(?<minute>\d{2})(?:(?<second>\d{2})${FRACTION}?)?${ZONE}?)?`,
    ),
    shape(String.raw`(?<year>\d{4})-?W(?<week>\d{2})-?(?<weekday>[1-7])${CLOCK}`),
    shape(String.raw`(?<year>\d{4})-(?<yearday>\d{3})${CLOCK}`),
  ],
  ymd: [
    shape(String.raw`(?<year>\d{4})(?<sep>[-/.])\s?(?<month>\d{1,2})\k<sep>\s?(?<day>\d{1,2})\.?${CLOCK}`),
    shape(String.raw`(?<year>\d{4})(?<sep>[-/. ])${MONTH_NAME}\k<sep>(?<day>\d{1,2})${CLOCK}`),
  ],
  mdy: [
    shape(String.raw`(?<month>\d{1,2})(?<sep>[-/. ])\s?(?<day>\d{1,2})\k<sep>\s?${YEAR}${CLOCK}`),
    shape(String.raw`${WEEKDAY}${MONTH_NAME}[-/\s]\s*${DAY_NUMBER}(?:,\s*|[-/\s]\s*)${YEAR}${CLOCK}`, 'iu'),
    // As C's ctime, JavaScript and Twitter write it: Sat Sep 12 10:00:00 +0000 2015
    shape(String.raw`${WEEKDAY}${MONTH_NAME}\s+(?<day>\d{1,2})\s+${COLONS}${ZONE}?\s+(?<year>\d{4})`, 'iu'),
  ],
  dmy: [
    shape(String.raw`(?<day>\d{1,2})(?<sep>[-/. ])\s?(?<month>\d{1,2})\k<sep>\s?${YEAR}${CLOCK}`),
    shape(String.raw`${WEEKDAY}${DAY_NUMBER}${BETWEEN}${MONTH_NAME}(?:,\s*|${BETWEEN})${YEAR}${CLOCK}`, 'iu'),
    // As web servers log it: 12/Sep/2015:10:00:00 +0000
    shape(String.raw`(?<day>\d{1,2})/${MONTH_NAME}/(?<year>\d{4}):${COLONS}${ZONE}?`, 'iu'),
  ],
  cjk: [
    shape(
      String.raw`(?<year>\d{4})\s?[年년]\s?(?<month>\d{1,2})\s?[月월]\s?(?<day>\d{1,2})\s?[日号號일](?:\s?[(（]?(?:星期|周|週)?[一二三四五六日月火水木金土월화수목금토일](?:曜日|曜|요일)?[)）]?)?(?:[T\s,，]*${HALF_BEFORE}\s?${CJK_CLOCK}${ZONE}?)?`,
    ),
  ],
} as const satisfies Partial<Record<TimeFormat, readonly RegExp[]>>;

type Parts = Readonly<Record<string, string | undefined>>;

function instantOfParts(parts: Parts, instantOf: Instant): number {
  const wall = dateOf(parts) + clockMs(parts);
  if (parts.zone !== undefined) return wall - zoneOffset(parts.zone);
  return Number.isNaN(wall) ? wall : instantOf(wall);
}

function dateOf(parts: Parts): number {
  const year = fullYear(parts.year as string);
  if (parts.week !== undefined) return weekDate(year, Number(parts.week), Number(parts.weekday));
  if (parts.yearday !== undefined) return dayOfYear(year, Number(parts.yearday));
  const month = parts.name === undefined ? Number(parts.month) : monthOfName(parts.name);
  return calendarDate(year, month, Number(parts.day));
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function calendarDate(year: number, month: number, day: number): number {
  const days = month === 2 && isLeap(year) ? 29 : MONTH_DAYS[month - 1];
  return days !== undefined && day >= 1 && day <= days ? utcDate(year, month - 1, day) : Number.NaN;
}

const dayOfYear = (year: number, day: number): number =>
  day >= 1 && day <= (isLeap(year) ? 366 : 365) ? utcDate(year, 0, day) : Number.NaN;

/** ISO 8601: week 1 is the one with January 4th; weeks begin on Monday, day 1. */
function weekDate(year: number, week: number, weekday: number): number {
  const firstMonday = (y: number): number => {
    const fourth = utcDate(y, 0, 4);
    return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY;
  };
  const start = firstMonday(year) + (week - 1) * 7 * DAY;
  return week >= 1 && start < firstMonday(year + 1) ? start + (weekday - 1) * DAY : Number.NaN;
}

/** Two digits as in POSIX: 69-99 are of the 1900s, 00-68 of the 2000s. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length !== 2) return year;
  return year >= 69 ? 1900 + year : 2000 + year;
}

/** Milliseconds since midnight; no clock is midnight, and 24:00 the end of the day (ISO 8601). */
function clockMs({ hour, minute, second = '0', fraction = '', half1, half2, oclock }: Parts): number {
  if (hour === undefined) return 0;
  const half = half1 ?? half2;
  // An hour alone is one only where something says so: 8 pm, 15时.
  if ((minute ?? half ?? oclock) === undefined) return Number.NaN;
  const h = half === undefined ? Number(hour) : halfDayHour(Number(hour), isAfternoon(half));
  const [m, s] = [Number(minute ?? 0), Number(second)];
  const ms = fraction === '' ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  const total = h * HOUR + (m * 60 + s) * 1000 + ms;
  return m <= 59 && s <= 59 && (h <= 23 || total === DAY) ? total : Number.NaN;
}

const isAfternoon = (half: string): boolean => /^(?:p|下午|午後|오후)$/i.test(half);

function halfDayHour(hour: number, afternoon: boolean): number {
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (afternoon ? 12 : 0);
}

function zoneOffset(zone: string): number {
  const [, sign, hours, minutes = '0'] = /([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  if (Number(hours) > 14 || Number(minutes) > 59) return Number.NaN;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/* Numbers. */

const UNIX_MS = { 'unix-seconds': 1000, 'unix-milliseconds': 1, 'unix-microseconds': 1e-3 } as const;
/** Digits before the point: more would be another unit. Data frames write whole numbers with a point. */
const UNIX_SHAPE = {
  'unix-seconds': /^-?\d{1,12}(\.\d+)?$/,
  'unix-milliseconds': /^-?\d{1,15}(\.0+)?$/,
  'unix-microseconds': /^-?\d{1,18}(\.0+)?$/,
} as const;

function unixParser(format: keyof typeof UNIX_MS): TimeParser {
  const [pattern, factor] = [UNIX_SHAPE[format], UNIX_MS[format]];
  if (format === 'unix-microseconds')
    return (text) => (pattern.test(text) ? inRange(Math.floor(Number(text) / 1000) + 0) : Number.NaN);
  return (text) => (pattern.test(text) ? inRange(Math.round(Number(text) * factor) + 0) : Number.NaN);
}

const SERIAL = /^\d{1,7}(?:[.,]\d+)?$/;
/** Day 60 of a spreadsheet is 1900-02-29, which never was (Lotus 1-2-3 thought so); from day 61 on, day 0 is 1899-12-30. */
const EXCEL_ZERO = Date.UTC(1899, 11, 30);

function excelWall(text: string): number {
  if (!SERIAL.test(text)) return Number.NaN;
  const serial = Number(text.replace(',', '.'));
  if (serial < 1 || (serial >= 60 && serial < 61)) return Number.NaN;
  const days = serial < 60 ? serial + 1 : serial;
  return EXCEL_ZERO + Math.round(days * DAY);
}

const RELATIVE = /^[+-]?\d{1,6}(?:\.\d+)?$/;

/** Of an ISO date (and time): what clocks show at day 0, as if it were UTC; NaN for anything else. */
export function originWall(origin: string | null): number {
  const parts = SHAPES.iso[0].exec(origin ?? '')?.groups;
  return parts && parts.zone === undefined ? dateOf(parts) + clockMs(parts) : Number.NaN;
}

/** Days of the calendar: where clocks change on the way, the time of day stays. */
function relativeDays(origin: string | null, instantOf: Instant): TimeParser {
  const start = originWall(origin);
  if (Number.isNaN(start)) return () => Number.NaN;
  return (text) => (RELATIVE.test(text) ? inRange(instantOf(start + Math.round(Number(text) * DAY))) : Number.NaN);
}
