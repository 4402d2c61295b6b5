/** What database and spreadsheet exports write for "nothing". Exact; 'None' and 'unknown' may be real words and stay. */
const MISSING = new Set(['', 'NULL', 'null', String.raw`\N`, 'NaN', 'nan', '<NA>', 'N/A', '#N/A']);

export const isMissing = (trimmed: string): boolean => MISSING.has(trimmed);

/** Line breaks, tabs, hard spaces and control characters too. */
const INNER = /[\s\p{Cc}]+/gu;
const UNTIDY = /[^\S ]|\p{Cc}| {2}|^ | $/u;

/** Trimmed, every run of whitespace made one space. */
export const collapse = (text: string): string => (UNTIDY.test(text) ? text.replace(INNER, ' ').trim() : text);

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/** Plain decimal numbers only (no thousands separators, no decimal comma); else NaN. -0 is 0. */
export function parseNumber(text: string): number {
  const trimmed = text.trim();
  if (!NUMBER.test(trimmed)) return Number.NaN;
  const value = Number(trimmed) + 0;
  return Number.isFinite(value) ? value : Number.NaN;
}

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
