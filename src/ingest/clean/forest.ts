import type { JobContext, Random } from '../../domain/index.ts';
import { allRows } from './group.ts';

/** Both as in the paper: scores settle well before so many trees, and more rows in a tree hide outliers in the crowd. */
const TREES = 100;
const TREE_ROWS = 256;
const EULER_GAMMA = 0.5772156649015329;

/** Scores one row (dims numbers from `at`): 0..1, near 1 = hardly like the others, below .5 = like them. */
export type AnomalyScore = (values: Float64Array, at: number) => number;

/**
 * Isolation forest (Liu, Ting, Zhou 2008 and 2012): 100 trees over 256 rows each; score 2^(-E(h) / c(256)), h = the steps by which a
 * tree sets the row apart. A column that does not vary among the rows of a node is not cut there.
 * @param sample rows x dims, no NaN, in an order that does not depend on the order of the file
 */
export async function isolationForest(
  sample: Float64Array,
  dims: number,
  random: Random,
  ctx: JobContext,
): Promise<AnomalyScore> {
  const rows = sample.length / dims;
  const size = Math.min(TREE_ROWS, rows);
  const trees: Tree[] = [];
  for (let t = 0; t < TREES; t++) {
    trees.push(growTree(sample, dims, drawRows(rows, size, random), random));
    await ctx.checkpoint();
  }
  const usual = averagePath(size);
  return (values, at) => {
    let steps = 0;
    for (const tree of trees) steps += pathLength(tree, values, at);
    return 2 ** (-steps / TREES / usual);
  };
}

/** Nodes in arrays; node 0 is the root. A leaf has column -1 and its path length in `cut`. */
interface Tree {
  readonly column: number[];
  readonly cut: number[];
  readonly left: number[];
  readonly right: number[];
}

/** Average path of an unsuccessful search in a binary search tree of n leaves: c(n) of the paper. */
export function averagePath(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + EULER_GAMMA) - (2 * (n - 1)) / n;
}

/** `size` of 0..rows without repetition (the head of a Fisher-Yates shuffle). */
function drawRows(rows: number, size: number, random: Random): Uint32Array {
  const all = allRows(rows);
  for (let i = 0; i < size; i++) {
    const j = i + random.int(rows - i);
    [all[i], all[j]] = [all[j] as number, all[i] as number];
  }
  return all.slice(0, size);
}

function growTree(sample: Float64Array, dims: number, rows: Uint32Array, random: Random): Tree {
  const tree: Tree = { column: [], cut: [], left: [], right: [] };
  const deepest = Math.ceil(Math.log2(Math.max(2, rows.length)));
  const grow = (members: Uint32Array, depth: number): number => {
    const node = tree.column.length;
    const split = depth < deepest && members.length > 1 ? drawSplit(sample, dims, members, random) : null;
    tree.column.push(split?.column ?? -1);
    tree.cut.push(split?.cut ?? depth + averagePath(members.length));
    tree.left.push(-1);
    tree.right.push(-1);
    if (!split) return node;
    const isLeft = (row: number): boolean => (sample[row * dims + split.column] as number) <= split.cut;
    tree.left[node] = grow(members.filter(isLeft), depth + 1);
    tree.right[node] = grow(
      members.filter((row) => !isLeft(row)),
      depth + 1,
    );
    return node;
  };
  grow(rows, 0);
  return tree;
}

/** A column that varies, and a value between its lowest and highest: both sides get at least one row. null where none varies. */
function drawSplit(
  sample: Float64Array,
  dims: number,
  members: Uint32Array,
  random: Random,
): { column: number; cut: number } | null {
  const spans = Array.from({ length: dims }, (_, column) => span(sample, dims, members, column)).filter((s) => s.low < s.high);
  const chosen = spans[random.int(spans.length)];
  if (!chosen) return null;
  const share = random.next();
  const cut = chosen.low * (1 - share) + chosen.high * share;
  // Rounding may bring the cut to the highest value, and nothing would be above it.
  return { column: chosen.column, cut: cut < chosen.high ? cut : chosen.low };
}

function span(sample: Float64Array, dims: number, members: Uint32Array, column: number) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of members) {
    const value = sample[row * dims + column] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { column, low, high };
}

function pathLength({ column, cut, left, right }: Tree, values: Float64Array, at: number): number {
  let node = 0;
  for (;;) {
    const c = column[node] as number;
    if (c < 0) return cut[node] as number;
    node = ((values[at + c] as number) <= (cut[node] as number) ? left[node] : right[node]) as number;
  }
}
