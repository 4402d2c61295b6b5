const integer = new Intl.NumberFormat('en');
/** What rounds to 0 has no sign. */
const fraction = new Intl.NumberFormat('en', { maximumFractionDigits: 2, minimumFractionDigits: 2, signDisplay: 'negative' });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });

const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export const count = (n: number): string => integer.format(n);
export const decimal = (n: number): string => fraction.format(n);
export const share = (part: number, whole: number): string => (whole > 0 ? percent.format(part / whole) : '–');
export const signed = (n: number): string => (n > 0 ? `+${count(n)}` : n < 0 ? `−${count(-n)}` : '±0');
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Day and time in the zone of the machine. @param at milliseconds since 1970-01-01 UTC */
export const moment = (at: number): string => date.format(at);

/** A time to wait, as roughly as it is known. */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 10 ? `${minutes} min ${seconds % 60} s` : `${Math.round(seconds / 60)} min`;
}

/** At most `length` characters, cut at a word where one ends in the last third. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > length * 0.66 ? cut.slice(0, space) : cut).replace(/[\s,·;]+$/, '')}…`;
}
