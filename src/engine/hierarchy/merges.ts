/**
 * A hierarchy over n rows as scipy's linkage matrix has it: step s joins clusters `a[s]` < `b[s]` into cluster n + s; ids below n
 * are rows. n - 1 steps, heights ascending.
 */
export interface Merges {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly height: Float64Array;
  /** Rows in the cluster that the step makes. */
  readonly size: Int32Array;
}

/** n - 1 pairs of rows, one of each side of a merge, in any order. */
export interface Joins {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly height: ArrayLike<number>;
}

/** Orders the joins by (height, place in the list) and names the clusters that they join. */
export function mergesOf(n: number, { from, to, height }: Joins): Merges {
  const steps = Math.max(0, n - 1);
  const at = (i: number): number => height[i] as number;
  const order = Array.from({ length: steps }, (_, i) => i).sort((i, j) => at(i) - at(j) || i - j);
  const merges = {
    a: new Int32Array(steps),
    b: new Int32Array(steps),
    height: Float64Array.from(order, at),
    size: new Int32Array(steps),
  };
  const parents = Int32Array.from({ length: n + steps }, (_, i) => i);
  for (const [s, i] of order.entries()) {
    const [x, y] = [rootOf(parents, from[i] as number), rootOf(parents, to[i] as number)];
    merges.a[s] = Math.min(x, y);
    merges.b[s] = Math.max(x, y);
    merges.size[s] = sizeOf(merges, n, x) + sizeOf(merges, n, y);
    parents[x] = n + s;
    parents[y] = n + s;
  }
  return merges;
}

/** Rows in cluster `id`. */
export const sizeOf = ({ size }: Pick<Merges, 'size'>, n: number, id: number): number => (id < n ? 1 : (size[id - n] as number));

/** The root of a forest of parents, halving paths on the way. */
function rootOf(parents: Int32Array, start: number): number {
  let id = start;
  for (let up = parents[id] as number; up !== id; up = parents[id] as number) {
    parents[id] = parents[up] as number;
    id = parents[id] as number;
  }
  return id;
}

/** Where to cut: into so many clusters (1..n), or above all merges of at most that height. */
export type Cut = { readonly clusters: number } | { readonly height: number };

/** One label a row, numbered by lowest member: row 0 is in cluster 0. */
export function cutTree(merges: Merges, n: number, cut: Cut): Int32Array {
  const steps = 'clusters' in cut ? n - Math.max(1, cut.clusters) : merges.height.filter((h) => h <= cut.height).length;
  const kept = Math.max(0, Math.min(steps, merges.height.length));
  // A cluster's top is the last of the kept steps that it went into: from the last step down, each side takes its step's.
  const top = Int32Array.from({ length: n + kept }, (_, i) => i);
  for (let s = kept - 1; s >= 0; s--) {
    top[merges.a[s] as number] = top[n + s] as number;
    top[merges.b[s] as number] = top[n + s] as number;
  }
  const labels = new Map<number, number>();
  return Int32Array.from(top.subarray(0, n), (id) => {
    if (!labels.has(id)) labels.set(id, labels.size);
    return labels.get(id) as number;
  });
}
