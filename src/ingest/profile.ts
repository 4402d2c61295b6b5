import { type ColumnKind, type ColumnProfile, type DateOrder, decideOrder, type TimeFormat } from '../domain/index.ts';
import { isMissing, normaliseId } from './cells.ts';
import { DateOrderScan } from './date-order.ts';
import { isIndexColumn } from './form/index.ts';
import { sketchOf } from './join/sketch.ts';
import { isDayName, isFlagName, isIdName, isTimeName, isUnnamed } from './names.ts';
import { numberWriting } from './numbers.ts';
import { timeParser } from './time.ts';

/** Share of the sampled values that must fit; the rest may be dirt. */
const FITS = 0.95;
/** More distinct values than this are no categories. */
const MAX_CATEGORIES = 50;
/** 1980 to 2100: a number outside is hardly a moment of somebody's behaviour. In ms. */
const PLAUSIBLE = [Date.UTC(1980, 0, 1), Date.UTC(2100, 0, 1)] as const;

/**
 * @param values one cell a sampled row; undefined where the row was too short
 * @param order of all cells of the column, see {@link DateOrderScan}; without it the sample alone tells day first from month first
 */
export function profileColumn(name: string, values: readonly (string | undefined)[], order?: DateOrder): ColumnProfile {
  const present = values.map((v) => (v ?? '').trim()).filter((v) => !isMissing(v));
  const distinct = new Set(present);
  const time = detectTime(name, distinct, order ?? orderOf(present));
  const look = {
    name,
    missing: values.length - present.length,
    distinct: distinct.size,
    sampled: values.length,
    examples: [...distinct].slice(0, 3),
  };
  if (!time) {
    const sketch = distinct.size === 0 ? {} : { sketch: sketchOf(distinct) };
    return { ...look, timeFormat: null, timeAmbiguous: false, ...sketch, ...untimed(name, present, distinct) };
  }
  const { format, ambiguous, dateOrder } = time;
  return { ...look, kind: 'time', timeFormat: format, timeAmbiguous: ambiguous, ...(dateOrder ? { dateOrder } : {}) };
}

/* Times. */

interface TimeLook {
  readonly format: TimeFormat;
  readonly ambiguous: boolean;
  readonly dateOrder?: DateOrder;
}

const parsers = new Map<TimeFormat, (text: string) => number>();
function reads(format: TimeFormat, value: string): boolean {
  const parse = parsers.get(format) ?? timeParser(format);
  parsers.set(format, parse);
  const ms = parse(value);
  return ms >= PLAUSIBLE[0] && ms < PLAUSIBLE[1];
}

/** Distinct values decide: a million rows of one readable day don't hide unreadable ones. */
function detectTime(name: string, distinct: ReadonlySet<string>, order: DateOrder): TimeLook | null {
  if (distinct.size === 0) return null;
  const fits = (format: TimeFormat): boolean => shareOf(distinct, (v) => reads(format, v)) >= FITS;
  for (const format of ['iso', 'ymd', 'cjk'] as const)
    if (fits(format) && (isTimeName(name) || shareOf(distinct, isDate) >= FITS)) return { format, ambiguous: false };
  return yearLast(name, distinct, order) ?? numericTime(name, distinct, fits);
}

/** 20240506 may be any number and 2024-127 any code, where the name does not say that it is a day. */
const isDate = (value: string): boolean => !/^(\d{8}$|\d{4}-\d{3}$|\d{4}-\d{3}\D)/.test(value);

const NUMERIC = /^\d{1,2}([-/. ])\s?\d{1,2}\1\s?\d/;
/** 1.12.10 may be a version, too. */
const MAYBE_VERSION = /^\d{1,2}([. ])\d{1,2}\1\d{2}$/;

function yearLast(name: string, distinct: ReadonlySet<string>, dateOrder: DateOrder): TimeLook | null {
  const either = shareOf(distinct, (v) => reads('mdy', v) || reads('dmy', v));
  if (either < FITS || (!isTimeName(name) && shareOf(distinct, (v) => MAYBE_VERSION.test(v)) >= FITS)) return null;
  const monthFirst = shareOf(distinct, (v) => reads('mdy', v));
  const dayFirst = shareOf(distinct, (v) => reads('dmy', v));
  if (shareOf(distinct, (v) => NUMERIC.test(v)) < 1 - FITS)
    return { format: monthFirst > dayFirst ? 'mdy' : 'dmy', ambiguous: Math.max(monthFirst, dayFirst) < FITS };
  const likelier = monthFirst === dayFirst ? usesSlashes(distinct) : monthFirst > dayFirst;
  const decided = decideOrder(dateOrder);
  return { format: decided ?? (likelier ? 'mdy' : 'dmy'), ambiguous: decided === null, dateOrder };
}

function orderOf(values: readonly string[]): DateOrder {
  const scan = new DateOrderScan();
  for (const value of values) scan.add(value);
  return scan.result();
}

/** Slashes are mostly month-first (US), dots and dashes day-first (most of Europe): which of the two is shown first when it is asked. */
const usesSlashes = (values: ReadonlySet<string>): boolean => shareOf(values, (v) => v.includes('/')) > 0.5;

/** Any ten-digit number could be unix seconds (phone numbers are): the name must say so as well, or be none. */
function numericTime(name: string, distinct: ReadonlySet<string>, fits: (format: TimeFormat) => boolean): TimeLook | null {
  const unnamed = isUnnamed(name) && distinct.size > 1;
  if (!isTimeName(name) && !unnamed) return null;
  for (const format of ['unix-seconds', 'unix-milliseconds', 'unix-microseconds'] as const)
    if (fits(format)) return { format, ambiguous: false };
  if (unnamed) return null;
  if (fits('excel-serial')) return { format: 'excel-serial', ambiguous: false };
  return isDayName(name) && areDayCounts(distinct) ? { format: 'relative-days', ambiguous: false } : null;
}

/** Whole days of some years. All from 1900 to 2100 are years, rather. */
function areDayCounts(distinct: ReadonlySet<string>): boolean {
  const days = [...distinct].map((v) => (/^-?\d{1,4}(\.0+)?$/.test(v) ? Number(v) : Number.NaN));
  const fit = days.filter((n) => n >= -3_660 && n <= 3_660);
  return fit.length / days.length >= FITS && !fit.every((n) => n >= 1900 && n <= 2100);
}

/* All other kinds. */

type Untimed = Pick<ColumnProfile, 'kind' | 'decimal' | 'asDecimals'>;

function untimed(name: string, present: readonly string[], distinct: ReadonlySet<string>): Untimed {
  if (present.length === 0) return { kind: 'empty' };
  if (isIndexColumn(name, present)) return { kind: 'index' };
  if (isBoolean(name, distinct)) return { kind: 'boolean' };
  const { mark, ambiguous, share } = numberWriting(distinct);
  if (share < FITS) return { kind: wordKind(present, distinct) };
  const kind = isIdName(name) ? 'id' : 'number';
  const marked = kind === 'number' && shareOf(distinct, (v) => /[.,]/.test(v)) > 0;
  return { kind, ...(marked ? { decimal: { mark, ambiguous } } : {}), ...wholeForms(distinct) };
}

function wordKind(present: readonly string[], distinct: ReadonlySet<string>): ColumnKind {
  if (distinct.size <= MAX_CATEGORIES && distinct.size <= present.length / 2) return 'category';
  return shareOf(distinct, isToken) >= 0.8 ? 'id' : 'text';
}

const TRUTHS: readonly ReadonlySet<string>[] = [
  'true false',
  't f',
  'yes no',
  'y n',
  'ja nein',
  'oui non',
  'sí si no',
  '是 否',
].map((words) => new Set(words.split(' ')));
const BITS = new Set(['0', '1']);

/** A letter alone is a truth only where its opposite is seen, too, and 0 and 1 only where the name asks a yes or no. */
function isBoolean(name: string, distinct: ReadonlySet<string>): boolean {
  const words = new Set([...distinct].map((v) => v.toLowerCase()));
  const among = (set: ReadonlySet<string>): boolean => [...words].every((w) => set.has(w));
  if (isFlagName(name)) return [...TRUTHS, BITS].some(among);
  return TRUTHS.some(among) && (words.size === 2 || [...words].every((w) => w.length > 1));
}

function wholeForms(distinct: ReadonlySet<string>): Pick<ColumnProfile, 'asDecimals'> {
  const whole = [...distinct].filter((v) => /^\d+$/.test(normaliseId(v)));
  const decimals = whole.filter((v) => v !== normaliseId(v));
  if (decimals.length === 0 || whole.length / distinct.size < FITS) return {};
  return { asDecimals: decimals.length === whole.length ? 'all' : 'some' };
}

/** No words to read: an address of the web, a code with digits in it, a mail address. */
const isToken = (value: string): boolean =>
  !/\s/.test(value) && /\d|@|:\/\//.test(value) && !/[\u3040-\u9fff\uac00-\ud7af]/.test(value);

function shareOf(values: ReadonlySet<string>, test: (value: string) => boolean): number {
  let n = 0;
  for (const v of values) if (test(v)) n++;
  return n / values.size;
}
