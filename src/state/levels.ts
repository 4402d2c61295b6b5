import {
  type AnalysisResult,
  childrenOf,
  type InterestTree,
  leafCount,
  leavesUnder,
  moveCut,
  nodeOfSegments,
  type Segment,
  type TrackId,
} from '../domain/index.ts';
import type { ViewState } from './view.ts';

type Lit = Pick<ViewState, 'track' | 'hoveredTrack' | 'node' | 'hoveredNode'>;

/** The segments that every view brings out: those pointed at, else those selected, by track or by node of the tree; null for all. */
export function litSegments(result: AnalysisResult, { track, hoveredTrack, node, hoveredNode }: Lit): ReadonlySet<number> | null {
  const ofTrack = (id: TrackId) => new Set(result.segments.filter((s) => s.track === id).map((s) => s.index));
  const ofNode = (id: number) => new Set(leavesUnder(result.levels.tree, id));
  if (hoveredNode !== null) return ofNode(hoveredNode);
  if (hoveredTrack !== null) return ofTrack(hoveredTrack);
  if (node !== null) return ofNode(node);
  return track === null ? null : ofTrack(track);
}

/** The cuts that are shown: as moved by the user, else those of the run. */
export const cutsOf = (result: AnalysisResult, { cuts }: Pick<ViewState, 'cuts'>): readonly number[] =>
  cuts ?? result.levels.cuts;

/** The result with the cuts as the user has moved them, in the recipe too: what is exported is what is shown. */
export function withCuts(result: AnalysisResult, { cuts }: Pick<ViewState, 'cuts'>): AnalysisResult {
  if (cuts === null) return result;
  const levels = { ...result.settings.levels, cut: 'count' as const, cuts };
  return { ...result, levels: { ...result.levels, cuts }, settings: { ...result.settings, levels } };
}

/** Moves a level's cut, as far as its neighbours let it. */
export const movedCuts = (result: AnalysisResult, view: Pick<ViewState, 'cuts'>, level: number, groups: number): number[] =>
  moveCut(cutsOf(result, view), level, groups, leafCount(result.levels.tree));

/**
 * The largest nodes that hold segments of one track only, from the tree's first to its last. A track is one of them where its windows lie
 * together, and several where it has drifted into parts.
 */
export function trackBranches({ levels: { tree }, segments }: AnalysisResult): number[] {
  const n = leafCount(tree);
  const branches: number[] = [];
  const open = n === 0 ? [] : [2 * n - 2];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const children = childrenOf(tree, node);
    const tracks = new Set(leavesUnder(tree, node).map((leaf) => segments[leaf]?.track));
    if (children === null || tracks.size === 1) branches.push(node);
    else open.push(children[1], children[0]);
  }
  return branches;
}

export interface BranchPart {
  readonly track: TrackId;
  /** Segments of the track in the node, and in all. */
  readonly windows: number;
  readonly ofWindows: number;
  /** Users summed over the windows. */
  readonly size: number;
}

/** Tracks with segments in a node, the largest first. */
export function tracksUnder({ levels: { tree }, segments }: AnalysisResult, node: number): BranchPart[] {
  const parts = new Map<TrackId, { windows: number; size: number }>();
  for (const leaf of leavesUnder(tree, node)) {
    const { track, size } = segments[leaf] as Segment;
    const part = parts.get(track) ?? { windows: 0, size: 0 };
    parts.set(track, { windows: part.windows + 1, size: part.size + size });
  }
  const ofWindows = (track: TrackId): number => segments.filter((s) => s.track === track).length;
  return [...parts]
    .map(([track, part]) => ({ track, ...part, ofWindows: ofWindows(track) }))
    .sort((p, q) => q.size - p.size || p.track - q.track);
}

/** Users of a node in each window; null where the window is empty. */
export function sizesUnder(result: AnalysisResult, node: number): (number | null)[] {
  const sizes: (number | null)[] = result.windows.map((w) => (w.profiles === 0 ? null : 0));
  for (const leaf of leavesUnder(result.levels.tree, node)) {
    const { window, size } = result.segments[leaf] as Segment;
    sizes[window] = (sizes[window] ?? 0) + size;
  }
  return sizes;
}

export interface SegmentGroup {
  /** Of the tree. */
  readonly node: number;
  readonly name: string;
  readonly users: number;
  readonly segments: readonly Segment[];
}

/** Segments by the groups of the coarsest level, the largest group first; one group without a name where they are not divided. */
export function groupSegments(
  result: AnalysisResult,
  segments: readonly Segment[],
  coarsest: number | undefined,
): SegmentGroup[] {
  const { tree }: { tree: InterestTree } = result.levels;
  const users = (list: readonly Segment[]): number => list.reduce((sum, s) => sum + s.size, 0);
  const undivided = [{ node: -1, name: '', users: users(segments), segments }];
  if (coarsest === undefined) return undivided;
  const nodes = nodeOfSegments(tree, coarsest);
  const byNode = new Map<number, Segment[]>();
  for (const segment of segments) {
    const node = nodes[segment.index] as number;
    byNode.set(node, [...(byNode.get(node) ?? []), segment]);
  }
  if (byNode.size < 2) return undivided;
  return [...byNode]
    .map(([node, own]) => ({ node, name: tree.names[node] ?? '', users: users(own), segments: own }))
    .sort((p, q) => q.users - p.users || p.node - q.node);
}
