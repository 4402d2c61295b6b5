import { UMAP } from 'umap-js';
import { createMatrix, createRandom, deriveSeed, type JobContext, type Matrix, rowOf, untold } from '../../domain/index.ts';
import { requireFinite } from '../check.ts';
import { knn, knnBetween, type Neighbours } from '../knn/index.ts';
import { pca, projectPca } from '../pca/index.ts';
import { distinctRows } from './distinct.ts';

export interface UmapOptions {
  /** Neighbours of a row, itself included. */
  readonly neighbours: number;
  /** Smallest distance of neighbours in the layout, in layout units. */
  readonly minDist: number;
  readonly epochs: number;
  readonly seed: number;
}

/** Half the width of the square that a layout starts in, as umap-js and umap-learn have it. */
const START_EXTENT = 10;
/** Random shift of the start, in the same units: rows that project to one point must be able to part. */
const START_NOISE = 1e-3;

/**
 * Layout of the rows of `x` (n x d) in the plane (n x 2) by UMAP (McInnes, Healy & Melville 2018), with umap-js on exact
 * Euclidean neighbours. It starts from the first two principal components and not at random: the large-scale arrangement
 * then comes from the data (Kobak & Linderman 2021). Equal rows are laid out once and share their position. With no more
 * distinct rows than `neighbours` + 1 there is no neighbourhood to speak of, and the principal components are the layout.
 */
export async function umapLayout(x: Matrix, options: UmapOptions, ctx: JobContext): Promise<Matrix> {
  requireFinite(x, 'profiles');
  ctx.progress(0, options.epochs);
  const { rows, of } = distinctRows(x);
  const start = await principalLayout(rows, untold(ctx));
  const layout = rows.rows <= options.neighbours + 1 ? start : await optimise(rows, start, options, ctx);
  ctx.progress(options.epochs, options.epochs);
  const out = createMatrix(x.rows, 2);
  for (const [i, distinct] of of.entries()) out.data.set(rowOf(layout, distinct), i * 2);
  return out;
}

/** The first two principal components, scaled so that the largest coordinate is START_EXTENT; the origin for one row. */
async function principalLayout(x: Matrix, ctx: JobContext): Promise<Matrix> {
  const out = createMatrix(x.rows, 2);
  if (x.rows === 0 || x.cols === 0) return out;
  const projected = await projectPca(await pca(x, 2, ctx), x, ctx);
  const largest = projected.data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const scale = largest > 0 ? START_EXTENT / largest : 0;
  for (let r = 0; r < x.rows; r++) {
    for (let c = 0; c < projected.cols; c++) out.data[r * 2 + c] = scale * (projected.data[r * projected.cols + c] as number);
  }
  return out;
}

/**
 * umap-js builds its graph in one piece, 1.5 s for 5,000 rows, in which nothing else runs on this thread; the epochs after
 * it take some 20 ms each.
 */
async function optimise(x: Matrix, start: Matrix, options: UmapOptions, ctx: JobContext): Promise<Matrix> {
  const { neighbours, minDist, epochs, seed } = options;
  const random = createRandom(deriveSeed(seed, 'umap'));
  const umap = new UMAP({ nNeighbors: neighbours, minDist, nEpochs: epochs, random: random.next });
  const { ids, distances } = asLists(await knn(x, neighbours, untold(ctx)));
  umap.setPrecomputedKNN(ids, distances);
  // With the neighbours given umap-js asks its rows for nothing but their number.
  umap.initializeFit(ids.map(() => []));
  const positions = umap.getEmbedding();
  for (const position of positions.keys()) {
    for (const axis of [0, 1]) {
      const noise = (2 * random.next() - 1) * START_NOISE;
      (positions[position] as number[])[axis] = (start.data[position * 2 + axis] as number) + noise;
    }
  }
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    ctx.progress(epoch + 1, epochs);
    await ctx.checkpoint();
  }
  return { rows: x.rows, cols: 2, data: Float32Array.from(positions.flat()) };
}

function asLists({ k, ids, distances }: Neighbours): { ids: number[][]; distances: number[][] } {
  const rows = Array.from({ length: ids.length / k }, (_, r) => r);
  return {
    ids: rows.map((r) => Array.from(ids.subarray(r * k, (r + 1) * k))),
    distances: rows.map((r) => Array.from(distances.subarray(r * k, (r + 1) * k))),
  };
}

/**
 * Positions (m x 2) for `queries` (m x d) in a layout (n x 2) that was fitted on `reference` (n x d): the mean position of
 * the k nearest reference rows, weighted by 1 / distance. A query that equals a reference row takes its position.
 */
export async function placeByNeighbours(
  queries: Matrix,
  reference: Matrix,
  layout: Matrix,
  k: number,
  ctx: JobContext,
): Promise<Matrix> {
  const near = await knnBetween(queries, reference, k, ctx);
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
