import type { DateOrder } from '../domain/index.ts';

const [ZERO, SPACE, DASH, DOT, SLASH] = [48, 32, 45, 46, 47];
const EXAMPLES = 3;
/** `31. 12. 2011` in bytes: no more is looked at. */
const DATE_LENGTH = 12;

/**
 * Counts, over all cells of a column, the dates with the year last that can be read one way only: `25/2/2011` is day first. Meant to see
 * every cell of a table, so it looks at a cell's first bytes only, and leaves at the first that begins no such date.
 */
export class DateOrderScan {
  #dayFirst = 0;
  #monthFirst = 0;
  readonly #dayFirstExamples: string[] = [];
  readonly #monthFirstExamples: string[] = [];
  readonly #head = new Uint8Array(DATE_LENGTH);

  /** @param bytes UTF-8; the cell is `bytes[start]` to `bytes[end]` (not included), blanks around it allowed */
  addBytes(bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    while (from < end && bytes[from] === SPACE) from++;
    const order = orderOf(bytes, from, end);
    if (order !== 0) this.#count(order, () => new TextDecoder().decode(bytes.subarray(from, end)));
  }

  add(cell: string): void {
    const text = cell.trimStart();
    const length = Math.min(text.length, DATE_LENGTH);
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      this.#head[i] = code < 128 ? code : 0;
    }
    const order = orderOf(this.#head, 0, length);
    if (order !== 0) this.#count(order, () => text);
  }

  /** What was found so far. */
  result(): DateOrder {
    return {
      dayFirst: this.#dayFirst,
      monthFirst: this.#monthFirst,
      dayFirstExamples: [...this.#dayFirstExamples],
      monthFirstExamples: [...this.#monthFirstExamples],
    };
  }

  #count(order: 1 | 2, text: () => string): void {
    const examples = order === 1 ? this.#dayFirstExamples : this.#monthFirstExamples;
    if (order === 1) this.#dayFirst++;
    else this.#monthFirst++;
    if (examples.length >= EXAMPLES) return;
    const example = text().trim();
    if (!examples.includes(example)) examples.push(example);
  }
}

/** 1: the first part is no month; 2: the second is none; 0: neither is so, both are, or it is no such date. */
function orderOf(bytes: Uint8Array, start: number, end: number): 0 | 1 | 2 {
  const digit = (at: number): number => {
    const value = at < end ? (bytes[at] as number) - ZERO : -1;
    return value <= 9 ? value : -1;
  };
  let at = start;
  let left = digit(at++);
  if (left < 0) return 0;
  if (digit(at) >= 0) left = left * 10 + digit(at++);
  const separator = bytes[at++] as number;
  if (separator !== SLASH && separator !== DASH && separator !== DOT && separator !== SPACE) return 0;
  if (bytes[at] === SPACE) at++;
  let right = digit(at++);
  if (right < 0) return 0;
  if (digit(at) >= 0) right = right * 10 + digit(at++);
  if (at >= end || bytes[at++] !== separator) return 0;
  if (bytes[at] === SPACE) at++;
  // The third part must begin as a year: 25.12.3 is a version.
  if (digit(at) < 0 || digit(at + 1) < 0) return 0;
  return onlyReading(left, right);
}

function onlyReading(left: number, right: number): 0 | 1 | 2 {
  const [leftIsMonth, rightIsMonth] = [isMonth(left), isMonth(right)];
  if (leftIsMonth === rightIsMonth) return 0;
  if (rightIsMonth) return isDay(left) ? 1 : 0;
  return isDay(right) ? 2 : 0;
}

const isMonth = (n: number): boolean => n >= 1 && n <= 12;
const isDay = (n: number): boolean => n >= 1 && n <= 31;
