import { DEFAULT_MISSING } from '../domain/index.ts';

/** Whether a trimmed cell says "nothing": it is empty, or stands in the list. Exact; 'None' and 'unknown' may be real words. */
export function missingTest(list: readonly string[]): (trimmed: string) => boolean {
  const words = new Set(['', ...list]);
  return (trimmed) => words.has(trimmed);
}

export const isMissing = missingTest(DEFAULT_MISSING);

/** Line breaks, tabs, hard spaces and control characters too. */
const INNER = /[\s\p{Cc}]+/gu;
const UNTIDY = /[^\S ]|\p{Cc}| {2}|^ | $/u;

/** Trimmed, every run of whitespace made one space. */
export const collapse = (text: string): string => (UNTIDY.test(text) ? text.replace(INNER, ' ').trim() : text);

const WHOLE_AS_DECIMAL = /^([+-]?\d+)\.0+$/;

/** An id that a spreadsheet or data frame wrote as a decimal number is the whole number again: 17850.0 is 17850; 1.5 stays. */
export const normaliseId = (text: string): string => WHOLE_AS_DECIMAL.exec(text)?.[1] ?? text;

/** Header cells as unique, non-empty column names: `column 3` where a name is missing, `x (2)` for the second `x`. */
export function nameColumns(header: readonly string[]): string[] {
  const used = new Set<string>();
  return header.map((cell, i) => {
    const base = collapse(cell) || `column ${i + 1}`;
    let name = base;
    for (let n = 2; used.has(name); n++) name = `${base} (${n})`;
    used.add(name);
    return name;
  });
}
