import { expect, test } from 'vitest';
import { type Matrix, normaliseRows, takeRows } from '../../domain/index.ts';
import { clusteredMatrix, mixtureMatrix, unitMatrix } from '../../testing/index.ts';

/**
 * Whether kernels could hold rows in half precision ('shader-f16'), products and sums staying in float32: emulated here, since
 * the software adapter has no such feature. They could not; kernels do not ask for it.
 */

/** The nearest half-precision number (11 significant bits, ties to even, subnormals below 2^-14). */
function toHalf(value: number): number {
  if (value === 0) return 0;
  const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value)))) - 10);
  const units = value / step;
  const floor = Math.floor(units);
  const up = units - floor > 0.5 || (units - floor === 0.5 && floor % 2 !== 0);
  return (up ? floor + 1 : floor) * step;
}

const halved = (x: Matrix): Matrix => ({ ...x, data: x.data.map(toHalf) });

/** |x|^2 + |c|^2 - 2 x.c with every product and sum rounded by `round`, dimensions ascending. */
function squaredDistances(x: Matrix, c: Matrix, round: (value: number) => number): Float64Array {
  const dotAt = (a: Matrix, i: number, b: Matrix, j: number): number => {
    let sum = 0;
    for (let d = 0; d < a.cols; d++)
      sum = round(sum + round((a.data[i * a.cols + d] as number) * (b.data[j * a.cols + d] as number)));
    return sum;
  };
  const norms = (a: Matrix): number[] => Array.from({ length: a.rows }, (_, i) => dotAt(a, i, a, i));
  const [p, q] = [norms(x), norms(c)];
  return Float64Array.from({ length: x.rows * c.rows }, (_, at) => {
    const [i, j] = [Math.floor(at / c.rows), at % c.rows];
    return Math.max(0, round(round((p[i] as number) + (q[j] as number)) - 2 * dotAt(x, i, c, j)));
  });
}

/** Largest error of a distance; largest true difference between the row's chosen and its nearest centroid; inertia's error. */
function errorsOf(found: Float64Array, right: Float64Array, k: number) {
  let [distance, choice, inertia, rightInertia] = [0, 0, 0, 0];
  for (let at = 0; at < found.length; at += k) {
    const [mine, theirs] = [found.subarray(at, at + k), right.subarray(at, at + k)];
    for (let j = 0; j < k; j++) distance = Math.max(distance, Math.abs((mine[j] as number) - (theirs[j] as number)));
    const nearest = Math.min(...theirs);
    choice = Math.max(choice, (theirs[mine.indexOf(Math.min(...mine))] as number) - nearest);
    inertia += Math.min(...mine);
    rightInertia += nearest;
  }
  return { distance, choice, inertia: Math.abs(inertia / rightInertia - 1) };
}

/** For each pair of centroids the unit row between them that is nearer to the first by some 4e-5 in squared distance. */
function betweenPairs(c: Matrix): Matrix {
  const rows: number[] = [];
  for (let a = 0; a < c.rows; a++) {
    for (let b = a + 1; b < c.rows; b++) {
      for (let d = 0; d < c.cols; d++)
        rows.push((1 + 1.5e-5) * (c.data[a * c.cols + d] as number) + (1 - 1.5e-5) * (c.data[b * c.cols + d] as number));
    }
  }
  return normaliseRows({ rows: rows.length / c.cols, cols: c.cols, data: Float32Array.from(rows) });
}

function casesOf(cols: number): { x: Matrix; c: Matrix }[] {
  const twentieth = Array.from({ length: 20 }, (_, i) => i * 20 + 7);
  const clouds = [clusteredMatrix(400, cols, 1), mixtureMatrix(400, cols, 2)].map((x) => ({ x, c: takeRows(x, twentieth) }));
  const c = unitMatrix(20, cols, 3);
  return [...clouds, { x: betweenPairs(c), c }];
}

test.each([64, 384])('half-precision rows miss the bound of one assign step, float32 keeps it (%i dimensions)', (cols) => {
  const errors = casesOf(cols).map(({ x, c }) => {
    const right = squaredDistances(x, c, (value) => value);
    const half = squaredDistances(halved(x), halved(c), Math.fround);
    return { half: errorsOf(half, right, 20), single: errorsOf(squaredDistances(x, c, Math.fround), right, 20) };
  });
  const worst = (of: 'half' | 'single', what: 'distance' | 'choice') => Math.max(...errors.map((each) => each[of][what]));
  // A label may differ only where two distances differ by less than 1e-5. Halves were off by 6e-4 at 64 dimensions and 2e-4 at
  // 384, and chose centroids that were 6e-5 and 5e-5 farther than the nearest; float32 was off by 2e-6.
  expect(worst('single', 'distance')).toBeLessThan(3e-6);
  expect(worst('single', 'choice')).toBeLessThan(1e-5);
  expect(worst('half', 'distance')).toBeGreaterThan(1.5e-4);
  expect(worst('half', 'choice')).toBeGreaterThan(2e-5);
  // Sums over many rows would do: errors of both signs.
  for (const { half } of errors) expect(half.inertia).toBeLessThan(1e-4);
});
