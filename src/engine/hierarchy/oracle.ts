import type { Matrix } from '../../domain/index.ts';
import type { Linkage } from './index.ts';

interface Cluster {
  readonly id: number;
  readonly rows: readonly number[];
}

/** Merges the two nearest of all clusters, distances by definition each time; O(n^3) and more, for tests. Steps as in `Merges`. */
export function agglomerateOracle(x: Matrix, linkage: Linkage): { a: number; b: number; height: number; size: number }[] {
  const distance = linkage === 'ward' ? ward : average;
  let clusters: Cluster[] = Array.from({ length: x.rows }, (_, i) => ({ id: i, rows: [i] }));
  const steps = [];
  while (clusters.length > 1) {
    const pairs = clusters.flatMap((a, i) => clusters.slice(i + 1).map((b) => ({ a, b, height: distance(x, a, b) })));
    const { a, b, height } = pairs.reduce((least, pair) => (pair.height < least.height ? pair : least));
    const rows = [...a.rows, ...b.rows];
    steps.push({ a: a.id, b: b.id, height, size: rows.length });
    clusters = [...clusters.filter((c) => c !== a && c !== b), { id: x.rows + steps.length - 1, rows }];
  }
  return steps;
}

/** sqrt(2 |A| |B| / (|A| + |B|)) times the distance of the centroids (Ward 1963, as scipy scales it). */
function ward(x: Matrix, a: Cluster, b: Cluster): number {
  const [p, q] = [centroid(x, a.rows), centroid(x, b.rows)];
  const [m, n] = [a.rows.length, b.rows.length];
  return Math.sqrt((2 * m * n) / (m + n)) * Math.hypot(...p.map((value, d) => value - (q[d] as number)));
}

function average(x: Matrix, a: Cluster, b: Cluster): number {
  const all = a.rows.flatMap((i) => b.rows.map((j) => Math.hypot(...centroid(x, [i]).map((v, d) => v - value(x, j, d)))));
  return all.reduce((sum, d) => sum + d, 0) / all.length;
}

const value = (x: Matrix, r: number, d: number): number => x.data[r * x.cols + d] as number;

const centroid = (x: Matrix, rows: readonly number[]): number[] =>
  Array.from({ length: x.cols }, (_, d) => rows.reduce((sum, r) => sum + value(x, r, d), 0) / rows.length);
