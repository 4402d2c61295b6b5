import { inputError, type JobContext, type Matrix } from '../../domain/index.ts';
import { requireFinite } from '../check.ts';
import { averageJoins } from './average.ts';
import { type Merges, mergesOf } from './merges.ts';
import { wardJoins } from './ward.ts';

export { type Cut, cutTree, type Joins, type Merges, mergesOf, sizeOf } from './merges.ts';

/** 'ward': the least growth of the sum of squares. 'average': the least mean distance of the pairs (UPGMA). */
export type Linkage = 'ward' | 'average';

/** What a hierarchy may take: 20 minutes of comparing at 384 dimensions, or 800 MB of distances. */
const MOST_ROWS = { ward: 100_000, average: 20_000 };

/**
 * Agglomerative clustering, Euclidean; merges and heights as scipy's `linkage` has them. Ward holds centroids only; average linkage
 * the distances of all pairs, in float32: 2 n^2 bytes.
 * @param weights row r counts as `weights[r]` equal rows; all 1 unless given. `Merges.size` counts rows all the same.
 * @throws AppError `input` if a value is not finite, there are more than 100,000 rows (average: 20,000), or for average linkage
 * rows are more than 1e19 apart.
 */
export async function agglomerate(x: Matrix, linkage: Linkage, ctx: JobContext, weights?: ArrayLike<number>): Promise<Merges> {
  await requireFinite(x, 'rows', ctx);
  requireFew(x.rows, MOST_ROWS[linkage]);
  if (linkage === 'average') return mergesOf(x.rows, await averageJoins(x, ctx, weights));
  const { from, to, height } = await wardJoins(x, ctx, weights);
  return mergesOf(x.rows, { from, to, height: Float64Array.from(height, (squared) => Math.sqrt(Math.max(0, squared))) });
}

function requireFew(rows: number, most: number): void {
  if (rows <= most) return;
  throw inputError(
    'too-many-rows',
    `A hierarchy of ${rows} rows was asked for; it compares all pairs, and takes up to ${most} rows.`,
    'Build it over segment centroids or over a sample.',
  );
}
