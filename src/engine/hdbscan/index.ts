import { AppError, type JobContext, type Matrix, portion } from '../../domain/index.ts';
import { requireFinite } from '../check.ts';
import type { Compute } from '../compute.ts';
import { mergesOf } from '../hierarchy/index.ts';
import { kthDistances } from '../knn/index.ts';
import { type Team, withTeam } from '../team/index.ts';
import { type CondensedTree, condense } from './condense.ts';
import { spanningTreePlain } from './mst.ts';
import { spanningTreeWasm } from './mst.wasm.ts';
import { type FlatClustering, flatten, outlierScores, type Selection, selectClusters } from './select.ts';

export type { CondensedTree } from './condense.ts';
export type { Selection } from './select.ts';

export interface HdbscanOptions {
  /** Rows that make a cluster, at least 2. */
  readonly minClusterSize: number;
  /** The core distance is that to the so-many-th nearest row, the row itself being the first; `minClusterSize` unless said. */
  readonly minSamples?: number;
  /** Clusters of the greatest stability ('eom', excess of mass), or those that never split ('leaf'). */
  readonly selection: Selection;
  /** Whether all rows may be one cluster; else none is found where there is only one. */
  readonly allowSingleCluster?: boolean;
}

export interface HdbscanResult extends Omit<FlatClustering, 'selected'> {
  /** GLOSH, 0..1, one a row. */
  readonly outlierScores: Float32Array;
  /** What the clusters were selected from, and which of them were. */
  readonly tree: CondensedTree & Pick<FlatClustering, 'selected'>;
}

/**
 * HDBSCAN* (Campello, Moulavi & Sander 2013; 2015 for the outlier scores), Euclidean and exact. The partition does not depend on
 * the order of the rows, nor the tree on equal distances.
 * @throws AppError `input` if a value is not finite.
 */
export async function hdbscan(x: Matrix, options: HdbscanOptions, compute: Compute, ctx: JobContext): Promise<HdbscanResult> {
  const { minClusterSize, minSamples = minClusterSize, selection, allowSingleCluster = false } = options;
  requireCounts(minClusterSize, minSamples);
  const core = await coreDistances(x, minSamples, compute, portion(ctx, 0, 0.4));
  const later = portion(ctx, 0.4, 1);
  const onWasm = (team: Team | null) => spanningTreeWasm(x, core, later, team);
  const edges = (await withTeam(compute.team, onWasm)) ?? (await spanningTreePlain(x, core, later));
  // Each of these takes some 30 ms for 50,000 rows.
  await ctx.checkpoint();
  const merges = mergesOf(x.rows, edges);
  await ctx.checkpoint();
  const tree = condense(merges, x.rows, minClusterSize);
  await ctx.checkpoint();
  const selected = selectClusters(tree, selection, allowSingleCluster);
  const { labels, probabilities, clusters } = flatten(tree, selected);
  return { labels, probabilities, clusters, outlierScores: outlierScores(tree), tree: { ...tree, selected } };
}

/** Distance of each row to its `minSamples`-th nearest, itself being the first; to the last where there are fewer. */
async function coreDistances(x: Matrix, minSamples: number, compute: Compute, ctx: JobContext): Promise<Float32Array> {
  await requireFinite(x, 'rows', ctx);
  if (minSamples === 1) return new Float32Array(x.rows);
  return await kthDistances(x, minSamples, compute, ctx);
}

function requireCounts(minClusterSize: number, minSamples: number): void {
  if (Number.isInteger(minClusterSize) && minClusterSize >= 2 && Number.isInteger(minSamples) && minSamples >= 1) return;
  const asked = `minClusterSize ${minClusterSize} and minSamples ${minSamples}`;
  throw new AppError('bug', 'shape', `HDBSCAN was asked for ${asked}; at least 2 and 1 are needed.`, 'Please report this.');
}
