import type { Dialect, Sureness } from '../../domain/index.ts';
import { judgeHeader } from './header.ts';
import type { SplitRow } from './split.ts';

/** Which lines of a text are what. */
export interface Layout {
  readonly lines: Pick<Dialect, 'comment' | 'skip' | 'header'>;
  readonly sureness: Sureness;
}

const COMMENT_MARKS = ['#', '//', '%', ';', '--'];
/** A title is not longer. */
const TITLE_ROWS = 30;

/**
 * Comment lines, title lines above the table, and whether its first row names the columns.
 * @param head rows of the start of the file, blank ones left out; @param rows of all samples; @param width cells of most rows
 */
export function findLayout(
  head: readonly SplitRow[],
  rows: readonly SplitRow[],
  width: number,
  delimiter: string,
  choice: Partial<Dialect>,
): Layout {
  const comment = choice.comment === undefined ? findComment(rows, width, delimiter) : choice.comment;
  const isRow = (row: SplitRow): boolean => comment === null || !row.text.startsWith(comment);
  const table = head.filter((row) => isRow(row) && row.line > (choice.skip ?? 0));
  const others = rows.slice(head.length).filter(isRow);
  const first = choice.skip === undefined ? firstTableRow(table, others, width) : 0;
  const { header, sureness } = judgeHeader(table[first]?.cells ?? [], bodyOf(table.slice(first + 1), others));
  const skip = choice.skip ?? linesAbove(head, table[first], isRow);
  return { lines: { comment, skip, header: choice.header ?? header }, sureness };
}

const bodyOf = (table: readonly SplitRow[], others: readonly SplitRow[]): (readonly string[])[] =>
  [...table, ...others].map((r) => r.cells);

/** Lines above the first row of the table; none where all of them are comments, which are no rows anyway. */
function linesAbove(head: readonly SplitRow[], first: SplitRow | undefined, isRow: (row: SplitRow) => boolean): number {
  if (!first) return 0;
  const above = head.filter((row) => row.line < first.line);
  return above.length === first.line - 1 && !above.some(isRow) ? 0 : first.line - 1;
}

/** A mark that begins lines which are no rows of the table, and no row of it. */
function findComment(rows: readonly SplitRow[], width: number, delimiter: string): string | null {
  const isTableRow = (row: SplitRow): boolean => (width > 1 ? row.cells.length === width : !/^\W+\s/.test(row.text));
  const marks = COMMENT_MARKS.filter((mark) => !mark.startsWith(delimiter));
  return (
    marks.find((mark) => {
      const marked = rows.filter((row) => row.text.startsWith(mark));
      return marked.length > 0 && marked.length <= rows.length / 2 && !marked.some(isTableRow);
    }) ?? null
  );
}

/** Index of the first row that is no title. */
function firstTableRow(table: readonly SplitRow[], others: readonly SplitRow[], width: number): number {
  if (width < 2) return 0;
  const top = table.slice(0, TITLE_ROWS);
  // A header may be one cell short, where the column of row numbers has no name.
  const wide = top.findIndex(({ cells }) => cells.length >= Math.max(2, width - 1));
  if (wide === -1) return 0;
  const full = top.findIndex(({ cells }, i) => i >= wide && cells.length >= width && filled(cells) > Math.max(1, width / 2));
  const isHeader = (i: number): boolean => judgeHeader(table[i]?.cells ?? [], bodyOf(table.slice(i + 1), others)).logOdds > 2;
  // Rows of a title may have some cells, or be filled up with delimiters. So may rows of data, which must not get lost: only a header tells.
  const start = full > wide && isHeader(full) ? full : wide;
  const skipsCells = top.slice(0, start).some(({ cells }) => filled(cells) > 1);
  return skipsCells && !isHeader(start) ? 0 : start;
}

const filled = (cells: readonly string[]): number => cells.filter((c) => c.trim() !== '').length;
