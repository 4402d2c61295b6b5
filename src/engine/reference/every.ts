import { type JobContext, type Matrix, takeRows } from '../../domain/index.ts';
import {
  agglomerate,
  approximateKnn,
  assignNearest,
  CPU,
  createUmap,
  dbscan,
  fuzzyGraph,
  hdbscan,
  kDistances,
  kmeans,
  knn,
  knnBetween,
  openCosineIndex,
  type PcaModel,
  pca,
  placeByNeighbours,
  projectPca,
  silhouette,
  silhouetteForMany,
  umapLayout,
} from '../index.ts';

/** An algorithm with the settings that its users have, for what holds for all of them: they can be stopped, and leak nothing. */
export interface Algorithm {
  readonly name: string;
  /** The most rows that it is meant for, where there is such a limit. */
  readonly mostRows?: number;
  run(x: Matrix, ctx: JobContext): Promise<unknown>;
}

const CLUSTERS = 20;
const kmeansOptions = { k: CLUSTERS, seed: 1, nInit: 1, maxIterations: 100, tolerance: 1e-4, spherical: false };

/** Every algorithm of the engine on the processor. */
export const everyAlgorithm: readonly Algorithm[] = [
  { name: 'k-means', run: (x, ctx) => kmeans(x, kmeansOptions, CPU, ctx) },
  {
    name: 'k-means by cosine, two starts',
    run: (x, ctx) => kmeans(x, { ...kmeansOptions, nInit: 2, spherical: true }, CPU, ctx),
  },
  { name: 'k-means by mini-batches', run: (x, ctx) => kmeans(x, { ...kmeansOptions, batchSize: 1024 }, CPU, ctx) },
  { name: 'assignNearest', run: (x, ctx) => assignNearest(x, firstRows(x, CLUSTERS), CPU, ctx) },
  { name: 'knn', run: (x, ctx) => knn(x, 15, CPU, ctx) },
  { name: 'knnBetween', run: (x, ctx) => knnBetween(firstRows(x, Math.ceil(x.rows / 10)), x, 15, CPU, ctx) },
  { name: 'approximateKnn', run: (x, ctx) => approximateKnn(x, 15, { seed: 1 }, CPU, ctx) },
  { name: 'silhouette', run: (x, ctx) => silhouette(x, labelsOf(x, CLUSTERS), CPU, ctx) },
  {
    name: 'silhouetteForMany',
    run: (x, ctx) =>
      silhouetteForMany(
        x,
        [3, 5, 8].map((k) => labelsOf(x, k)),
        CPU,
        ctx,
      ),
  },
  { name: 'dbscan', run: (x, ctx) => dbscan(x, { eps: 0.1, minPts: 15 }, CPU, ctx) },
  { name: 'kDistances', run: (x, ctx) => kDistances(x, 15, CPU, ctx) },
  { name: 'openCosineIndex', run: searchByFirst },
  { name: 'hdbscan', run: (x, ctx) => hdbscan(x, { minClusterSize: 25, minSamples: 5, selection: 'eom' }, CPU, ctx) },
  { name: 'pca', run: (x, ctx) => pca(x, 64, CPU, ctx) },
  { name: 'pca of fewer rows than columns', run: (x, ctx) => pca(firstRows(x, Math.max(1, x.cols - 1)), 64, CPU, ctx) },
  { name: 'projectPca', run: (x, ctx) => projectPca(axes(x, 64), x, CPU, ctx) },
  { name: 'umapLayout', run: (x, ctx) => umapLayout(x, { neighbours: 15, minDist: 0.1, epochs: 20, seed: 1 }, CPU, ctx) },
  { name: 'fuzzyGraph and createUmap', run: layoutOfRing },
  { name: 'placeByNeighbours', run: (x, ctx) => placeByNeighbours(firstRows(x, Math.ceil(x.rows / 10)), x, x, 15, CPU, ctx) },
  { name: 'Ward', run: (x, ctx) => agglomerate(x, 'ward', ctx) },
  { name: 'average linkage', run: (x, ctx) => agglomerate(x, 'average', ctx), mostRows: 20_000 },
];

/** The first `count` rows, as a view. */
export const firstRows = (x: Matrix, count: number): Matrix => {
  const rows = Math.min(x.rows, count);
  return { rows, cols: x.cols, data: x.data.subarray(0, rows * x.cols) };
};

const labelsOf = (x: Matrix, clusters: number): Int32Array => Int32Array.from({ length: x.rows }, (_, r) => r % clusters);

/** A model of the first columns: projecting costs the same along any axes. */
function axes(x: Matrix, count: number): PcaModel {
  const rows = Math.min(count, x.cols);
  const components = takeRows({ rows: 1, cols: x.cols, data: new Float32Array(x.cols) }, new Uint8Array(rows));
  for (let c = 0; c < rows; c++) components.data[c * x.cols + c] = 1;
  return {
    components,
    mean: new Float64Array(x.cols),
    explainedVariance: new Float64Array(rows).fill(1),
    explainedVarianceRatio: new Float64Array(rows),
  };
}

/** The rows nearest to the first by cosine. */
async function searchByFirst(x: Matrix, ctx: JobContext): Promise<unknown> {
  const index = await openCosineIndex(x, ctx);
  try {
    return index.nearest(x.data.slice(0, x.cols), 15);
  } finally {
    index.close();
  }
}

/** A layout from lists that are given: row i's neighbours are the 14 after it. */
async function layoutOfRing(x: Matrix, ctx: JobContext): Promise<unknown> {
  const k = Math.min(15, x.rows);
  const ids = Uint32Array.from({ length: x.rows * k }, (_, at) => (Math.floor(at / k) + (at % k)) % x.rows);
  const graph = await fuzzyGraph({ k, ids, distances: Float32Array.from(ids, (_, at) => at % k) }, ctx);
  const start = Float32Array.from({ length: x.rows * 2 }, (_, i) => Math.sin(i));
  const umap = createUmap(graph, start, { minDist: 0.1, epochs: 20, seed: 1 }, CPU);
  try {
    await umap.run(ctx);
    return umap.positions.slice();
  } finally {
    umap.destroy();
  }
}
