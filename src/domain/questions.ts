import type { ColumnProfile, DateOrder, FilePreview, PartialMapping, TimeFormat } from './event.ts';
import type { Question } from './intake.ts';

type Profiled = Pick<FilePreview, 'columns'>;

/**
 * Of the dates that can be read one way only, at most this share may go the other way: a few slips of the pen don't make a column
 * doubtful (they are set aside as not readable), a second source with the other habit does.
 */
const SLIPS = 0.01;

export type YearLast = 'mdy' | 'dmy';

/** Which part of a date comes first, as far as the rows that can be read one way only tell; null where they don't. */
export function decideOrder({ dayFirst, monthFirst }: DateOrder): YearLast | null {
  const [few, many] = dayFirst < monthFirst ? [dayFirst, monthFirst] : [monthFirst, dayFirst];
  if (few > SLIPS * (few + many) || many === 0) return null;
  return dayFirst > monthFirst ? 'dmy' : 'mdy';
}

export const isYearLast = (format: TimeFormat | null): format is YearLast => format === 'mdy' || format === 'dmy';

/**
 * How the times of a column are written in all tables that have it. A table whose dates fit both ways goes the way of the others.
 * `ambiguous`: day first and month first are for the user to tell apart. Null where no one format fits all tables.
 */
export function timeWriting(looks: readonly ColumnProfile[]): { format: TimeFormat; ambiguous: boolean } | null {
  const [first, ...rest] = looks.filter(({ kind }) => kind !== 'empty');
  if (!first || first.timeFormat === null) return null;
  if (isYearLast(first.timeFormat) && rest.every((c) => isYearLast(c.timeFormat))) return yearLastWriting([first, ...rest]);
  return rest.every((c) => c.timeFormat === first.timeFormat) ? { format: first.timeFormat, ambiguous: false } : null;
}

function yearLastWriting(looks: readonly ColumnProfile[]): { format: TimeFormat; ambiguous: boolean } {
  const sure = new Set(looks.filter((c) => !c.timeAmbiguous).map((c) => c.timeFormat));
  // Tables that are each sure of another order have no order in common.
  const format = [...sure, ...looks.map((c) => c.timeFormat)].find((f) => f !== null) ?? 'mdy';
  const bothWays = looks.some((c) => c.timeAmbiguous && writtenBothWays(c));
  return { format, ambiguous: sure.size !== 1 || bothWays };
}

/** Neither a slip nor a lack of evidence: rows of both orders stand in the column. */
export const writtenBothWays = ({ dateOrder }: ColumnProfile): boolean =>
  dateOrder !== undefined && dateOrder.dayFirst > 0 && dateOrder.monthFirst > 0;

/**
 * What the tables do not tell of the time column and nobody has said, at most one question. Choosing a format says it, and so does an origin.
 * @param previews the tables that are read
 * @param formatSaid whether the user chose `timeFormat` for this column, so that it is no guess
 */
export function questionsOf(
  { time, timeFormat, timeOrigin }: Pick<PartialMapping, 'time' | 'timeFormat' | 'timeOrigin'>,
  previews: readonly Profiled[],
  formatSaid: boolean,
): Question[] {
  if (time === null) return [];
  const looks = previews.flatMap(({ columns }) => columns.filter(({ name }) => name === time));
  if (!formatSaid && timeWriting(looks)?.ambiguous) return [{ kind: 'date-order', column: time, examples: orderExamples(looks) }];
  if (timeFormat !== 'relative-days' || timeOrigin !== null) return [];
  return [{ kind: 'time-origin', column: time, examples: examplesOf(looks) }];
}

const examplesOf = (looks: readonly ColumnProfile[]): string[] => [...new Set(looks.flatMap((c) => c.examples))].slice(0, 3);

/** Where both orders are found, some of each come first. */
function orderExamples(looks: readonly ColumnProfile[]): string[] {
  const telling = looks.flatMap(({ dateOrder: o }) =>
    o ? [...o.dayFirstExamples.slice(0, 1), ...o.monthFirstExamples.slice(0, 1)] : [],
  );
  return [...new Set([...telling, ...examplesOf(looks)])].slice(0, 3);
}
