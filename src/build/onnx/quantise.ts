/** Symmetric int8 weights: value ~ quantised * scale, with one scale a line (row or column). */
export interface Quantised {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

const LEVELS = 127;

/** One scale an output channel of a row-major [rows, columns] matrix: a matrix product can apply it after summing. */
export function quantiseColumns(weights: Float32Array, rows: number, columns: number): Quantised {
  return quantise(weights, rows, columns, columns, (_, column) => column);
}

/** One scale a row of a row-major [rows, columns] table that is looked up by row. */
export function quantiseRows(weights: Float32Array, rows: number, columns: number): Quantised {
  return quantise(weights, rows, columns, rows, (row) => row);
}

function quantise(
  weights: Float32Array,
  rows: number,
  columns: number,
  lines: number,
  lineOf: (row: number, column: number) => number,
): Quantised {
  const scales = new Float32Array(lines);
  const values = new Int8Array(rows * columns);
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i++) {
      const line = lineOf(r, c);
      scales[line] = Math.max(scales[line] as number, Math.abs(weights[i] as number));
    }
  }
  for (let line = 0; line < lines; line++) scales[line] = (scales[line] as number) / LEVELS || 1;
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i++) {
      const level = Math.round((weights[i] as number) / (scales[lineOf(r, c)] as number));
      values[i] = Math.max(-LEVELS, Math.min(LEVELS, level));
    }
  }
  return { values, scales };
}

export interface Packed {
  /** [columns, rows / block, block / 2]: two weights a byte, the earlier row in the lower half. */
  readonly packed: Uint8Array;
  /** [columns, rows / block] */
  readonly scales: Float32Array;
}

const HALF_LEVELS = 8;

/**
 * Four bits a weight of a row-major [rows, columns] matrix: value ~ (level - 8) * scale, one scale for every `block` rows of a column.
 * Levels reach from -8 to 7, so the scale takes the sign that brings the weight of largest size to -8.
 * @param block an even divisor of `rows`
 */
export function quantiseBlocks(weights: Float32Array, rows: number, columns: number, block: number): Packed {
  if (rows % block !== 0) throw new Error(`${rows} rows are no whole number of blocks of ${block}`);
  const blocks = rows / block;
  const packed = new Uint8Array((columns * rows) / 2);
  const scales = new Float32Array(columns * blocks);
  for (let c = 0; c < columns; c++) {
    for (let b = 0; b < blocks; b++) {
      const at = (i: number): number => weights[(b * block + i) * columns + c] as number;
      const scale = bestScale(at, block);
      scales[c * blocks + b] = scale;
      const level = (i: number): number => levelOf(at(i), scale) + HALF_LEVELS;
      for (let i = 0; i < block; i += 2) packed[((c * blocks + b) * block + i) / 2] = level(i) + 16 * level(i + 1);
    }
  }
  return { packed, scales };
}

/** -8 to 7 */
const levelOf = (value: number, scale: number): number =>
  Math.max(-HALF_LEVELS, Math.min(HALF_LEVELS - 1, Math.round(value / scale)));

/** What the weight of largest size is divided by for a scale: to clip it a little, or to leave room, may bring all others nearer. */
const DIVISORS = [-10, -9.5, -9, -8.5, -8, -7.5, -7, 7, 7.5, 8, 8.5, 9, 9.5, 10];

/** The one of least squared error; 1 where all weights are 0. */
function bestScale(at: (i: number) => number, count: number): number {
  const most = largest(at, count);
  let [best, least] = [1, Number.POSITIVE_INFINITY];
  for (const divisor of most === 0 ? [] : DIVISORS) {
    const scale = Math.fround(most / divisor);
    let error = 0;
    for (let i = 0; i < count; i++) error += (at(i) - scale * levelOf(at(i), scale)) ** 2;
    if (error < least) [best, least] = [scale, error];
  }
  return best;
}

/** The value farthest from 0, with its sign. */
function largest(at: (i: number) => number, count: number): number {
  let found = 0;
  for (let i = 0; i < count; i++) if (Math.abs(at(i)) > Math.abs(found)) found = at(i);
  return found;
}
