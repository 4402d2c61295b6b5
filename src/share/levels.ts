import { type AnalysisResult, heightOfCut, leavesUnder, nodeOfSegments, nodesOfCut, type Segment } from '../domain/index.ts';

/**
 * Interest levels as tracks.json has them, coarse first: `height` is where the tree is cut, as a share of its root's, and `id` names a
 * group over all levels (a segment's `levels`). `users` is one number a window, over users that are not thin.
 */
export function levelTables(result: AnalysisResult) {
  const { tree, cuts } = result.levels;
  const root = tree.height.at(-1) || 1;
  return cuts.map((cut, i) => ({
    level: i + 1,
    height: heightOfCut(tree, cut) / root,
    groups: nodesOfCut(tree, cut).map((node) => groupOf(result, node)),
  }));
}

/** The ids of a segment's groups, coarse first. */
export function levelsOfSegment({ levels: { tree, cuts } }: AnalysisResult): (segment: number) => number[] {
  const nodes = cuts.map((cut) => nodeOfSegments(tree, cut));
  return (segment) => nodes.map((of) => of[segment] as number);
}

function groupOf({ levels: { tree }, segments, windows }: AnalysisResult, node: number) {
  const under = leavesUnder(tree, node).map((leaf) => segments[leaf] as Segment);
  const users = windows.map((_, w) => under.reduce((sum, s) => (s.window === w ? sum + s.size : sum), 0));
  const tracks = [...new Set(under.map(({ track }) => track))].sort((a, b) => a - b);
  return { id: node, name: tree.names[node], terms: tree.terms[node], tracks, segments: under.length, users };
}
