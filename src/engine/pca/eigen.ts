import { AppError, type JobContext } from '../../domain/index.ts';
import { openRotations, type Rotations } from './rotations.ts';

export interface EigenPairs {
  /** Descending. */
  readonly values: Float64Array;
  /** count x n, one unit eigenvector a row, in the order of the values. */
  readonly vectors: Float64Array;
}

/**
 * The `count` largest eigenvalues of a symmetric n x n matrix and their eigenvectors. Householder reduction to tridiagonal
 * form, then implicit QR steps with Wilkinson's shift (Golub & Van Loan, Matrix Computations, 4th ed., 8.3), in float64.
 * Reads the upper triangle of `a` and destroys it. About 2/3 n^3 + 5 n^3 + 2 count n^2 operations, with checkpoints.
 */
export async function largestEigenpairs(a: Float64Array, n: number, count: number, ctx: JobContext): Promise<EigenPairs> {
  const { diagonal, off, scales } = await tridiagonalise(a, n, ctx);
  const rotations = await diagonalise(diagonal, off, ctx);
  const order = Array.from(diagonal.keys()).sort((i, j) => (diagonal[j] as number) - (diagonal[i] as number) || i - j);
  const kept = order.slice(0, count);
  const vectors = new Float64Array(kept.length * n);
  for (const [i, column] of kept.entries()) {
    const vector = vectors.subarray(i * n, (i + 1) * n);
    vector.set(rotations.subarray(column * n, (column + 1) * n));
    reflectBack(a, scales, vector);
    await ctx.checkpoint();
  }
  return { values: Float64Array.from(kept, (i) => diagonal[i] as number), vectors };
}

/**
 * A becomes Q T Q', T tridiagonal (`diagonal`, and `off` beside it). Step k reflects row k onto its first off-diagonal
 * element with I - scale v v'; v overwrites a[k][k+1..n), its scale is kept. Only the upper triangle is read and written.
 */
async function tridiagonalise(a: Float64Array, n: number, ctx: JobContext) {
  const off = new Float64Array(n);
  const scales = new Float64Array(n);
  const w = new Float64Array(n);
  const least = LEAST_RATIO * largestIn(a, n);
  for (let k = 0; k + 1 < n; k++) {
    const v = a.subarray(k * n, (k + 1) * n);
    // The last row has one off-diagonal element already; there is nothing to reflect.
    const scale = k + 2 < n ? makeReflector(v, k + 1, off, k, least) : 0;
    if (scale === 0) off[k] = v[k + 1] as number;
    else reflectTrailing(a, n, k + 1, v, scale, w);
    scales[k] = scale;
    await ctx.checkpoint();
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), off, scales };
}

/**
 * Of a matrix of low rank nothing but rounding is left after the first reflections, and of that after more of them less and less, until squares
 * underflow and the scale is no number. What is this small beside the largest element is taken for 0; it is far below rounding.
 */
const LEAST_RATIO = Number.EPSILON ** 3;

function largestIn(a: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) largest = Math.max(largest, Math.abs(a[i * n + j] as number));
  return largest;
}

/**
 * Turns x = v[from..] into the v of the reflection that maps x to (alpha, 0, ...), alpha = -sign(x0)|x| so that nothing
 * cancels; writes alpha to off[k] and returns 2 / v'v, or 0 where x is already of that form, up to `least`.
 */
function makeReflector(v: Float64Array, from: number, off: Float64Array, k: number, least: number): number {
  let rest = 0;
  for (let i = from + 1; i < v.length; i++) rest += (v[i] as number) ** 2;
  if (rest <= least * least) return 0;
  const first = v[from] as number;
  const alpha = (first > 0 ? -1 : 1) * Math.sqrt(first * first + rest);
  v[from] = first - alpha;
  off[k] = alpha;
  return 2 / ((first - alpha) ** 2 + rest);
}

/** The trailing block B becomes B - v w' - w v', with p = scale B v and w = p - (scale p'v / 2) v. */
function reflectTrailing(a: Float64Array, n: number, from: number, v: Float64Array, scale: number, w: Float64Array): void {
  w.fill(0);
  for (let i = from; i < n; i++) {
    const vi = v[i] as number;
    let sum = (a[i * n + i] as number) * vi;
    for (let j = i + 1; j < n; j++) {
      const value = a[i * n + j] as number;
      sum += value * (v[j] as number);
      w[j] = (w[j] as number) + value * vi;
    }
    w[i] = (w[i] as number) + sum;
  }
  let pv = 0;
  for (let i = from; i < n; i++) pv += (w[i] as number) * (v[i] as number);
  const shift = (scale * scale * pv) / 2;
  for (let i = from; i < n; i++) w[i] = scale * (w[i] as number) - shift * (v[i] as number);
  for (let i = from; i < n; i++) {
    const [vi, wi] = [v[i] as number, w[i] as number];
    for (let j = i; j < n; j++) a[i * n + j] = (a[i * n + j] as number) - vi * (w[j] as number) - wi * (v[j] as number);
  }
}

/** Applies Q to an eigenvector of T, the last reflection first. */
function reflectBack(a: Float64Array, scales: Float64Array, vector: Float64Array): void {
  const n = vector.length;
  for (let k = n - 3; k >= 0; k--) {
    let product = 0;
    for (let i = k + 1; i < n; i++) product += (a[k * n + i] as number) * (vector[i] as number);
    product *= scales[k] as number;
    if (product === 0) continue;
    for (let i = k + 1; i < n; i++) vector[i] = (vector[i] as number) - product * (a[k * n + i] as number);
  }
}

/** Leaves the eigenvalues in `diagonal`; row i of the answer is the eigenvector of T that belongs to diagonal[i]. */
async function diagonalise(diagonal: Float64Array, off: Float64Array, ctx: JobContext): Promise<Float64Array> {
  const rotations = openRotations(diagonal.length);
  try {
    await chaseToDiagonal(diagonal, off, rotations, ctx);
    return rotations.toRows();
  } finally {
    rotations.close();
  }
}

async function chaseToDiagonal(diagonal: Float64Array, off: Float64Array, rotations: Rotations, ctx: JobContext): Promise<void> {
  const n = diagonal.length;
  // Far below rounding: only where whole stretches of T are 0 beside it does this decide.
  const negligible = Number.EPSILON ** 2 * largestOf(diagonal, off);
  let steps = 0;
  for (let last = n - 1; last > 0; ) {
    const first = startOfBlock(diagonal, off, last, negligible);
    if (first === last) {
      last--;
      continue;
    }
    // Two or three steps an eigenvalue are usual; a matrix of NaNs would never end.
    if (++steps > 30 * n) throw new AppError('bug', 'eigen', 'The eigenvalues did not converge.', 'Please report this.');
    qrStep(diagonal, off, rotations, first, last);
    await ctx.checkpoint();
  }
}

function largestOf(diagonal: Float64Array, off: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < diagonal.length; i++)
    largest = Math.max(largest, Math.abs(diagonal[i] as number), Math.abs(off[i] as number));
  return largest;
}

/** Lowest index from which T is unreduced up to `last`; sets the off-diagonal element before it, which is negligible, to 0. */
function startOfBlock(diagonal: Float64Array, off: Float64Array, last: number, negligible: number): number {
  for (let i = last - 1; i >= 0; i--) {
    const beside = Math.abs(diagonal[i] as number) + Math.abs(diagonal[i + 1] as number);
    if (Math.abs(off[i] as number) <= Math.max(Number.EPSILON * beside, negligible)) {
      off[i] = 0;
      return i + 1;
    }
  }
  return 0;
}

/** One implicit QR step on the block first..last: Givens rotations chase the bulge from the top to the bottom. */
function qrStep(diagonal: Float64Array, off: Float64Array, rotations: Rotations, first: number, last: number): void {
  let x = (diagonal[first] as number) - wilkinsonShift(diagonal, off, last);
  let bulge = off[first] as number;
  for (let k = first; k < last; k++) {
    const length = Math.hypot(x, bulge);
    const c = length === 0 ? 1 : x / length;
    const s = length === 0 ? 0 : bulge / length;
    if (k > first) off[k - 1] = length;
    const [a, b, d] = [diagonal[k] as number, off[k] as number, diagonal[k + 1] as number];
    diagonal[k] = c * c * a + 2 * c * s * b + s * s * d;
    diagonal[k + 1] = s * s * a - 2 * c * s * b + c * c * d;
    off[k] = c * s * (d - a) + (c * c - s * s) * b;
    x = off[k] as number;
    if (k + 1 < last) {
      const next = off[k + 1] as number;
      bulge = s * next;
      off[k + 1] = c * next;
    }
    rotations.rotate(k, c, s);
  }
}

/** The eigenvalue of the last 2 x 2 block that is nearer to its last element. */
function wilkinsonShift(diagonal: Float64Array, off: Float64Array, last: number): number {
  const b = off[last - 1] as number;
  const half = ((diagonal[last - 1] as number) - (diagonal[last] as number)) / 2;
  const root = Math.hypot(half, b);
  return (diagonal[last] as number) - (b * b) / (half + (half < 0 ? -root : root));
}
