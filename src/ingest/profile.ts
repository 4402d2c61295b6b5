import type { ColumnKind, ColumnProfile, TimeFormat } from '../domain/index.ts';
import { isMissing, parseNumber } from './cells.ts';
import { isIdName, isTimeName } from './names.ts';
import { sketchOf } from './sketch.ts';
import { timeParser } from './time.ts';

/** Share of the sampled values that must fit; the rest may be dirt. */
const FITS = 0.95;
/** More distinct values than this are no categories. */
const MAX_CATEGORIES = 50;
/** 1980 to 2100: a number outside is hardly a moment of somebody's behaviour. In ms. */
const PLAUSIBLE = [Date.UTC(1980, 0, 1), Date.UTC(2100, 0, 1)] as const;

/** @param values one cell a sampled row; undefined where the row was too short */
export function profileColumn(name: string, values: readonly (string | undefined)[]): ColumnProfile {
  const present = values.map((v) => (v ?? '').trim()).filter((v) => !isMissing(v));
  const distinct = new Set(present);
  const time = detectTime(name, distinct);
  return {
    name,
    kind: time ? 'time' : kindOf(name, present, distinct),
    missing: values.length - present.length,
    distinct: distinct.size,
    sampled: values.length,
    examples: [...distinct].slice(0, 3),
    timeFormat: time?.format ?? null,
    timeAmbiguous: time?.ambiguous ?? false,
    ...(time || distinct.size === 0 ? {} : { sketch: sketchOf(distinct) }),
  };
}

/** Distinct values decide: a million rows of one readable day don't hide unreadable ones. */
function detectTime(name: string, distinct: ReadonlySet<string>): { format: TimeFormat; ambiguous: boolean } | null {
  if (distinct.size === 0) return null;
  const fits = (format: TimeFormat): boolean => shareOf(distinct, (v) => isPlausible(timeParser(format)(v))) >= FITS;
  for (const format of ['iso', 'ymd'] as const) if (fits(format)) return { format, ambiguous: false };
  const monthFirst = shareOf(distinct, (v) => isPlausible(timeParser('mdy')(v)));
  const dayFirst = shareOf(distinct, (v) => isPlausible(timeParser('dmy')(v)));
  if (Math.max(monthFirst, dayFirst) >= FITS) {
    const tie = monthFirst === dayFirst;
    const monthWins = tie ? usesSlashes(distinct) : monthFirst > dayFirst;
    return { format: monthWins ? 'mdy' : 'dmy', ambiguous: tie };
  }
  // Any ten-digit number could be unix seconds (phone numbers are); here the name must say so as well.
  if (!isTimeName(name)) return null;
  for (const format of ['unix-seconds', 'unix-milliseconds'] as const) if (fits(format)) return { format, ambiguous: false };
  return null;
}

/** Slashes are mostly month-first (US), dots and dashes day-first (most of Europe). Only decides where the data does not. */
const usesSlashes = (values: ReadonlySet<string>): boolean => shareOf(values, (v) => v.includes('/')) > 0.5;

const isPlausible = (ms: number): boolean => ms >= PLAUSIBLE[0] && ms < PLAUSIBLE[1];

function kindOf(name: string, present: readonly string[], distinct: ReadonlySet<string>): ColumnKind {
  if (present.length === 0) return 'empty';
  if (shareOf(distinct, (v) => !Number.isNaN(parseNumber(v))) >= FITS) return isIdName(name) ? 'id' : 'number';
  if (distinct.size <= MAX_CATEGORIES && distinct.size <= present.length / 2) return 'category';
  if (shareOf(distinct, isToken) >= 0.8) return 'id';
  return 'text';
}

/** No words to read: an address of the web, a code with digits in it, a mail address. */
const isToken = (value: string): boolean =>
  !/\s/.test(value) && /\d|@|:\/\//.test(value) && !/[\u3040-\u9fff\uac00-\ud7af]/.test(value);

function shareOf(values: ReadonlySet<string>, test: (value: string) => boolean): number {
  let n = 0;
  for (const v of values) if (test(v)) n++;
  return n / values.size;
}
