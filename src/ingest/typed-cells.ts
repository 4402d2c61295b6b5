import type { TimeFormat } from '../domain/index.ts';
import type { Tidy } from './cell-words.ts';
import { hashBytes } from './hash.ts';
import { grown, Interner } from './intern.ts';
import { plainDigits, plainIso, plainNumber } from './plain.ts';

/** What a cell says as a number: NaN = it can't be read. */
export type CellNumber = (bytes: Uint8Array, from: number, to: number) => number;

/** In the place of a time where the cell says "nothing". */
export const NO_TIME = Number.POSITIVE_INFINITY;

/**
 * Times from cells: plain ones from their bytes, others by the parser, each distinct writing once so long as there are not too many.
 * @param missing words that `tidy` takes for "nothing"
 * @param zoneless times without a zone are of UTC, so that no parser is needed for them
 */
export function timeCells(
  format: TimeFormat,
  parse: (text: string) => number,
  tidy: Tidy,
  missing: readonly string[],
  zoneless: boolean,
): CellNumber {
  const slow = remembered((text) => {
    const cell = tidy(text);
    return cell === null ? NO_TIME : parse(cell);
  });
  const plain = exceptFor(missing, plainTime(format, zoneless));
  return (bytes, from, to) => {
    const time = plain(bytes, from, to);
    return Number.isNaN(time) ? slow(bytes, from, to) : time;
  };
}

/** Seconds and milliseconds with fewer digits than the latest moment has, so that they lie in range. */
function plainTime(format: TimeFormat, zoneless: boolean): CellNumber {
  if (format === 'iso') return (bytes, from, to) => plainIso(bytes, from, to, zoneless);
  if (format === 'unix-seconds') return (bytes, from, to) => plainDigits(bytes, from, to, 11) * 1000;
  if (format === 'unix-milliseconds') return (bytes, from, to) => plainDigits(bytes, from, to, 14);
  return () => Number.NaN;
}

/**
 * Numbers from cells; NaN also where the cell says "nothing".
 * @param missing words that `tidy` takes for "nothing"
 * @param pointed numbers have a decimal point, so that plain ones need no parser
 */
export function numberCells(
  parse: (text: string) => number,
  tidy: Tidy,
  missing: readonly string[],
  pointed: boolean,
): CellNumber {
  const slow = remembered((text) => {
    const cell = tidy(text);
    return cell === null ? Number.NaN : parse(cell);
  });
  if (!pointed) return slow;
  const plain = exceptFor(missing, plainNumber);
  return (bytes, from, to) => {
    const number = plain(bytes, from, to);
    return Number.isNaN(number) ? slow(bytes, from, to) : number;
  };
}

/** NaN where the cell may be one of `words`, such as -999: the same number can be written in several ways, and only its text tells. */
function exceptFor(words: readonly string[], plain: CellNumber): CellNumber {
  const read = words.map((word) => encoder.encode(word)).map((bytes) => plain(bytes, 0, bytes.length));
  const doubted = new Set(read.filter((number) => !Number.isNaN(number)));
  if (doubted.size === 0) return plain;
  return (bytes, from, to) => {
    const number = plain(bytes, from, to);
    return doubted.has(number) ? Number.NaN : number;
  };
}

/** Distinct writings that are remembered; more of them cost more room than parsing them costs time. */
const REMEMBERED = 1 << 17;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

function remembered(parse: (text: string) => number): CellNumber {
  const writings = new Interner();
  let results = new Float64Array(1024);
  return (bytes, from, to) => {
    if (writings.count >= REMEMBERED) return parse(decoder.decode(bytes.subarray(from, to)));
    const before = writings.count;
    const id = writings.add(bytes, from, to, hashBytes(bytes, from, to));
    if (id === before) {
      if (id === results.length) results = grown(results, id * 2);
      results[id] = parse(decoder.decode(bytes.subarray(from, to)));
    }
    return results[id] as number;
  };
}
