import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createRandom, type Matrix, rowOf } from '../../domain/index.ts';
import { atlasNeighbours, atlasUmap } from './atlas.ts';
import type { PeerName } from './cases.ts';
import { NEIGHBOURS } from './scores.ts';
import { timeOnce } from './timing.ts';
import type { Output, Runner } from './types.ts';
import { epochsFor, MIN_CLUSTER, MIN_PTS, SAMPLES, type Task, type WorkName } from './work.ts';

type Run = (seed: number) => Output | Promise<Output>;
/** Loads the package and brings the rows into the shape it wants; neither is timed. */
type Prepare = (x: Matrix, task: Task) => Promise<Run>;

const require = createRequire(import.meta.url);

const PREPARE: Readonly<Partial<Record<PeerName, Partial<Record<WorkName, Prepare>>>>> = {
  'ml-kmeans': { lloyd20: mlLloyd, converge: mlConverge },
  skmeans: { converge: skmeansConverge },
  tfjs: { knn: tfjsKnn },
  'embedding-atlas': { ann: atlasNeighbours, umap: atlasUmap },
  'density-clustering': { dbscan: densityClustering },
  'hdbscan-ts': { hdbscan: hdbscanTs },
  hdbscanjs: { hdbscan: hdbscanJs },
  'umap-js': { umap: umapJs },
  druid: { ward: druidWard },
  'ml-hclust': { ward: mlWard },
};

const PACKAGES: Readonly<Partial<Record<string, string>>> = {
  tfjs: '@tensorflow/tfjs-backend-wasm',
  druid: '@saehrimnir/druidjs',
};

/** "ml-kmeans 7.0.1", from the installed package. */
export function packageVersion(by: PeerName | 'papaparse' | 'udsv' | '@huggingface/transformers' | 'onnxruntime-web'): string {
  const file = join('node_modules', PACKAGES[by] ?? by, 'package.json');
  return existsSync(file) ? `${by} ${JSON.parse(readFileSync(file, 'utf8')).version}` : `${by} (not installed)`;
}

/** A JavaScript package in this process. Throws where it can't be loaded. */
export async function openPackage(by: PeerName, once: boolean, work: WorkName, x: Matrix, task: Task): Promise<Runner> {
  const prepare = PREPARE[by]?.[work];
  if (!prepare) throw new Error(`The benchmark has no ${work} by ${by}.`);
  const warm: Matrix = { rows: Math.min(300, x.rows), cols: x.cols, data: x.data.subarray(0, Math.min(300, x.rows) * x.cols) };
  await (await prepare(warm, task))(task.seed);
  const run = await prepare(x, task);
  return { by, once, run: (seed) => timeOnce(() => run(seed)), close: async () => {} };
}

async function mlLloyd(x: Matrix, { k }: Task): Promise<Run> {
  const { kmeans } = await import('ml-kmeans');
  const rows = arrays(x);
  return () => ({
    labels: Int32Array.from(kmeans(rows, k, { initialization: rows.slice(0, k), maxIterations: 20, tolerance: 0 }).clusters),
  });
}

async function mlConverge(x: Matrix, { k }: Task): Promise<Run> {
  const { kmeans } = await import('ml-kmeans');
  const rows = arrays(x);
  return (seed) => ({ labels: Int32Array.from(kmeans(rows, k, { seed, maxIterations: 300, tolerance: 1e-4 }).clusters) });
}

/** Takes no seed. */
async function skmeansConverge(x: Matrix, { k }: Task): Promise<Run> {
  const { default: skmeans } = await import('skmeans');
  const rows = arrays(x);
  return () => ({ labels: Int32Array.from(skmeans(rows, k, 'kmpp', 300).idxs) });
}

/** Of unit rows the nearest have the largest products: blocks of products, and the largest of each. */
async function tfjsKnn(x: Matrix): Promise<Run> {
  const tf = await import('@tensorflow/tfjs-core');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const { setWasmPaths, setThreadsCount } = 'default' in wasm ? (wasm.default as typeof wasm) : wasm;
  setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'));
  setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  return async () => {
    const ids = new Int32Array(x.rows * NEIGHBOURS);
    const all = tf.tensor2d(x.data, [x.rows, x.cols]);
    for (let from = 0; from < x.rows; from += 512) {
      const count = Math.min(512, x.rows - from);
      const found = tf.tidy(
        () => tf.topk(tf.matMul(tf.slice(all, [from, 0], [count, x.cols]), all, false, true), NEIGHBOURS).indices,
      );
      ids.set(await found.data(), from * NEIGHBOURS);
      found.dispose();
    }
    all.dispose();
    return { ids };
  };
}

async function densityClustering(x: Matrix, { parameter }: Task): Promise<Run> {
  const { default: packages } = await import('density-clustering');
  const rows = arrays(x);
  return () => {
    const labels = new Int32Array(x.rows).fill(-1);
    for (const [label, members] of new packages.DBSCAN().run(rows, parameter, MIN_PTS).entries()) {
      for (const row of members) labels[row] = label;
    }
    return { labels };
  };
}

async function hdbscanTs(x: Matrix): Promise<Run> {
  const { HDBSCAN } = await import('hdbscan-ts');
  const rows = arrays(x);
  return () => ({ labels: Int32Array.from(new HDBSCAN({ minClusterSize: MIN_CLUSTER, minSamples: SAMPLES }).fit(rows)) });
}

async function hdbscanJs(x: Matrix): Promise<Run> {
  const { default: wrapped } = await import('hdbscanjs');
  const rows = arrays(x).map((data, opt) => ({ data, opt }));
  return () => ({ value: new wrapped.default(rows, wrapped.default.distFunc.euclidean).getTree().dist });
}

async function umapJs(x: Matrix): Promise<Run> {
  const { UMAP } = await import('umap-js');
  const rows = arrays(x);
  return (seed) => {
    const random = createRandom(seed);
    const umap = new UMAP({ nNeighbors: NEIGHBOURS, minDist: 0.1, nEpochs: epochsFor(x.rows), random: () => random.next() });
    return { layout: Float32Array.from(umap.fit(rows).flat()) };
  };
}

interface Branch {
  readonly dist: number;
  readonly left: Branch | null;
  readonly right: Branch | null;
  readonly isLeaf: boolean;
}

async function druidWard(x: Matrix): Promise<Run> {
  const { HierarchicalClustering, euclidean } = await import('@saehrimnir/druidjs');
  const rows = arrays(x);
  return () => {
    const { root } = new HierarchicalClustering(rows, { linkage: 'ward', metric: euclidean });
    return { value: sumOfHeights(root as Branch) };
  };
}

function sumOfHeights(root: Branch): number {
  let sum = 0;
  const open = [root];
  for (let branch = open.pop(); branch; branch = open.pop()) {
    if (branch.isLeaf) continue;
    sum += branch.dist;
    for (const side of [branch.left, branch.right]) if (side) open.push(side);
  }
  return sum;
}

/** 'ward2' takes distances, as everyone else; 'ward' takes their squares. */
async function mlWard(x: Matrix): Promise<Run> {
  const { agnes } = await import('ml-hclust');
  const rows = arrays(x);
  return () => {
    let sum = 0;
    agnes(rows, { method: 'ward2' }).traverse((cluster) => {
      sum += cluster.height;
    });
    return { value: sum };
  };
}

const arrays = (x: Matrix): number[][] => Array.from({ length: x.rows }, (_, r) => Array.from(rowOf(x, r)));
