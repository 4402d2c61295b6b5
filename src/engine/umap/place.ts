import { createMatrix, type JobContext, type Matrix } from '../../domain/index.ts';
import type { Compute } from '../compute.ts';
import { knnBetween, type Neighbours } from '../knn/index.ts';

/**
 * Positions (m x 2) for `queries` (m x d) in a layout (n x 2) that was fitted on `reference` (n x d): the mean position of
 * the k nearest reference rows, weighted by 1 / distance. A query that equals a reference row takes its position.
 */
export async function placeByNeighbours(
  queries: Matrix,
  reference: Matrix,
  layout: Matrix,
  k: number,
  compute: Compute,
  ctx: JobContext,
): Promise<Matrix> {
  const near = await knnBetween(queries, reference, k, compute, ctx);
  const out = createMatrix(queries.rows, 2);
  for (let q = 0; q < queries.rows; q++) out.data.set(weightedPosition(near, q, layout), q * 2);
  return out;
}

function weightedPosition({ k, ids, distances }: Neighbours, query: number, layout: Matrix): [number, number] {
  let [x, y, total] = [0, 0, 0];
  for (let j = query * k; j < (query + 1) * k; j++) {
    const at = (ids[j] as number) * 2;
    const [px, py, distance] = [layout.data[at] as number, layout.data[at + 1] as number, distances[j] as number];
    if (distance === 0) return [px, py];
    x += px / distance;
    y += py / distance;
    total += 1 / distance;
  }
  return total === 0 ? [0, 0] : [x / total, y / total];
}
