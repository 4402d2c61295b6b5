import { DEFAULT_SETTINGS, type Matrix, silentContext, takeRows } from '../../domain/index.ts';
import {
  agglomerate,
  approximateKnn,
  assignNearest,
  type Compute,
  cutTree,
  dbscan,
  hdbscan,
  kmeans,
  knn,
  pca,
  projectPca,
  silhouette,
  umapLayout,
} from '../../engine/index.ts';
import { NEIGHBOURS } from './scores.ts';
import type { Output } from './types.ts';

/** What a run is given beside the rows. */
export interface Task {
  readonly seed: number;
  /** Clusters, where the work has them. */
  readonly k: number;
  /** Found before the timing: eps of DBSCAN. */
  readonly parameter: number;
}

export const MIN_PTS = 15;
export const MIN_CLUSTER = 25;
export const SAMPLES = 5;
export const PCA_DIMS = 64;
/** umap-learn's own rule, for the peers. */
export const epochsFor = (rows: number): number => (rows <= 10_000 ? 500 : 200);

/** What the app has, whatever the size: the trustworthiness of both is held against each other. */
export const OUR_EPOCHS = DEFAULT_SETTINGS.layout.epochs;

/** Our side of the cases, in Node and in the browser alike: nothing here knows where it runs. */
export const WORK = {
  lloyd20,
  assign,
  converge,
  knn: exactKnn,
  ann,
  dbscan: denseRows,
  hdbscan: density,
  silhouette: blocks,
  pca: project,
  ward,
  umap,
};

export type WorkName = keyof typeof WORK;
export type Work = (x: Matrix, task: Task, compute: Compute) => Promise<Output>;

/** From the first k rows. */
async function lloyd20(x: Matrix, { seed, k }: Task, compute: Compute): Promise<Output> {
  const options = { k, seed, nInit: 1, maxIterations: 20, tolerance: 0, spherical: false, start: firstRows(x, k) };
  return assigned(await kmeans(x, options, compute, silentContext), compute);
}

/** One assignment to the first k rows. */
async function assign(x: Matrix, { k }: Task, compute: Compute): Promise<Output> {
  return assigned(await assignNearest(x, firstRows(x, k), compute, silentContext), compute);
}

interface Assigned {
  readonly labels: Int32Array;
  readonly iterations?: number;
  readonly fellBack?: string | null;
}

/** k-means says by its result, too, that it gave the device up. It assigns once an iteration and once more at the end. */
function assigned({ labels, iterations = 0, fellBack }: Assigned, compute: Compute): Output {
  if (fellBack && compute.device === 'webgpu') compute.onFallback?.(fellBack);
  return { labels, passes: iterations + 1 };
}

const firstRows = (x: Matrix, k: number): Matrix => takeRows(x, [...Array(k).keys()]);

async function converge(x: Matrix, { seed, k }: Task, compute: Compute): Promise<Output> {
  const options = { k, seed, nInit: 1, maxIterations: 300, tolerance: 1e-4, spherical: false };
  return assigned(await kmeans(x, options, compute, silentContext), compute);
}

async function exactKnn(x: Matrix, _: Task, compute: Compute): Promise<Output> {
  return { ids: signed((await knn(x, NEIGHBOURS, compute, silentContext)).ids) };
}

async function ann(x: Matrix, { seed }: Task, compute: Compute): Promise<Output> {
  return { ids: signed((await approximateKnn(x, NEIGHBOURS, { seed }, compute, silentContext)).ids) };
}

async function denseRows(x: Matrix, { parameter }: Task, compute: Compute): Promise<Output> {
  return { labels: (await dbscan(x, { eps: parameter, minPts: MIN_PTS }, compute, silentContext)).labels };
}

async function density(x: Matrix, _: Task, compute: Compute): Promise<Output> {
  const options = { minClusterSize: MIN_CLUSTER, minSamples: SAMPLES, selection: 'eom' } as const;
  return { labels: (await hdbscan(x, options, compute, silentContext)).labels };
}

async function blocks(x: Matrix, { k }: Task, compute: Compute): Promise<Output> {
  return { value: (await silhouette(x, strongest(x, k), compute, silentContext)).mean };
}

async function project(x: Matrix, _: Task, compute: Compute): Promise<Output> {
  const model = await pca(x, Math.min(PCA_DIMS, x.cols), compute, silentContext);
  const { rows } = await projectPca(model, x, compute, silentContext);
  return { value: rows === x.rows ? model.explainedVarianceRatio.reduce((sum, share) => sum + share, 0) : Number.NaN };
}

async function ward(x: Matrix, { k }: Task): Promise<Output> {
  const merges = await agglomerate(x, 'ward', silentContext);
  return { labels: cutTree(merges, x.rows, { clusters: k }), value: merges.height.reduce((sum, height) => sum + height, 0) };
}

async function umap(x: Matrix, { seed }: Task, compute: Compute): Promise<Output> {
  const options = { neighbours: NEIGHBOURS, minDist: 0.1, epochs: OUR_EPOCHS, seed };
  return { layout: (await umapLayout(x, options, compute, silentContext)).data };
}

/** Labels for the silhouette: each row's largest value among its first k. Some structure, and the same for everyone. */
export function strongest(x: Matrix, k: number): Int32Array {
  return Int32Array.from({ length: x.rows }, (_, r) => {
    let best = 0;
    for (let i = 1; i < k; i++) if ((x.data[r * x.cols + i] as number) > (x.data[r * x.cols + best] as number)) best = i;
    return best;
  });
}

const signed = (ids: Uint32Array): Int32Array => new Int32Array(ids.buffer, ids.byteOffset, ids.length);
