import type { Dialect, Sureness } from '../../domain/index.ts';
import { type SheetCell, SheetNumber, type SheetRow } from './sheet-cell.ts';

/** Rows that tell how wide the table is. */
const SAMPLE_ROWS = 100;
/** Of the usual width: a title fills one cell, a header may leave some unnamed. */
const HEADER_SHARE = 0.6;

/** Where the header of a sheet is, above which titles and blank rows may stand, and whether there is one. What is set is taken as it is. */
export function findHeader(
  rows: readonly SheetRow[],
  set: Partial<Pick<Dialect, 'skip' | 'header'>>,
): { readonly skip: number; readonly header: boolean; readonly sureness: Sureness } {
  const widths = rows.slice(0, SAMPLE_ROWS).map(filled);
  const usual = median(widths.filter((n) => n > 0));
  const skip =
    set.skip ??
    Math.max(
      0,
      widths.findIndex((n) => n > 0 && n >= HEADER_SHARE * usual),
    );
  const names = !isData(rows[skip] ?? [], rows[skip + 1] ?? []);
  const header = set.header ?? names;
  if (set.skip !== undefined && set.header !== undefined) return { skip, header, sureness: { share: 1, why: 'as you set it' } };
  const above = skip > 0 ? ` row ${skip + 1} is the first that fills most of the ${usual} columns;` : '';
  const why = names ? 'its cells are texts, as names of columns are' : 'it holds numbers or dates where the next row does';
  return { skip, header, sureness: { share: skip > 0 ? 0.8 : 0.9, why: `${above} ${why}`.trim() } };
}

const filled = (row: SheetRow): number => row.filter((cell) => cell !== null && cell !== '').length;

function median(sorted: number[]): number {
  sorted.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const isTyped = (cell: SheetCell | undefined): boolean => cell instanceof SheetNumber || cell instanceof Date;

const isData = (row: SheetRow, next: SheetRow): boolean => row.some((cell, c) => isTyped(cell) && isTyped(next[c]));
