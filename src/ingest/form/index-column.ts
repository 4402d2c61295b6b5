/** A header cell that names nothing: empty, as pandas names it, or as `nameColumns` does. */
const UNNAMED = /^(unnamed: ?\d+|column 1|)$/i;
const WHOLE = /^\d{1,15}$/;

/**
 * Is the first column of a table only the number of the row, as data frames are written with: no name, whole numbers that rise?
 * Rows that were filtered out leave gaps.
 * @param header its cell in the header row; @param values of rows in the order of the file, any of them left out
 */
export function isIndexColumn(header: string, values: readonly string[]): boolean {
  if (!UNNAMED.test(header.trim()) || values.length === 0) return false;
  let last = -1;
  for (const value of values) {
    const text = value.trim();
    if (!WHOLE.test(text) || Number(text) <= last) return false;
    last = Number(text);
  }
  return true;
}
