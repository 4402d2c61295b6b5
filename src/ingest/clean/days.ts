const DAY_MS = 86_400_000;

/**
 * Days as the calendar of a zone has them: moments (UTC ms) of one day have one number, the day of 1970-01-01 is 0. Days of 23 and
 * 25 hours, where the clocks are changed, are one day.
 * @param zone IANA name
 */
export function dayOf(zone: string): (time: number) => number {
  const offset = zoneOffset(zone);
  const days = new Map<number, (time: number) => number>();
  return (time) => {
    const utcDay = Math.floor(time / DAY_MS);
    let shift = days.get(utcDay);
    if (!shift) {
      shift = shiftWithin(utcDay * DAY_MS, offset);
      days.set(utcDay, shift);
    }
    return Math.floor((time + shift(time)) / DAY_MS);
  };
}

/** The offset within one day of UTC, which changes at most once: asking the calendar for each event would take too long. */
function shiftWithin(start: number, offset: (time: number) => number): (time: number) => number {
  const before = offset(start);
  const after = offset(start + DAY_MS);
  if (before === after) return () => before;
  let [low, high] = [start, start + DAY_MS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  return (time) => (time < high ? before : after);
}

/** Local time minus UTC, in ms, of a whole second. */
function zoneOffset(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (time) => {
    const second = Math.floor(time / 1000) * 1000;
    const parts = new Map(format.formatToParts(second).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - second;
  };
}
