import { createMatrix, createRandom, deriveSeed, type JobContext, type Matrix, takeRows } from '../../domain/index.ts';
import type { Compute } from '../compute.ts';
import { pca, projectPca } from '../pca/index.ts';

/** Half the width of the square that a layout starts in, as umap-js and umap-learn have it. */
const START_EXTENT = 10;
/** Random shift of the start, in the same units: rows that project to one point must be able to part. */
const START_NOISE = 1e-3;
/** The components come from at most this many rows, evenly spaced: it is only the start, and all rows would take seconds. */
const PCA_ROWS = 4096;

/**
 * The rows (n x d) along their first two principal components, scaled so that the largest coordinate is START_EXTENT;
 * the origin for one row.
 */
export async function principalLayout(x: Matrix, compute: Compute, ctx: JobContext): Promise<Matrix> {
  const out = createMatrix(x.rows, 2);
  if (x.rows === 0 || x.cols === 0) return out;
  const projected = await projectPca(await pca(evenlySpaced(x, PCA_ROWS), 2, compute, ctx), x, compute, ctx);
  const largest = projected.data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const scale = largest > 0 ? START_EXTENT / largest : 0;
  for (let r = 0; r < x.rows; r++) {
    for (let c = 0; c < projected.cols; c++) out.data[r * 2 + c] = scale * (projected.data[r * projected.cols + c] as number);
  }
  return out;
}

function evenlySpaced(x: Matrix, count: number): Matrix {
  if (x.rows <= count) return x;
  return takeRows(
    x,
    Uint32Array.from({ length: count }, (_, i) => Math.floor((i * x.rows) / count)),
  );
}

/** A copy of the positions, each coordinate moved by a seeded hair. */
export function shaken(start: Matrix, seed: number): Float32Array {
  const random = createRandom(deriveSeed(seed, 'umap start'));
  return start.data.map((value) => value + (2 * random.next() - 1) * START_NOISE);
}
