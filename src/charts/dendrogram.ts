import type { Size } from './geometry.ts';

/** Step s joins nodes `a[s]` and `b[s]` into node n + s, n = steps + 1; heights ascend. */
export interface DendrogramTree {
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  readonly height: ArrayLike<number>;
}

export interface DendrogramOptions extends Size {
  /** Nodes that are drawn as tips; what is under them is not drawn. Every leaf must be under exactly one. */
  readonly tips: readonly number[];
  /** Of a tip; the heavier of two branches is drawn first. */
  readonly weight: (tip: number) => number;
  /** Left of the root. */
  readonly margin: number;
}

export interface DendrogramNode {
  readonly node: number;
  /** Null for the root. */
  readonly parent: number | null;
  readonly tip: boolean;
  /** Of its tips, summed. */
  readonly weight: number;
  /** Where it divides; for a tip the right edge. */
  readonly x: number;
  /** Of a tip the middle of its row, else half way between its children. */
  readonly y: number;
  /** Its own line goes from here, where its parent divides, to x. */
  readonly from: number;
  /** From the middle of its parent to its own line, and along it. */
  readonly path: string;
}

export interface Dendrogram {
  /** Each parent before its children, tips from the top down. */
  readonly nodes: readonly DendrogramNode[];
  readonly xOf: (height: number) => number;
  readonly heightAt: (x: number) => number;
  /** Height of a tip's row. */
  readonly row: number;
}

/**
 * A tree on its side: the root at the left, tips in rows of one height at the right, x linear in height from the root's to 0. The
 * tips under a node are neighbours, so that no two lines cross.
 */
export function layoutDendrogram(tree: DendrogramTree, options: DendrogramOptions): Dendrogram {
  const { width, height, tips, margin } = options;
  const root = 2 * tree.a.length;
  const top = tree.height[tree.a.length - 1] || 1;
  const room = width - margin;
  const xOf = (at: number): number => margin + room * (1 - at / top);
  const heightAt = (x: number): number => top * (1 - (x - margin) / room);
  const row = tips.length === 0 ? 0 : height / tips.length;
  const branches = branchesOf(tree, options);
  const nodes: DendrogramNode[] = [];
  let rows = 0;
  const place = (node: number, parent: number | null, from: number): number => {
    const { children, weight } = branches.get(node) as Branch;
    const x = children ? xOf(heightOf(tree, node)) : width;
    const at = nodes.length;
    nodes.push({ node, parent, tip: children === null, weight, x, y: 0, from, path: '' });
    const [first, last] = children ? children.map((child) => place(child, node, x)) : [];
    const y = first === undefined || last === undefined ? (rows++ + 0.5) * row : (first + last) / 2;
    nodes[at] = { ...(nodes[at] as DendrogramNode), y };
    return y;
  };
  if (tips.length > 0) place(root, null, 0);
  return { nodes: withPaths(nodes), xOf, heightAt, row };
}

interface Branch {
  readonly weight: number;
  /** Null for a tip. */
  readonly children: readonly [number, number] | null;
}

const heightOf = ({ a, height }: DendrogramTree, node: number): number => height[node - a.length - 1] ?? 0;

/** Weights and children of the tips and of all above them. */
function branchesOf({ a, b }: DendrogramTree, { tips, weight }: DendrogramOptions): Map<number, Branch> {
  const branches = new Map<number, Branch>(tips.map((tip) => [tip, { weight: weight(tip), children: null }]));
  for (let step = 0; step < a.length; step++) {
    const [left, right] = [a[step] as number, b[step] as number];
    const [p, q] = [branches.get(left), branches.get(right)];
    if (!p || !q) continue;
    const children: [number, number] = q.weight > p.weight ? [right, left] : [left, right];
    branches.set(a.length + 1 + step, { weight: p.weight + q.weight, children });
  }
  return branches;
}

function withPaths(nodes: readonly DendrogramNode[]): DendrogramNode[] {
  const yOf = new Map(nodes.map(({ node, y }) => [node, y]));
  const n = (v: number): string => v.toFixed(1);
  return nodes.map((at) => {
    const start = at.parent === null ? at.y : (yOf.get(at.parent) as number);
    return { ...at, path: `M${n(at.from)},${n(start)}V${n(at.y)}H${n(at.x)}` };
  });
}
