import type { ColumnMapping } from '../domain/index.ts';
import { collapse, isMissing, parseNumber } from './cells.ts';
import { type ColumnPositions, locateColumns } from './check.ts';
import type { EventRow } from './store.ts';
import { timeParser } from './time.ts';

/** Why a row is no event. */
export type Reason =
  | 'empty line'
  | 'broken quotes'
  | 'too few columns'
  | 'too many columns'
  | 'no user'
  | 'no time'
  | 'time not readable'
  | 'no text';

/** A row of cells as an event, or the first reason, in the order of {@link Reason}, why it is none. */
export type RowCaster = (cells: readonly string[], broken: boolean) => EventRow | Reason;

/**
 * - Too few columns: a mapped column lies beyond the row's end. Too many: a cell beyond the header's end holds something,
 *   so a stray delimiter may have shifted the others.
 * - A value that is no number is NaN, and the event is kept: who, when and what still stand.
 * @throws AppError input where the file lacks a mapped column
 */
export function rowCaster(file: string, header: readonly string[], mapping: ColumnMapping): RowCaster {
  const at = locateColumns(file, header, mapping);
  const width = header.length;
  const needed = 1 + Math.max(at.user, at.time, at.type, at.item, at.value, at.label, ...at.text);
  const parseTime = timeParser(mapping.timeFormat);
  return (cells, broken) => {
    if (broken) return 'broken quotes';
    if (cells.length === 1 && width > 1 && cells[0]?.trim() === '') return 'empty line';
    if (cells.length < needed) return 'too few columns';
    if (cells.length > width && cells.slice(width).some((c) => c.trim() !== '')) return 'too many columns';
    const user = presentCell(cells, at.user);
    if (user === null) return 'no user';
    const when = presentCell(cells, at.time);
    if (when === null) return 'no time';
    const time = parseTime(when);
    if (Number.isNaN(time)) return 'time not readable';
    const text = joinTexts(cells, at);
    if (text === '') return 'no text';
    return {
      user,
      time,
      text,
      type: presentCell(cells, at.type),
      item: presentCell(cells, at.item),
      label: presentCell(cells, at.label),
      value: at.value < 0 ? Number.NaN : parseNumber(cells[at.value] ?? ''),
    };
  };
}

function presentCell(cells: readonly string[], at: number): string | null {
  if (at < 0) return null;
  const cell = collapse(cells[at] ?? '');
  return isMissing(cell) ? null : cell;
}

function joinTexts(cells: readonly string[], at: ColumnPositions): string {
  const parts: string[] = [];
  for (const i of at.text) {
    const part = presentCell(cells, i);
    if (part !== null) parts.push(part);
  }
  return parts.join(' ');
}
