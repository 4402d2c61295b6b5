import type { JobContext, Matrix } from '../../domain/index.ts';
import type { Stepper } from './stepper.ts';
import { updateCentroids } from './update.ts';

/** One run of Lloyd's algorithm from one start. */
export interface LloydResult {
  readonly labels: Int32Array;
  readonly centroids: Matrix;
  readonly inertia: number;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface LloydOptions {
  readonly maxIterations: number;
  /** Stops once the squared shift of all centroids together is at most this. */
  readonly shiftTolerance: number;
  readonly spherical: boolean;
}

/**
 * Lloyd's algorithm, stopping as scikit-learn does: when no label changes, or when the centroids move no further than the
 * tolerance; in the latter case, and when the iterations run out, the labels are made anew for the last centroids.
 */
export async function lloyd(
  x: Matrix,
  start: Matrix,
  stepper: Stepper,
  options: LloydOptions,
  ctx: JobContext,
  onIteration: (iteration: number) => void,
): Promise<LloydResult> {
  let centroids = start;
  let previous: Int32Array | null = null;
  let converged = false;
  let iterations = 0;
  stepper.restart();
  while (iterations < options.maxIterations && !converged) {
    const labels = await stepper.assign(centroids, ctx);
    const next = await updateCentroids(x, labels, centroids, options.spherical, stepper, ctx);
    converged = squaredShift(centroids, next) <= options.shiftTolerance;
    centroids = next;
    onIteration(++iterations);
    if (previous !== null && sameLabels(labels, previous)) return await finish(labels, centroids, iterations, true, stepper, ctx);
    previous = labels;
  }
  const labels = await stepper.assign(centroids, ctx);
  return await finish(labels, centroids, iterations, converged, stepper, ctx);
}

async function finish(
  labels: Int32Array,
  centroids: Matrix,
  iterations: number,
  converged: boolean,
  stepper: Stepper,
  ctx: JobContext,
): Promise<LloydResult> {
  const distances = await stepper.ownSquared(centroids, ctx);
  const inertia = distances.reduce((sum, distance) => sum + distance, 0);
  return { labels, centroids, inertia, iterations, converged };
}

function sameLabels(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Squared distance between all centroids of one set and those of the other. */
export function squaredShift(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += ((a.data[i] as number) - (b.data[i] as number)) ** 2;
  return sum;
}
