import { inputError, type JobContext, type Matrix, portion } from '../../domain/index.ts';
import { requireFinite } from '../check.ts';
import { mergeByChain, type Update } from './chain.ts';
import { squaredDistances, takeRoots } from './distances.ts';
import type { Merges } from './merges.ts';

export { type Cut, cutTree, type Joins, type Merges, mergesOf, sizeOf } from './merges.ts';

/** 'ward': the least growth of the sum of squares. 'average': the least mean distance of the pairs (UPGMA). */
export type Linkage = 'ward' | 'average';

/** 2 n^2 bytes of distances: 800 MB here. */
const MOST_ROWS = 20_000;

const WARD: Update = (toA, toB, between, a, b, c) => ((a + c) * toA + (b + c) * toB - c * between) / (a + b + c);
const AVERAGE: Update = (toA, toB, _, a, b) => (a * toA + b * toB) / (a + b);

/**
 * Agglomerative clustering of centroids or of a sample, Euclidean; merges and heights as scipy's `linkage` has them. Distances of
 * all pairs are held, in float32: 2 n^2 bytes.
 * @throws AppError `input` if a value is not finite, rows are more than 1e19 apart, or there are more than 20,000.
 */
export async function agglomerate(x: Matrix, linkage: Linkage, ctx: JobContext): Promise<Merges> {
  await requireFinite(x, 'rows', ctx);
  requireFew(x.rows);
  const distances = await squaredDistances(x, portion(ctx, 0, 0.5));
  if (linkage === 'average') await takeRoots(distances, ctx);
  const merges = await mergeByChain(distances, linkage === 'ward' ? WARD : AVERAGE, portion(ctx, 0.5, 1));
  return linkage === 'average' ? merges : { ...merges, height: merges.height.map((h) => Math.sqrt(Math.max(0, h))) };
}

function requireFew(rows: number): void {
  if (rows <= MOST_ROWS) return;
  throw inputError(
    'too-many-rows',
    `A hierarchy of ${rows} rows was asked for; it compares all pairs, and holds up to ${MOST_ROWS} rows.`,
    'Build it over segment centroids or over a sample.',
  );
}
