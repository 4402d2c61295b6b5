import { inputError } from './errors.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const CALENDAR_UNITS = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type CalendarUnit = (typeof CALENDAR_UNITS)[number];

/** A span of n days on the zone's calendar (23 to 25 hours each where clocks change) or of n hours of elapsed time. */
export interface Span {
  readonly n: number;
  readonly unit: 'day' | 'hour';
}

export type WindowSpec =
  | { readonly kind: 'calendar'; readonly unit: CalendarUnit }
  | { readonly kind: 'span'; readonly length: Span; readonly step: Span };

const ALLOWED =
  'Allowed are hour, day, week, month, quarter, year, PnD (n days) and PTnH (n hours); the last two may roll with a step, ' +
  'as in P28D/P7D.';

const NOMINAL: Record<CalendarUnit, number> = {
  hour: HOUR,
  day: DAY,
  week: 7 * DAY,
  month: 30.44 * DAY,
  quarter: 91.3 * DAY,
  year: 365.25 * DAY,
};

/**
 * Reads the setting `windows`: hour | day | week | month | quarter | year | PnD | PTnH, the last two with an optional /step of
 * the same form. A step that could leave a gap between two windows is refused, since the events in it would be lost.
 * @throws AppError input that lists what is allowed
 */
export function parseWindowSpec(spec: string): WindowSpec {
  const unit = CALENDAR_UNITS.find((name) => name === spec);
  if (unit) return { kind: 'calendar', unit };
  const [lengthText = '', stepText, ...rest] = spec.split('/');
  const length = parseSpan(lengthText);
  const step = stepText === undefined ? length : parseSpan(stepText);
  if (!length || !step || rest.length > 0) throw badSpec(spec);
  if (nominalSpan(step) + slack(length, step) > nominalSpan(length)) throw gapSpec(spec);
  return { kind: 'span', length, step };
}

/** Whether {@link parseWindowSpec} takes it. */
export function isWindowSpec(spec: string): boolean {
  try {
    parseWindowSpec(spec);
    return true;
  } catch {
    return false;
  }
}

/** Whether Intl knows the zone on this machine. */
export function isTimeZone(name: string): boolean {
  try {
    checkTimeZone(name);
    return true;
  } catch {
    return false;
  }
}

/** @throws AppError input for a zone that Intl does not know here */
export function checkTimeZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch (cause) {
    throw inputError(
      'bad-time-zone',
      `"${name}" is not a time zone that is known here.`,
      'Allowed are IANA names such as UTC, Europe/London, America/New_York or Asia/Taipei.',
      cause,
    );
  }
}

/** Milliseconds from one window's start to the next, as a typical value: months and days vary. */
export const nominalStep = (spec: WindowSpec): number => (spec.kind === 'calendar' ? NOMINAL[spec.unit] : nominalSpan(spec.step));

/** The shortest calendar unit that cuts `span` milliseconds into at most `limit` windows. */
export const unitFor = (span: number, limit: number): CalendarUnit =>
  CALENDAR_UNITS.find((unit) => span / NOMINAL[unit] <= limit - 2) ?? 'year';

export const nominalSpan = (span: Span): number => span.n * (span.unit === 'day' ? DAY : HOUR);

/**
 * Milliseconds by which the window must be longer than the step. Days follow the clock and hours do not: where clocks change,
 * a day has 23 or 25 hours (22 or 26 in a zone that shifts by two), so a window of 24 hours every day would miss one of them.
 */
const slack = (length: Span, step: Span): number => (length.unit === step.unit ? 0 : 2 * HOUR);

function parseSpan(text: string): Span | null {
  const match = /^(?:P(\d{1,6})D|PT(\d{1,6})H)$/.exec(text);
  if (!match) return null;
  const n = Number(match[1] ?? match[2]);
  return n > 0 ? { n, unit: match[1] === undefined ? 'hour' : 'day' } : null;
}

const badSpec = (spec: string): Error => inputError('bad-windows', `"${spec}" is not a window that can be used.`, ALLOWED);

const gapSpec = (spec: string): Error =>
  inputError(
    'bad-windows',
    `In "${spec}" there may be time between the end of a window and the next step, and its events would be lost.`,
    'Choose a step that is at most as long as the window; where one counts days and the other hours, two hours shorter, since clocks change.',
  );
