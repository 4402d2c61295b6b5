import type { JobContext, Matrix } from '../../domain/index.ts';
import type { Compute } from '../compute.ts';
import { kthDistances } from '../knn/index.ts';

/**
 * Distance of every row to its k-th nearest, itself counted as the first (as minPts counts it), ascending: with eps at the
 * value of place i (from 0) and minPts = k, i + 1 rows are core. Where there are fewer than k rows, to the farthest.
 */
export async function kDistances(x: Matrix, k: number, compute: Compute, ctx: JobContext): Promise<Float32Array> {
  return (await kthDistances(x, Math.max(1, k), compute, ctx)).sort();
}

/** Where an ascending curve bends. */
export interface Knee {
  /** Place in the curve. */
  readonly index: number;
  /** Its value there: a proposal for eps. */
  readonly distance: number;
}

/**
 * The point farthest below the chord from the first point of an ascending curve to its last (Kneedle without smoothing,
 * Satopaa 2011), the lowest of equals: most rows are below it, and from there on distances grow fast. A curve nowhere below
 * its chord has no such bend: then its last point, so that no row is called noise without a reason. Null without points.
 */
export function kneeOf(curve: Float32Array): Knee | null {
  const last = curve.length - 1;
  if (last < 0) return null;
  const first = curve[0] as number;
  const rise = (curve[last] as number) - first;
  let [index, deepest] = [last, 0];
  for (let i = 0; i <= last; i++) {
    // Depth below the chord in units of the curve, the same order as the distance to it.
    const depth = first + (rise * i) / Math.max(1, last) - (curve[i] as number);
    // Less than a rounding of float32 is no bend.
    if (depth > deepest && depth > rise * 1e-6) [index, deepest] = [i, depth];
  }
  return { index, distance: curve[index] as number };
}
