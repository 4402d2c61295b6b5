import { createRandom, type Matrix, normaliseRows } from '../domain/index.ts';

/** rows x cols, uniform in [-1, 1), from a seed. */
export function uniformMatrix(rows: number, cols: number, seed: number): Matrix {
  const random = createRandom(seed);
  return { rows, cols, data: Float32Array.from({ length: rows * cols }, () => 2 * random.next() - 1) };
}

/** The same, each row scaled to unit length. */
export const unitMatrix = (rows: number, cols: number, seed: number): Matrix => normaliseRows(uniformMatrix(rows, cols, seed));

/** Rows around k uniform centres (row i belongs to centre i mod k), uniform within `spread` of it in each dimension. */
export function blobMatrix(rows: number, cols: number, k: number, spread: number, seed: number): Matrix {
  const centres = uniformMatrix(k, cols, seed);
  const noise = uniformMatrix(rows, cols, seed + 1);
  const data = noise.data.map((value, i) => {
    const centre = Math.floor(i / cols) % k;
    return spread * value + (centres.data[centre * cols + (i % cols)] as number);
  });
  return { rows, cols, data };
}
