import { requireLabelPerRow } from '../check.ts';

/** How two labellings of the same rows meet. Only cells with rows in them; the order of the rows leaves no trace. */
export interface Contingency {
  readonly rows: number;
  /** The labels of either labelling, ascending. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** Rows under each label. */
  readonly sizesA: Float64Array;
  readonly sizesB: Float64Array;
  /** Ordered by (a, b); indexes into the labels. */
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly a: number;
  readonly b: number;
  readonly count: number;
}

/** @throws AppError `bug` if the two differ in length. */
export function contingencyOf(a: ArrayLike<number>, b: ArrayLike<number>): Contingency {
  requireLabelPerRow(a.length, b);
  const [left, right] = [indexed(a), indexed(b)];
  const counts = new Map<number, number>();
  const width = right.labels.length;
  for (let i = 0; i < a.length; i++) {
    const key = (left.index.get(a[i] as number) as number) * width + (right.index.get(b[i] as number) as number);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const cells = [...counts]
    .sort(([x], [y]) => x - y)
    .map(([key, count]) => ({ a: Math.floor(key / width), b: key % width, count }));
  const [sizesA, sizesB] = [new Float64Array(left.labels.length), new Float64Array(width)];
  for (const cell of cells) {
    sizesA[cell.a] = (sizesA[cell.a] as number) + cell.count;
    sizesB[cell.b] = (sizesB[cell.b] as number) + cell.count;
  }
  return { rows: a.length, a: left.labels, b: right.labels, sizesA, sizesB, cells };
}

function indexed(given: ArrayLike<number>): { labels: Float64Array; index: Map<number, number> } {
  const distinct = new Set<number>();
  for (let i = 0; i < given.length; i++) distinct.add(given[i] as number);
  const labels = Float64Array.from(distinct).sort();
  return { labels, index: new Map(Array.from(labels, (label, i) => [label, i])) };
}
