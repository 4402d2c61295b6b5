import { type Matrix, silentContext } from '../../domain/index.ts';
import { CPU, kDistances, kneeOf } from '../../engine/index.ts';
import { clustered, inertia, neighbourDistance, recall, type Score, sampledTrust, value } from './scores.ts';
import { MIN_PTS, type WorkName } from './work.ts';

export type PeerName =
  | 'scikit-learn'
  | 'pynndescent'
  | 'umap-learn'
  | 'ml-kmeans'
  | 'skmeans'
  | 'tfjs'
  | 'embedding-atlas'
  | 'density-clustering'
  | 'hdbscan-ts'
  | 'hdbscanjs'
  | 'umap-js'
  | 'druid'
  | 'ml-hclust'
  /** The reference for another place or device. */
  | 'ours on the CPU';

export const PYTHON_PEERS: readonly PeerName[] = ['scikit-learn', 'pynndescent', 'umap-learn'];

/** How our score must stand to the peer's; where it does not, the time is refused. */
export type Check =
  /** Within this share of the peer's; and labels that agree at least so much (adjusted Rand index), where that is said. */
  | { readonly kind: 'close'; readonly tolerance: number; readonly ari?: number }
  /** Smaller is better: at most this share above the peer's. */
  | { readonly kind: 'low'; readonly slack: number }
  /** Larger is better: at most this much below the peer's. */
  | { readonly kind: 'high'; readonly slack: number }
  /** The peer's answer can't be compared; `why` is printed. */
  | { readonly kind: 'none'; readonly why: string };

export interface Peer {
  readonly by: PeerName;
  /** Peer's time / ours, at least; null where none is set. */
  readonly target: number | null;
  /** Where it is another than the case's. */
  readonly check?: Check;
  /** One round is enough: it takes ten seconds and more. */
  readonly once?: boolean;
  /** Seconds measured elsewhere (README.md here), where the package can't be had. */
  readonly quoted?: number;
}

/** One line of the benchmark. */
export interface Case {
  readonly group: 'kernels' | 'umap' | 'gpu';
  readonly work: WorkName;
  readonly name: string;
  readonly rows: number;
  /** 'pca64': the rows of 384 dimensions, reduced before the timing. */
  readonly cols: 384 | 64 | 'pca64';
  readonly k: number;
  readonly score: Score;
  /** What the score is, in the report. */
  readonly scored: string;
  readonly check: Check;
  readonly peers: readonly Peer[];
  /** Ours in no more than these seconds. */
  readonly seconds?: number;
  /** Score of ours at least this. */
  readonly least?: number;
  /** Rounds, whatever is asked for: one seed each. */
  readonly rounds?: number;
  readonly parameter?: (x: Matrix) => Promise<number>;
  /** Of one pass. Multiply-adds count 2; bytes read and written at the least. For the share of the adapter's peak. */
  readonly cost?: Cost;
}

export interface Cost {
  /** Kernels whose time the operations are put against. */
  readonly kernels: RegExp;
  /** In words. */
  readonly counted: string;
  readonly flops: number;
  readonly bytes: number;
}

const close = (tolerance: number): Check => ({ kind: 'close', tolerance });
const sameLabels = (tolerance: number, ari: number): Check => ({ kind: 'close', tolerance, ari });
const K = 20;

const kernel = (work: WorkName, name: string, rows: number, score: Score, scored: string, check: Check, peers: readonly Peer[]) =>
  ({ group: 'kernels', work, name, rows, cols: 384, k: K, score, scored, check, peers }) as const;

const lloyd20 = (rows: number, targets: readonly [number, number] | null): Case => ({
  ...kernel('lloyd20', 'k-means, 20 Lloyd iterations, k = 20', rows, inertia, 'inertia', close(1e-3), [
    { by: 'scikit-learn', target: targets?.[0] ?? null },
    { by: 'ml-kmeans', target: targets?.[1] ?? null, once: rows > 10_000 },
  ]),
  cost: assignCost(rows, 384, K),
});

const ann = (rows: number, cols: 384 | 'pca64'): Case => ({
  ...kernel(
    'ann',
    `approximate 15-NN${cols === 384 ? '' : ', after PCA to 64'}`,
    rows,
    recall,
    'recall',
    { kind: 'high', slack: 0 },
    [
      { by: 'pynndescent', target: cols === 384 ? 1 : null },
      { by: 'embedding-atlas', target: cols === 384 ? 2.5 : null, quoted: rows === 10_000 ? 1.12 : 9.8 },
    ],
  ),
  cols,
  ...(cols === 384 ? {} : { least: 0.95 }),
});

const umap = (rows: number, [learn, js, atlas]: readonly [number, number, number], quoted: number): Case => ({
  ...kernel(
    'umap',
    'UMAP to 2-D, 15 neighbours, neighbours included',
    rows,
    sampledTrust,
    'trustworthiness',
    { kind: 'high', slack: 0.01 },
    [
      { by: 'umap-learn', target: learn },
      { by: 'umap-js', target: js, once: true },
      { by: 'embedding-atlas', target: atlas, once: true, quoted },
    ],
  ),
  group: 'umap',
});

/** Every row of the table that the engine is held to, with its targets. */
export const CASES: readonly Case[] = [
  lloyd20(10_000, null),
  lloyd20(50_000, [1.1, 20]),
  {
    // Starts differ, and so do the minima they lead to: the mean over ten seeds is compared, and of one run little is asked.
    ...kernel(
      'converge',
      'k-means to convergence, k-means++, k = 20',
      50_000,
      inertia,
      'inertia',
      { kind: 'low', slack: 0.005 },
      [
        { by: 'scikit-learn', target: 1.5 },
        { by: 'ml-kmeans', target: 20, once: true, check: { kind: 'low', slack: 0.02 } },
        { by: 'skmeans', target: 25, once: true, check: { kind: 'low', slack: 0.02 } },
      ],
    ),
    rounds: 10,
  },
  {
    ...kernel('knn', 'exact 15-NN', 10_000, neighbourDistance, 'mean distance', close(1e-5), [
      { by: 'scikit-learn', target: 1.5 },
      { by: 'tfjs', target: 20, once: true },
    ]),
    cost: pairCost(10_000, 384, 2, /nearest|knn|tile/i),
  },
  ann(10_000, 384),
  ann(50_000, 384),
  ann(10_000, 'pca64'),
  ann(50_000, 'pca64'),
  {
    // A row within reach of two clusters may go to either, and a pair next to eps may differ in float32.
    ...kernel('dbscan', 'DBSCAN, eps at the knee, minPts = 15', 10_000, clustered, 'rows in clusters', sameLabels(1e-3, 0.995), [
      { by: 'scikit-learn', target: 1.5 },
      { by: 'density-clustering', target: 30, once: true },
    ]),
    parameter: kneeOfRows,
    cost: pairCost(10_000, 384, 1, /tile|dbscan/i),
  },
  kernel('hdbscan', 'HDBSCAN, clusters of 25, 5 samples', 2000, clustered, 'rows in clusters', sameLabels(1e-3, 0.995), [
    // It cuts the tree in a way of its own; ours is held to an oracle in its tests.
    { by: 'hdbscan-ts', target: 100, once: true, check: sameLabels(0.1, 0.9) },
    {
      ...{ by: 'hdbscanjs', target: 5 },
      check: { kind: 'none', why: 'it builds a tree by plain single linkage and picks no clusters' },
    },
  ]),
  {
    ...kernel(
      'hdbscan',
      'HDBSCAN, clusters of 25, 5 samples',
      10_000,
      clustered,
      'rows in clusters',
      sameLabels(1e-3, 0.995),
      [],
    ),
    seconds: 5,
  },
  {
    ...kernel('silhouette', 'silhouette', 10_000, value, 'mean silhouette', close(1e-3), [{ by: 'scikit-learn', target: 1.5 }]),
    cost: pairCost(10_000, 384, 2, /silhouette|tile/i),
  },
  {
    // The randomized solver finds some 2 % less variance: the rows' last components are all alike.
    ...kernel('pca', 'PCA to 64, rows projected', 50_000, value, 'share of variance', close(0.05), [
      { by: 'scikit-learn', target: 0.8 },
    ]),
    cost: {
      ...{ kernels: /pca|gram|scatter|covariance/i, counted: '2 n d^2 / 2 for the covariance' },
      ...{ flops: 50_000 * 384 * 384, bytes: 4 * 50_000 * 384 },
    },
  },
  kernel('ward', 'Ward', 2000, value, 'sum of heights', close(1e-4), [
    { by: 'scikit-learn', target: 1 },
    { by: 'druid', target: 4 },
    { by: 'ml-hclust', target: 50, once: true },
  ]),
  umap(10_000, [3, 6, 6], 22),
  umap(50_000, [2, 12, 5], 48),
];

/** What only a graphics device is asked for; scikit-learn on that machine's processor, with all its threads. */
export const GPU_CASES: readonly Case[] = [
  gpuCase('assign', 'k-means assign tiles, k = 50', 1_000_000, null),
  gpuCase('lloyd20', 'k-means, 20 Lloyd iterations, k = 50', 1_000_000, 20),
  {
    ...kernel('knn', 'exact 15-NN', 50_000, neighbourDistance, 'mean distance', close(1e-5), []),
    group: 'gpu',
    cost: pairCost(50_000, 384, 2, /nearest|knn|tile/i),
  },
];

function gpuCase(work: WorkName, name: string, rows: number, target: number | null): Case {
  const peers: Peer[] = target === null ? [] : [{ by: 'scikit-learn', target }];
  const cost = assignCost(rows, 64, 50);
  return { ...kernel(work, name, rows, inertia, 'inertia', close(1e-3), peers), group: 'gpu', cols: 64, k: 50, cost };
}

function assignCost(rows: number, cols: number, k: number): Cost {
  return {
    ...{ kernels: /assign/i, counted: '2 n d k a pass' },
    ...{ flops: 2 * rows * cols * k, bytes: 4 * rows * (cols + 2) },
  };
}

/** Squared distances of all pairs, each taken `times` times: kernels that give a row to one owner take it from both sides. */
function pairCost(rows: number, cols: number, times: 1 | 2, kernels: RegExp): Cost {
  const counted = `2 d a pair, each pair ${times === 1 ? 'once' : 'twice'}`;
  return { kernels, counted, flops: cols * rows * rows * times, bytes: 4 * rows * cols };
}

/** Where the 15th distances bend; what the page would propose. */
async function kneeOfRows(x: Matrix): Promise<number> {
  const knee = kneeOf(await kDistances(x, MIN_PTS, CPU, silentContext));
  if (!knee) throw new Error('The rows of the benchmark have no knee.');
  return knee.distance;
}

/** The case on the device: the large ones have their targets on WebGPU, the others on the CPU. */
export function onDevice(each: Case, device: 'cpu' | 'webgpu'): Case {
  return (each.group === 'gpu') === (device === 'webgpu') ? each : withoutTargets(each);
}

function withoutTargets({ seconds: _, ...each }: Case): Case {
  return { ...each, peers: each.peers.map((peer) => ({ ...peer, target: null })) };
}

/** The case in small, for a quick look, a software adapter, or a test: rows / factor, at least 200. It has no targets then. */
export function shrunk(full: Case, factor: number): Case {
  const each = withoutTargets(full);
  const rows = Math.max(200, Math.round(each.rows / factor));
  if (!each.cost) return { ...each, rows };
  const power = each.cost.counted.includes('pair') ? 2 : 1;
  return { ...each, rows, cost: { ...each.cost, ...scaled(each.cost, rows / each.rows, power) } };
}

const scaled = ({ flops, bytes }: Cost, share: number, power: number) => ({
  flops: flops * share ** power,
  bytes: bytes * share,
});
