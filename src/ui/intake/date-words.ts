const LONG = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** A date of numbers with its year last, read day first and month first; null where it is none, or can be read one way only. */
export function bothReadings(text: string): { readonly dmy: string; readonly mdy: string } | null {
  const [, first, second, year] = /^\s*(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?!\d)/.exec(text) ?? [];
  if (first === undefined || second === undefined || year === undefined) return null;
  const [a, b] = [Number(first), Number(second)];
  if (a === b || a < 1 || b < 1 || a > 12 || b > 12) return null;
  const full = year.length === 2 ? 2000 + Number(year) : Number(year);
  const words = (day: number, month: number): string => LONG.format(new Date(Date.UTC(full, month - 1, day)));
  return { dmy: words(a, b), mdy: words(b, a) };
}
