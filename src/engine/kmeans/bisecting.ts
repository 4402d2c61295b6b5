import { deriveSeed, inputError, type JobContext, type Matrix, rowOf, takeRows, untold } from '../../domain/index.ts';
import type { Compute } from '../compute.ts';
import { type KMeansOptions, kmeans } from './index.ts';
import { distancesToOwn } from './update.ts';

export interface BisectingOptions extends Pick<KMeansOptions, 'seed' | 'nInit' | 'maxIterations' | 'tolerance' | 'spherical'> {
  /** Leaves of the tree; fewer where no node is left to divide. */
  readonly clusters: number;
}

/**
 * A tree over all rows, from the top down. Node 0 is all rows; step s divides node `splits[s]` into nodes 2s + 1 and 2s + 2, the
 * one with more rows (on ties with the lowest row) first. So the first k - 1 steps are the tree of k clusters.
 */
export interface Bisection {
  readonly splits: Int32Array;
  /** A node: its rows, the sum of their squared distances to its centroid, and that centroid. */
  readonly sizes: Int32Array;
  readonly inertia: Float64Array;
  readonly centroids: Matrix;
  /** The leaf of each row. */
  readonly leaves: Int32Array;
}

/**
 * Bisecting k-means (Steinbach, Karypis & Kumar 2000): time and again the leaf of the largest inertia, the lowest on ties, is divided
 * by 2-means, as scikit-learn's BisectingKMeans does with its default strategy. A leaf of equal rows is not divided. A node's
 * division depends on the seed and the node alone: more clusters only carry the same tree on.
 * @throws AppError `input` if `clusters` is not in 1..rows or a value is not finite.
 */
export async function bisectingKMeans(
  x: Matrix,
  options: BisectingOptions,
  compute: Compute,
  ctx: JobContext,
): Promise<Bisection> {
  requireClusters(x, options.clusters);
  const divider = { x, options, compute, ctx: untold(ctx) };
  const all = Int32Array.from({ length: x.rows }, (_, r) => r);
  const nodes: Node[] = await divide(divider, all, 1, 'all');
  const leaves = new Set([0]);
  const splits: number[] = [];
  while (splits.length < options.clusters - 1) {
    const node = loosest(nodes, leaves);
    if (node === null) break;
    const parts = await divide(divider, (nodes[node] as Node).rows, 2, `node ${node}`);
    if (parts.length < 2) {
      // Equal rows but for rounding: 2-means finds one place only.
      (nodes[node] as Node).whole = true;
      continue;
    }
    leaves.delete(node);
    for (const part of parts) leaves.add(nodes.push(part) - 1);
    splits.push(node);
    ctx.progress(splits.length, options.clusters - 1);
  }
  return bisectionOf(x, nodes, leaves, splits);
}

/**
 * The labels 0..k-1 after the first k - 1 divisions, k at most the number of leaves: a coarser level of the same tree. Numbered by node,
 * so by the step that made the cluster.
 */
export function cutBisection({ splits, leaves }: Bisection, clusters: number): Int32Array {
  const last = 2 * (Math.min(clusters, splits.length + 1) - 1);
  const divided = new Set(splits.subarray(0, last / 2));
  const label = new Map<number, number>();
  for (let node = 0; node <= last; node++) if (!divided.has(node)) label.set(node, label.size);
  return leaves.map((leaf) => {
    let node = leaf;
    while (node > last) node = splits[(node - 1) >> 1] as number;
    return label.get(node) as number;
  });
}

interface Node {
  /** Ascending. */
  readonly rows: Int32Array;
  readonly inertia: number;
  readonly centroid: Float32Array;
  /** Was found to be indivisible. */
  whole: boolean;
}

interface Divider {
  readonly x: Matrix;
  readonly options: BisectingOptions;
  readonly compute: Compute;
  readonly ctx: JobContext;
}

/** The clusters of some rows that are not empty, the largest first. */
async function divide({ x, options, compute, ctx }: Divider, rows: Int32Array, k: number, name: string): Promise<Node[]> {
  const own = rows.length === x.rows ? x : takeRows(x, rows);
  const seed = deriveSeed(options.seed, `bisection of ${name}`);
  const { labels, centroids } = await kmeans(own, { ...options, k, seed }, compute, ctx);
  const squared = await distancesToOwn(own, labels, centroids, ctx);
  const parts = Array.from({ length: k }, (_, c): Node => {
    const inertia = squared.reduce((sum, distance, r) => (labels[r] === c ? sum + distance : sum), 0);
    return { rows: rows.filter((_, r) => labels[r] === c), inertia, centroid: rowOf(centroids, c), whole: false };
  });
  const lowest = (node: Node): number => node.rows[0] as number;
  return parts.filter((p) => p.rows.length > 0).sort((a, b) => b.rows.length - a.rows.length || lowest(a) - lowest(b));
}

/** The leaf that gains most by a division, or null where none can be divided. */
function loosest(nodes: readonly Node[], leaves: ReadonlySet<number>): number | null {
  let best: number | null = null;
  for (const id of leaves) {
    const { inertia, whole, rows } = nodes[id] as Node;
    if (whole || rows.length < 2 || inertia === 0) continue;
    if (best === null || inertia > (nodes[best] as Node).inertia) best = id;
  }
  return best;
}

function bisectionOf(x: Matrix, nodes: readonly Node[], leaves: ReadonlySet<number>, splits: readonly number[]): Bisection {
  const leafOf = new Int32Array(x.rows);
  for (const id of leaves) for (const row of (nodes[id] as Node).rows) leafOf[row] = id;
  const centroids = { rows: nodes.length, cols: x.cols, data: new Float32Array(nodes.length * x.cols) };
  nodes.forEach((node, id) => {
    centroids.data.set(node.centroid, id * x.cols);
  });
  return {
    splits: Int32Array.from(splits),
    sizes: Int32Array.from(nodes, (node) => node.rows.length),
    inertia: Float64Array.from(nodes, (node) => node.inertia),
    centroids,
    leaves: leafOf,
  };
}

function requireClusters(x: Matrix, clusters: number): void {
  if (Number.isInteger(clusters) && clusters >= 1 && clusters <= x.rows) return;
  throw inputError(
    'k-out-of-range',
    `A tree of ${clusters} segments was asked for, but there are ${x.rows} profiles to divide.`,
    x.rows === 0 ? 'Use a longer window or a lower minimum of events.' : `Choose between 1 and ${x.rows} segments.`,
  );
}
