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
