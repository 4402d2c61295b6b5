import {
  groupsAt,
  type InterestLevels,
  type InterestTree,
  type JobContext,
  type LevelSettings,
  leafCount,
  type Matrix,
  NO_LEVELS,
  portion,
  type Segment,
  type Settings,
  type Track,
  untold,
} from '../domain/index.ts';
import { agglomerate, bisectingKMeans, CPU, type Merges, mergesOf } from '../engine/index.ts';
import { nameNodes } from './node-names.ts';
import type { ScoredTerm } from './terms.ts';

export interface LevelsTask {
  /** Ordered by (window, number), as their rows of `centroids` (segments x dims, unit rows) and `scored` are. */
  readonly segments: readonly Segment[];
  readonly centroids: Matrix;
  readonly scored: readonly (readonly ScoredTerm[])[];
  readonly tracks: readonly Track[];
  readonly windowNames: readonly string[];
  readonly settings: Settings;
  readonly ctx: JobContext;
}

/**
 * Interest levels: one tree over the centroids of the segments of all windows, cut two to four times, and a name for every node, so
 * that cuts may be moved without computing anything. A segment weighs as many rows as it has users (`ward`, `average`: the tree
 * that all its users, put at its centre, would give); `bisecting` takes each segment once. It looks over all windows.
 * Some hundreds of rows: always on the CPU, so that the tree is the same on every device.
 */
export async function interestLevels(task: LevelsTask): Promise<InterestLevels> {
  const { segments, centroids, settings, tracks, ctx } = task;
  if (segments.length === 0) return NO_LEVELS;
  const weights = segments.map(({ size }) => Math.max(1, size));
  const { a, b, height } =
    settings.levels.linkage === 'bisecting'
      ? await bisectingMerges(centroids, settings, portion(ctx, 0, 0.8))
      : await agglomerate(centroids, settings.levels.linkage, portion(ctx, 0, 0.8), weights);
  const tree = { a, b, height, ...(await nameNodes({ ...task, a, b, ctx: portion(ctx, 0.8, 1) })) };
  return { tree, cuts: segments.length < 2 ? [] : cutsOf(tree, tracks.length, settings.levels) };
}

/**
 * The levels' numbers of groups, ascending, no two the same. By rule: by count a geometric series that ends with the number of tracks
 * T, T^(l / L) for level l of L, at least 2 (12 tracks: 2, 5, 12); by height even steps, the root's times 1 - l / (L + 1).
 * Fewer levels than asked for where two would be the same.
 */
export function cutsOf(tree: InterestTree, tracks: number, { count, cut, cuts }: LevelSettings): number[] {
  const most = leafCount(tree);
  const root = tree.height.at(-1) ?? 0;
  const levels = Array.from({ length: count }, (_, i) => i + 1);
  const byHeight = (share: number): number => groupsAt(tree, share * root);
  const groups =
    cut === 'height'
      ? (cuts.length > 0 ? cuts : levels.map((l) => 1 - l / (count + 1))).map(byHeight)
      : cuts.length > 0
        ? cuts
        : levels.map((l) => Math.max(Math.min(2, tracks), Math.round(tracks ** (l / count))));
  return [...new Set(groups.map((n) => Math.max(1, Math.min(most, n))))].sort((x, y) => x - y);
}

/**
 * Bisecting k-means down to single rows, as merges: the division of a node is a join at the square root of its inertia, the sum of
 * squared distances to its mean. The loosest leaf is divided first and no part is looser than the whole, so that the first k - 1
 * divisions are the k - 1 highest joins. Equal rows are joined at 0.
 */
async function bisectingMerges(x: Matrix, { seed, nInit, maxIterations }: Settings, ctx: JobContext): Promise<Merges> {
  const options = { clusters: x.rows, seed, nInit, maxIterations, tolerance: 1e-4, spherical: false };
  const { splits, leaves, inertia } = await bisectingKMeans(x, options, CPU, untold(ctx));
  const member = new Int32Array(2 * splits.length + 1).fill(-1);
  const joins: { from: number; to: number; height: number }[] = [];
  for (const [row, leaf] of leaves.entries()) {
    if (member[leaf] === -1) member[leaf] = row;
    else joins.push({ from: member[leaf] as number, to: row, height: 0 });
  }
  for (let step = splits.length - 1; step >= 0; step--) {
    const [from, to] = [member[2 * step + 1] as number, member[2 * step + 2] as number];
    member[splits[step] as number] = from;
    // Rounding could put a join above the one that holds it.
    const least = joins.at(-1)?.height ?? 0;
    joins.push({ from, to, height: Math.max(least, Math.sqrt(inertia[splits[step] as number] as number)) });
  }
  const column = (of: (join: (typeof joins)[number]) => number): Int32Array => Int32Array.from(joins, of);
  return mergesOf(x.rows, { from: column((j) => j.from), to: column((j) => j.to), height: joins.map((j) => j.height) });
}
