import type { JobContext, Matrix } from '../../domain/index.ts';
import { CPU } from '../compute.ts';
import { knn } from '../knn/index.ts';
import { contingencyOf } from './contingency.ts';

export { assignBest } from './assignment.ts';
export { type ClassScore, type ClassScores, classScores, purity } from './classes.ts';
export { adjustedMutualInformation, type ClassAgreement, classAgreement } from './information.ts';
export { logFactorial } from './log-factorial.ts';
export { type PartitionQuality, partitionQuality } from './quality.ts';

/**
 * Adjusted Rand index of two labellings (Hubert & Arabie 1985): 1 for the same partition, about 0 by chance. 1 where both
 * put all rows into one cluster, or each into its own, as in scikit-learn.
 */
export function adjustedRandIndex(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { sizesA, sizesB, cells } = contingencyOf(a, b);
  const together = pairs(cells.map((cell) => cell.count));
  const [inA, inB] = [pairs(sizesA), pairs(sizesB)];
  const all = (a.length * (a.length - 1)) / 2;
  const expected = all === 0 ? 0 : (inA * inB) / all;
  const largest = (inA + inB) / 2;
  return largest === expected ? 1 : (together - expected) / (largest - expected);
}

function pairs(sizes: Iterable<number>): number {
  let sum = 0;
  for (const size of sizes) sum += (size * (size - 1)) / 2;
  return sum;
}

/**
 * Trustworthiness of a layout (Venna & Kaski 2001): 1 minus a penalty for every row that is among the k nearest in the
 * layout but not in `x`, by how far down it stands there. 0..1. Needs k < n / 2. Sorts all n x n distances: for tests and
 * samples of some thousand rows.
 */
export async function trustworthiness(x: Matrix, layout: Matrix, k: number, ctx: JobContext): Promise<number> {
  const n = x.rows;
  if (n === 0 || k <= 0) return 1;
  const original = await knn(x, n, CPU, ctx);
  const shown = await knn(layout, k + 1, CPU, ctx);
  const rank = new Uint32Array(n);
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    // Every list starts with the row itself, at rank 0.
    for (let r = 0; r < n; r++) rank[original.ids[i * n + r] as number] = r;
    for (let j = 1; j < shown.k; j++) penalty += Math.max(0, (rank[shown.ids[i * shown.k + j] as number] as number) - k);
  }
  return 1 - (2 / (n * k * (2 * n - 3 * k - 1))) * penalty;
}
