import type { JobContext, Matrix } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';
import type { Assignment } from './types.ts';

/**
 * The oracle: for every row the nearest centroid by squared Euclidean distance, summed in float64 over ascending
 * dimensions; ties go to the lowest index. Obvious on purpose; {@link assignNearestCpu} must give the same bits.
 */
export function assignNearestOracle(x: Matrix, centroids: Matrix): Assignment {
  const labels = new Int32Array(x.rows);
  const distances = new Float32Array(x.rows);
  for (let r = 0; r < x.rows; r++) {
    let best = Number.POSITIVE_INFINITY;
    for (let c = 0; c < centroids.rows; c++) {
      let sum = 0;
      for (let i = 0; i < x.cols; i++) {
        const difference = (x.data[r * x.cols + i] as number) - (centroids.data[c * x.cols + i] as number);
        sum += difference * difference;
      }
      if (sum < best) {
        best = sum;
        labels[r] = c;
      }
    }
    distances[r] = best;
  }
  return { labels, distances };
}

/** The same sums as the oracle's, four centroids at a time, in blocks that let messages in. */
export async function assignNearestCpu(x: Matrix, centroids: Matrix, ctx: JobContext): Promise<Assignment> {
  const labels = new Int32Array(x.rows);
  const distances = new Float32Array(x.rows);
  const centres = Float64Array.from(centroids.data);
  const row = new Float64Array(x.cols);
  const toAll = new Float64Array(centroids.rows);
  await forBlocks(x.rows, centroids.rows * x.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      row.set(x.data.subarray(r * x.cols, (r + 1) * x.cols));
      squaredDistancesToAll(row, centres, toAll);
      const nearest = indexOfMin(toAll);
      labels[r] = nearest;
      distances[r] = toAll[nearest] as number;
    }
  });
  return { labels, distances };
}

/**
 * out[c] = |row - centre c|^2 for the `out.length` rows of `centres`, summed over ascending dimensions.
 * Four sums at once, because one alone waits for each of its additions to end before it starts the next.
 */
export function squaredDistancesToAll(row: Float64Array, centres: Float64Array, out: Float64Array): void {
  const dims = row.length;
  const count = out.length;
  let c = 0;
  for (; c + 4 <= count; c += 4) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    const c0 = c * dims;
    const c1 = c0 + dims;
    const c2 = c1 + dims;
    const c3 = c2 + dims;
    for (let i = 0; i < dims; i++) {
      const v = row[i] as number;
      const d0 = v - (centres[c0 + i] as number);
      const d1 = v - (centres[c1 + i] as number);
      const d2 = v - (centres[c2 + i] as number);
      const d3 = v - (centres[c3 + i] as number);
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    out[c] = s0;
    out[c + 1] = s1;
    out[c + 2] = s2;
    out[c + 3] = s3;
  }
  for (; c < count; c++) {
    let sum = 0;
    for (let i = 0; i < dims; i++) {
      const difference = (row[i] as number) - (centres[c * dims + i] as number);
      sum += difference * difference;
    }
    out[c] = sum;
  }
}

/** Lowest index of the smallest value; 0 for an empty array. */
export function indexOfMin(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[best] as number)) best = i;
  return best;
}
