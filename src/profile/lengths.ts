import { type CalendarUnit, isWindowSpec, parseWindowSpec, type Span } from '../domain/index.ts';

/** Half and double of a calendar unit, to the nearest whole day: a month has 30.44 of them, a quarter 91.3, a year 365.25. */
const CALENDAR: Readonly<Record<CalendarUnit, readonly string[]>> = {
  hour: ['PT2H'],
  day: ['PT12H', 'P2D'],
  week: ['P4D', 'P14D'],
  month: ['P15D', 'P61D'],
  quarter: ['P46D', 'P183D'],
  year: ['P183D', 'P731D'],
};

/**
 * The specs of windows half as long and twice as long, the shorter first; a step goes with its length. An hour is not halved. Calendar
 * units become spans of days, which are counted from the first event, since the calendar has no half of a month.
 * @throws AppError input for a spec that is none
 */
export function otherLengths(spec: string): string[] {
  const parsed = parseWindowSpec(spec);
  if (parsed.kind === 'calendar') return [...CALENDAR[parsed.unit]];
  const scaled = (factor: number): string => {
    const [length, step] = [scale(parsed.length, factor), scale(parsed.step, factor)];
    return length === step ? length : `${length}/${step}`;
  };
  return [scaled(0.5), scaled(2)].filter((other) => other !== scaled(1) && isWindowSpec(other));
}

/** A day is halved into hours; an hour stays. */
function scale({ n, unit }: Span, factor: number): string {
  if (unit === 'day') return factor < 1 && n === 1 ? 'PT12H' : `P${Math.ceil(n * factor)}D`;
  return `PT${Math.ceil(n * factor)}H`;
}
