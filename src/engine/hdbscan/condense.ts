import { type Merges, sizeOf } from '../hierarchy/index.ts';

/**
 * The hierarchy of the clusters of at least `minClusterSize` rows. Cluster 0 is all rows; a parent comes before its
 * children, siblings by lowest row. Weights are mutual reachability distances (the paper's epsilon): density falls as they grow.
 */
export interface CondensedTree {
  /** Parent of each cluster, -1 for the first. */
  readonly parent: Int32Array;
  /** The weight below which the cluster stands alone: where its parent splits. Infinity for the first. */
  readonly birth: Float64Array;
  /** The least weight at which it still exists, before it splits or dissolves. */
  readonly death: Float64Array;
  /** Rows at birth. */
  readonly size: Int32Array;
  /** Sum over its rows of 1 / (weight at which the row leaves) - 1 / birth (Campello 2013, equation 3). */
  readonly stability: Float64Array;
  /** For each row the last cluster that holds it, -1 where there is no cluster at all. */
  readonly rowCluster: Int32Array;
  /** The least weight at which that cluster still holds the row. */
  readonly rowWeight: Float64Array;
}

interface Cluster {
  readonly parent: number;
  readonly birth: number;
  readonly top: number;
}

/**
 * Condenses single linkage (Campello 2013, algorithm 2). As there, edges of one weight are removed at once, so the tree does
 * not depend on the order of equal edges: a split may have more than two parts, and parts too small are noise.
 */
export function condense(merges: Merges, n: number, minClusterSize: number): CondensedTree {
  const rowCluster = new Int32Array(n).fill(-1);
  const rowWeight = new Float64Array(n);
  const lowest = lowestRows(merges, n);
  const density = densityOf(merges.height);
  const clusters: Cluster[] = n >= minClusterSize ? [{ parent: -1, birth: Number.POSITIVE_INFINITY, top: 2 * n - 2 }] : [];
  const death: number[] = [];
  const stability: number[] = [];
  for (let c = 0; c < clusters.length; c++) {
    const { birth, top } = clusters[c] as Cluster;
    let [node, total, large]: [number, number, number[]] = [top, 0, [top]];
    let weight = birth;
    while (large.length === 1) {
      node = large[0] as number;
      weight = merges.height[node - n] as number;
      const parts = partsBelow(merges, n, node, weight);
      large = parts.filter((part) => sizeOf(merges, n, part) >= minClusterSize);
      const small = parts.filter((part) => sizeOf(merges, n, part) < minClusterSize);
      for (const part of small) leave(merges, n, part, c, weight, rowCluster, rowWeight);
      const stay = large.length === 1 ? sizeOf(merges, n, large[0] as number) : 0;
      total += (sizeOf(merges, n, node) - stay) * (density(weight) - density(birth));
    }
    death.push(weight);
    stability.push(total);
    large.sort((x, y) => (lowest[x] as number) - (lowest[y] as number));
    for (const part of large) clusters.push({ parent: c, birth: weight, top: part });
  }
  return {
    parent: Int32Array.from(clusters, ({ parent }) => parent),
    birth: Float64Array.from(clusters, ({ birth }) => birth),
    size: Int32Array.from(clusters, ({ top }) => sizeOf(merges, n, top)),
    death: Float64Array.from(death),
    stability: Float64Array.from(stability),
    rowCluster,
    rowWeight,
  };
}

/** The lowest row of each node: siblings are numbered by it. */
function lowestRows({ a, b }: Merges, n: number): Int32Array {
  const lowest = Int32Array.from({ length: n + a.length }, (_, i) => i);
  for (let s = 0; s < a.length; s++) lowest[n + s] = Math.min(lowest[a[s] as number] as number, lowest[b[s] as number] as number);
  return lowest;
}

/**
 * 1 / weight. More equal rows than the core distance asks for are at weight 0: they count as twice as dense as the smallest
 * weight above 0, for with an infinite stability they would be selected whatever else there is.
 */
function densityOf(heights: Float64Array): (weight: number) => number {
  const smallest = heights.find((height) => height > 0) ?? 1;
  return (weight) => (weight === 0 ? 2 / smallest : 1 / weight);
}

/** The components that are left of a node without its edges of weight `weight`. */
function partsBelow({ a, b, height }: Merges, n: number, node: number, weight: number): number[] {
  const parts: number[] = [];
  const open = [node];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id >= n && height[id - n] === weight) open.push(b[id - n] as number, a[id - n] as number);
    else parts.push(id);
  }
  return parts;
}

/** Notes for all rows of a node where they leave the cluster. */
function leave(
  { a, b }: Merges,
  n: number,
  node: number,
  cluster: number,
  weight: number,
  rowCluster: Int32Array,
  rowWeight: Float64Array,
): void {
  const open = [node];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id >= n) open.push(a[id - n] as number, b[id - n] as number);
    else {
      rowCluster[id] = cluster;
      rowWeight[id] = weight;
    }
  }
}
