import {
  availableColumns,
  type ColumnMapping,
  commonColumns,
  DEFAULT_INTAKE,
  eventTables,
  type FilePreview,
  type Intake,
  inputError,
  TIME_FORMATS,
  templateOf,
} from '../domain/index.ts';
import { originWall } from './time.ts';

/**
 * @throws AppError input where the mapping can't be used on these tables: a column that is not there, no text, no tables, a template that
 * can't be read, a time format that does not exist, relative days without their first day
 */
export function checkMapping(previews: readonly FilePreview[], mapping: ColumnMapping, intake: Intake = DEFAULT_INTAKE): void {
  const events = eventTables(previews, intake);
  if (events.length === 0) throw inputError('no-files', 'There is no file to read.', 'Choose at least one.');
  checkChoices(mapping);
  const common = commonColumns(events);
  const added = availableColumns(previews, intake).filter((column) => !common.includes(column));
  for (const { name, header } of events) locateColumns(name, [...header, ...added], mapping);
}

/** What can be told wrong without looking at a file. */
export function checkChoices(mapping: ColumnMapping): void {
  if (mapping.user === '')
    throw inputError('no-user-column', 'No user column is chosen.', 'Choose the column that says who did it.');
  if (mapping.time === '')
    throw inputError('no-time-column', 'No time column is chosen.', 'Choose the column that says when it happened.');
  if (mapping.text.length === 0) {
    throw inputError(
      'no-text-column',
      'No text column is chosen.',
      'Choose one or more columns with words that tell what it was about.',
    );
  }
  templateOf(mapping);
  if (!TIME_FORMATS.includes(mapping.timeFormat)) {
    throw inputError(
      'time-format',
      `There is no time format "${mapping.timeFormat}".`,
      `Choose one of ${TIME_FORMATS.join(', ')}.`,
    );
  }
  if (mapping.timeFormat === 'relative-days') checkOrigin(mapping);
}

function checkOrigin({ time, timeOrigin }: ColumnMapping): void {
  if (!Number.isNaN(originWall(timeOrigin))) return;
  throw inputError(
    'time-origin',
    timeOrigin === null
      ? `"${time}" counts days from a day that the file does not tell.`
      : `"${timeOrigin}", day 0 of "${time}", is no date.`,
    'Say which date is day 0, as YYYY-MM-DD.',
  );
}

/** Positions of the mapped columns in one file; -1 where a part has no column. */
export interface ColumnPositions {
  readonly user: number;
  readonly time: number;
  readonly text: readonly number[];
  readonly type: number;
  readonly item: number;
  readonly value: number;
  readonly numbers: readonly number[];
  readonly label: number;
}

/** @throws AppError input naming file and column where a mapped column is not in the header */
export function locateColumns(file: string, header: readonly string[], mapping: ColumnMapping): ColumnPositions {
  const find = (column: string): number => placeOf(file, header, column);
  const optional = (column: string | null): number => (column === null ? -1 : find(column));
  return {
    user: find(mapping.user),
    time: find(mapping.time),
    text: mapping.text.map(find),
    type: optional(mapping.type),
    item: optional(mapping.item),
    value: optional(mapping.value),
    numbers: mapping.numbers.map(find),
    label: optional(mapping.label),
  };
}

/** @throws AppError input naming file and column where the header has no such column */
export function placeOf(file: string, header: readonly string[], column: string): number {
  const at = header.indexOf(column);
  if (at >= 0) return at;
  throw inputError(
    'column-not-found',
    `${file} has no column "${column}". Its columns are ${header.join(', ')}.`,
    'Choose another column, or leave that file out.',
  );
}
