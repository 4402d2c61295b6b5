import { isUnnamed } from '../names.ts';

const WHOLE = /^\d{1,15}$/;

/**
 * Is a column only the number of the row, as data frames write it before the others: without a name, 0 or 1 and then rising? Rows that were
 * filtered out, or are not in the sample, leave gaps.
 * @param header its cell in the header row, or the name that it was given; @param values of at least two rows, in their order
 */
export function isIndexColumn(header: string, values: readonly string[]): boolean {
  if ((header.trim() !== '' && !isUnnamed(header.trim())) || values.length < 2) return false;
  let last = -1;
  for (const value of values) {
    if (!WHOLE.test(value) || Number(value) <= last) return false;
    last = Number(value);
  }
  return Number(values[0]) <= 1;
}
