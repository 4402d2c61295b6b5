import type { Matrix } from '../../domain/index.ts';
import { distance } from './mst.ts';
import type { Selection } from './select.ts';

/** A cluster of the paper: what its rows are at birth, and what becomes of them. */
interface Cluster {
  readonly birth: number;
  death: number;
  readonly leaves: Map<number, number>;
  children: Cluster[];
}

/**
 * HDBSCAN* from its definitions, without trees of edges: clusters are the components of the graph of mutual reachability at every
 * weight in turn. For tests; n x n memory, far slower than n^2. No two rows may have a core distance of 0.
 */
export function hdbscanOracle(x: Matrix, minClusterSize: number, minSamples: number, selection: Selection) {
  const reach = mutualReachability(x, minSamples);
  const labels = new Int32Array(x.rows).fill(-1);
  const probabilities = new Float32Array(x.rows);
  const scores = new Float32Array(x.rows);
  if (x.rows < minClusterSize) return { labels, probabilities, outlierScores: scores };
  const all = Array.from({ length: x.rows }, (_, i) => i);
  const root = follow(all, Number.POSITIVE_INFINITY, reach, minClusterSize);
  score(root, scores);
  const chosen = root.children.flatMap((child) => (selection === 'eom' ? best(child).clusters : leavesOf(child)));
  const firstRow = (c: Cluster): number => Math.min(...[...departures(c)].map(([row]) => row));
  for (const [label, cluster] of chosen.sort((a, b) => firstRow(a) - firstRow(b)).entries()) {
    for (const [row, weight] of departures(cluster)) {
      labels[row] = label;
      probabilities[row] = Math.min(1, cluster.death / weight);
    }
  }
  return { labels, probabilities, outlierScores: scores };
}

/** max(core i, core j, distance), all n x n. */
function mutualReachability(x: Matrix, minSamples: number): number[][] {
  const rows = Array.from({ length: x.rows }, (_, i) => i);
  const distances = rows.map((i) => rows.map((j) => distance(x, i, j)));
  const core = distances.map((line) => [...line].sort((a, b) => a - b)[Math.min(minSamples, x.rows) - 1] as number);
  return distances.map((line, i) => line.map((d, j) => Math.max(d, core[i] as number, core[j] as number)));
}

/** Removes edges, the longest first, all of one weight at once. */
function follow(rows: number[], birth: number, reach: number[][], minClusterSize: number): Cluster {
  const cluster: Cluster = { birth, death: birth, leaves: new Map(), children: [] };
  let left = rows;
  const weights = [...new Set(rows.flatMap((i) => rows.map((j) => reach[i]?.[j] as number)))].sort((a, b) => b - a);
  for (const weight of weights) {
    const parts = components(left, (i, j) => (reach[i]?.[j] as number) < weight);
    if (parts.length === 1) continue;
    cluster.death = weight;
    const large = parts.filter((part) => part.length >= minClusterSize);
    for (const row of parts.filter((part) => part.length < minClusterSize).flat()) cluster.leaves.set(row, weight);
    if (large.length !== 1) {
      cluster.children = large.map((part) => follow(part, weight, reach, minClusterSize));
      return cluster;
    }
    left = large[0] as number[];
  }
  return cluster;
}

function components(rows: number[], near: (i: number, j: number) => boolean): number[][] {
  const parts: number[][] = [];
  const seen = new Set<number>();
  for (const start of rows) {
    if (seen.has(start)) continue;
    const part = [start];
    seen.add(start);
    for (const i of part) {
      for (const j of rows) {
        if (seen.has(j) || !near(i, j)) continue;
        seen.add(j);
        part.push(j);
      }
    }
    parts.push(part);
  }
  return parts;
}

/** Every row of a cluster, with the weight at which it leaves the cluster or the last one below. */
function departures(cluster: Cluster): Map<number, number> {
  return new Map([...cluster.leaves, ...cluster.children.flatMap((child) => [...departures(child)])]);
}

function stability(cluster: Cluster): number {
  let sum = 0;
  for (const weight of cluster.leaves.values()) sum += 1 / weight - 1 / cluster.birth;
  for (const child of cluster.children) sum += departures(child).size * (1 / cluster.death - 1 / cluster.birth);
  return sum;
}

function best(cluster: Cluster): { clusters: Cluster[]; total: number } {
  const below = cluster.children.map(best);
  const total = below.reduce((sum, each) => sum + each.total, 0);
  const own = stability(cluster);
  if (below.length === 0 || own >= total) return { clusters: [cluster], total: own };
  return { clusters: below.flatMap((each) => each.clusters), total };
}

const leavesOf = (cluster: Cluster): Cluster[] =>
  cluster.children.length === 0 ? [cluster] : cluster.children.flatMap(leavesOf);

/** Fills the GLOSH scores of a cluster's rows; returns the least weight at which it or one below exists. */
function score(cluster: Cluster, scores: Float32Array): number {
  const least = Math.min(cluster.death, ...cluster.children.map((child) => score(child, scores)));
  for (const [row, weight] of cluster.leaves) scores[row] = 1 - least / weight;
  return least;
}
