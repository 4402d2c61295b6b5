/** A column's name as SQL takes it. */
export const quoteColumn = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Characters of a line that are shown on either side of the place. */
const AROUND = 60;

/** The line of a text that holds a character, and below it a caret under that character. Wide characters count as one column. */
export function markAt(text: string, offset: number): string {
  const at = Math.min(Math.max(0, offset), text.length);
  const from = text.lastIndexOf('\n', at - 1) + 1;
  const next = text.indexOf('\n', at);
  const line = text.slice(from, next < 0 ? text.length : next).replaceAll('\t', ' ');
  const column = at - from;
  const start = Math.max(0, column - AROUND);
  const shown = `${start > 0 ? '…' : ''}${line.slice(start, column + AROUND)}${column + AROUND < line.length ? '…' : ''}`;
  return `${shown}\n${' '.repeat(column - start + (start > 0 ? 1 : 0))}^`;
}
