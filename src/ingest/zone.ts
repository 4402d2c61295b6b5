import { checkTimeZone, createZone, DAY } from '../domain/index.ts';

/** A zone's clock for millions of times: what {@link createZone} tells exactly and slowly, asked once a day of the calendar. */
export interface ZoneClock {
  /** What the zone's clocks show at an instant, as if it were UTC milliseconds. */
  wallAt(time: number): number;
  /**
   * The instant of a clock's reading, by the rule "compatible" of Temporal (RFC 5545 as well): of an hour that clocks show twice the
   * first, and a reading that they jump over as if they had not jumped (2:30 is then shown as 3:30).
   */
  instantOf(wall: number): number;
}

/** @throws AppError input where Intl does not know the zone */
export function zoneClock(timeZone: string): ZoneClock {
  if (timeZone === 'UTC') return { wallAt: (time) => time, instantOf: (wall) => wall };
  checkTimeZone(timeZone);
  const zone = createZone(timeZone);
  const days = new DayOffsets((time) => zone.wallAt(time) - time);
  return {
    wallAt: (time) => time + days.offsetAt(time),
    instantOf: (wall) => {
      const flat = days.flatAround(wall);
      return Number.isNaN(flat) ? nearChange(days, wall) : wall - flat;
    },
  };
}

function nearChange(days: DayOffsets, wall: number): number {
  const early = wall - days.offsetAt(wall - DAY);
  const late = wall - days.offsetAt(wall + DAY);
  const shown = (time: number): boolean => time + days.offsetAt(time) === wall;
  return !shown(early) && shown(late) ? late : early;
}

/** So many days are kept: 270 years. */
const MAX_DAYS = 100_000;

/** Offsets from UTC in ms. Zones change theirs at most once between two midnights of UTC, so a day is flat or has one change. */
class DayOffsets {
  readonly #ask: (time: number) => number;
  readonly #midnights = new Map<number, number>();
  readonly #changes = new Map<number, number>();
  readonly #flat = new Map<number, number>();

  constructor(ask: (time: number) => number) {
    this.#ask = ask;
  }

  offsetAt(time: number): number {
    const day = Math.floor(time / DAY);
    const before = this.#midnight(day);
    const after = this.#midnight(day + 1);
    if (before === after) return before;
    return time < this.#changeOf(day, after) ? before : after;
  }

  /** The one offset of all instants whose clocks may show a time of the wall's day, else NaN: offsets are under a day. */
  flatAround(wall: number): number {
    const day = Math.floor(wall / DAY);
    const known = this.#flat.get(day);
    if (known !== undefined) return known;
    const offset = this.#midnight(day);
    const same = [day - 1, day + 1, day + 2].every((d) => this.#midnight(d) === offset);
    return keep(this.#flat, day, same ? offset : Number.NaN);
  }

  #midnight(day: number): number {
    return this.#midnights.get(day) ?? keep(this.#midnights, day, this.#ask(day * DAY));
  }

  /** The first instant with the new offset, by bisection. */
  #changeOf(day: number, after: number): number {
    const known = this.#changes.get(day);
    if (known !== undefined) return known;
    let [low, high] = [day * DAY, (day + 1) * DAY];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle) === after) high = middle;
      else low = middle;
    }
    return keep(this.#changes, day, high);
  }
}

function keep(map: Map<number, number>, day: number, value: number): number {
  if (map.size >= MAX_DAYS) map.clear();
  map.set(day, value);
  return value;
}
