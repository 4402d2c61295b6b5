/**
 * One tree over the segments of all windows. Nodes 0 .. n - 1 are the segments, by their index; step s joins nodes `a[s]` < `b[s]`
 * into node n + s. n - 1 steps, heights ascending; the last node is the root.
 */
export interface InterestTree {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly height: Float64Array;
  /** A node: its name, no two the same, and its label words, best first. */
  readonly names: readonly string[];
  readonly terms: readonly (readonly string[])[];
}

/** Level l (0 = coarse) is the tree cut into `cuts[l]` groups; ascending, so that each level divides the groups of the one before. */
export interface InterestLevels {
  readonly tree: InterestTree;
  /** Empty where there are fewer than two segments. */
  readonly cuts: readonly number[];
}

/** Before anything was found. */
export const NO_LEVELS: InterestLevels = {
  tree: { a: new Int32Array(), b: new Int32Array(), height: new Float64Array(), names: [], terms: [] },
  cuts: [],
};

/** Segments in the tree. */
export const leafCount = ({ names }: InterestTree): number => (names.length + 1) >> 1;

/** Both nodes that a step joined; null for a segment. */
export function childrenOf(tree: InterestTree, node: number): readonly [number, number] | null {
  const step = node - leafCount(tree);
  return step < 0 ? null : [tree.a[step] as number, tree.b[step] as number];
}

/** 0 for a segment. */
export const heightOf = (tree: InterestTree, node: number): number => tree.height[node - leafCount(tree)] ?? 0;

/** Segments under a node, in the order of the tree: those of its first child, then those of its second. */
export function leavesUnder(tree: InterestTree, node: number): number[] {
  const leaves: number[] = [];
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const children = childrenOf(tree, at);
    if (children) open.push(children[1], children[0]);
    else leaves.push(at);
  }
  return leaves;
}

/** The nodes of a cut into `groups` (1 .. n; what is outside is brought inside), ascending; [] for a tree of no segment. */
export function nodesOfCut(tree: InterestTree, groups: number): number[] {
  const n = leafCount(tree);
  if (n === 0) return [];
  const kept = n - Math.max(1, Math.min(n, groups));
  const joined = new Set<number>();
  for (let step = 0; step < kept; step++) joined.add(tree.a[step] as number).add(tree.b[step] as number);
  return Array.from({ length: n + kept }, (_, node) => node).filter((node) => !joined.has(node));
}

/** The node of a cut that each segment is in. */
export function nodeOfSegments(tree: InterestTree, groups: number): Int32Array {
  const nodes = new Int32Array(leafCount(tree));
  for (const node of nodesOfCut(tree, groups)) for (const leaf of leavesUnder(tree, node)) nodes[leaf] = node;
  return nodes;
}

/** Groups that a cut at `height` leaves: joins of at most that height are kept. */
export const groupsAt = (tree: InterestTree, height: number): number =>
  leafCount(tree) - tree.height.reduce((kept, h) => (h <= height ? kept + 1 : kept), 0);

/** A height that cuts into so many groups: half way between the last join that is kept and the first that is not. */
export function heightOfCut(tree: InterestTree, groups: number): number {
  const kept = leafCount(tree) - groups;
  const above = tree.height[kept] ?? (tree.height.at(-1) ?? 0) * 1.04;
  return ((tree.height[kept - 1] ?? 0) + above) / 2;
}

/** Moves one cut, kept between its neighbours so that levels stay nested and differ. */
export function moveCut(cuts: readonly number[], level: number, groups: number, segments: number): number[] {
  const least = level === 0 ? 1 : (cuts[level - 1] as number) + 1;
  const most = level === cuts.length - 1 ? segments : (cuts[level + 1] as number) - 1;
  return cuts.map((cut, l) => (l === level ? Math.max(least, Math.min(most, Math.round(groups))) : cut));
}
