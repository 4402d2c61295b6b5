import { type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import { agglomerate, CPU, dbscan, hdbscan, kmeans, knn, pca, projectPca, silhouette } from '../../engine/index.ts';
import type { Answer } from './measure.ts';

/** One line of the benchmark. */
export interface Case {
  readonly name: string;
  /** What peers.py calls it; null where scikit-learn 1.2.1 has no such thing. */
  readonly peer: string | null;
  readonly rows: number;
  readonly run: (x: Matrix) => Promise<Answer>;
  /** How far the peer's answer may be from ours, relative. */
  readonly tolerance: number;
}

const SEED = 1;
const K = 20;

/** The knee of the 15th distances of 10,000 rows (kneeOf); peers.py has the same. */
const EPS = 0.986813;
const MIN_PTS = 15;

/**
 * Answers are inertia, sum of neighbour distances, mean silhouette, cores + rows in clusters + clusters, share of variance,
 * rows in clusters, sum of heights.
 */
export const KERNEL_CASES: readonly Case[] = [
  { name: 'k-means, 20 Lloyd iterations, k = 20', peer: 'lloyd20', rows: 10_000, run: lloyd20, tolerance: 1e-4 },
  { name: 'k-means, 20 Lloyd iterations, k = 20', peer: 'lloyd20', rows: 50_000, run: lloyd20, tolerance: 1e-4 },
  // Starts differ, and so do the minima they lead to.
  { name: 'k-means to convergence, k-means++', peer: 'converge', rows: 50_000, run: converge, tolerance: 0.03 },
  { name: 'exact 15-NN', peer: 'knn', rows: 10_000, run: fifteenNearest, tolerance: 1e-5 },
  { name: 'silhouette', peer: 'silhouette', rows: 10_000, run: blockSilhouette, tolerance: 1e-3 },
  // scikit-learn rounds to float32: a pair next to eps may differ.
  { name: 'DBSCAN, eps at the knee, minPts = 15', peer: 'dbscan', rows: 10_000, run: denseRows, tolerance: 1e-3 },
  // scikit-learn's randomized solver finds a little less variance in the last components.
  { name: 'PCA to 64, rows projected', peer: 'pca', rows: 50_000, run: project64, tolerance: 2e-2 },
  { name: 'HDBSCAN, clusters of 25, 5 samples', peer: null, rows: 2000, run: density, tolerance: 0 },
  { name: 'HDBSCAN, clusters of 25, 5 samples', peer: null, rows: 10_000, run: density, tolerance: 0 },
  { name: 'Ward', peer: 'ward', rows: 2000, run: ward, tolerance: 1e-4 },
];

async function lloyd20(x: Matrix): Promise<Answer> {
  const start = takeRows(x, [...Array(K).keys()]);
  const options = { k: K, seed: SEED, nInit: 1, maxIterations: 20, tolerance: 0, spherical: false, start };
  return (await kmeans(x, options, CPU, silentContext)).inertia;
}

async function converge(x: Matrix): Promise<Answer> {
  const options = { k: K, seed: SEED, nInit: 1, maxIterations: 300, tolerance: 1e-4, spherical: false };
  return (await kmeans(x, options, CPU, silentContext)).inertia;
}

async function fifteenNearest(x: Matrix): Promise<Answer> {
  return (await knn(x, 15, CPU, silentContext)).distances.reduce((sum, distance) => sum + distance, 0);
}

/** Labels by the nearest of the first rows: some structure, the same for both. */
async function blockSilhouette(x: Matrix): Promise<Answer> {
  const labels = Int32Array.from({ length: x.rows }, (_, r) => strongestOf(x, r));
  return (await silhouette(x, labels, CPU, silentContext)).mean;
}

async function denseRows(x: Matrix): Promise<Answer> {
  const { labels, core, clusters } = await dbscan(x, { eps: EPS, minPts: MIN_PTS }, CPU, silentContext);
  return clusters + labels.reduce((sum, label, r) => sum + (label >= 0 ? 1 : 0) + (core[r] as number), 0);
}

async function project64(x: Matrix): Promise<Answer> {
  const model = await pca(x, 64, CPU, silentContext);
  const { rows } = await projectPca(model, x, CPU, silentContext);
  return rows === x.rows ? model.explainedVarianceRatio.reduce((sum, share) => sum + share, 0) : Number.NaN;
}

async function density(x: Matrix): Promise<Answer> {
  const options = { minClusterSize: 25, minSamples: 5, selection: 'eom' } as const;
  return (await hdbscan(x, options, CPU, silentContext)).labels.filter((label) => label >= 0).length;
}

async function ward(x: Matrix): Promise<Answer> {
  return (await agglomerate(x, 'ward', silentContext)).height.reduce((sum, height) => sum + height, 0);
}

/** Index of the row's largest value among its first 20 dimensions. */
function strongestOf(x: Matrix, r: number): number {
  let best = 0;
  for (let i = 1; i < K; i++) if ((x.data[r * x.cols + i] as number) > (x.data[r * x.cols + best] as number)) best = i;
  return best;
}
