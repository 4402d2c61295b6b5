import { type Matrix, rowOf } from '../../domain/index.ts';

/** MMD^2 by its definition: the mean kernel within either side less twice that between them, O(n^2). */
export function exactMmd2(a: Matrix, b: Matrix, bandwidth: number): number {
  return meanKernel(a, a, bandwidth) + meanKernel(b, b, bandwidth) - 2 * meanKernel(a, b, bandwidth);
}

function meanKernel(a: Matrix, b: Matrix, bandwidth: number): number {
  let sum = 0;
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < b.rows; j++) sum += kernel(rowOf(a, i), rowOf(b, j), bandwidth);
  return sum / (a.rows * b.rows);
}

export function kernel(x: Float32Array, y: Float32Array, bandwidth: number): number {
  const squared = x.reduce((sum, value, i) => sum + (value - (y[i] as number)) ** 2, 0);
  return Math.exp(-squared / (2 * bandwidth ** 2));
}
