import { dot, type WindowSegment } from '../domain/index.ts';

/** `table[a * right.length + b]`: cosine of two centroids, which are unit vectors. */
export function cosineTable(left: readonly WindowSegment[], right: readonly WindowSegment[]): Float64Array {
  const table = new Float64Array(left.length * right.length);
  left.forEach((a, i) => {
    right.forEach((b, j) => {
      table[i * right.length + j] = dot(a.centroid, b.centroid);
    });
  });
  return table;
}

/** Pairs that are each other's nearest by centroid; ties go to the lowest index. */
export function mutualNearest(left: readonly WindowSegment[], right: readonly WindowSegment[]): [number, number, number][] {
  const table = cosineTable(left, right);
  const at = (i: number, j: number): number => table[i * right.length + j] as number;
  const pairs: [number, number, number][] = [];
  for (let i = 0; i < left.length; i++) {
    const j = argmax(right.length, (k) => at(i, k));
    if (j >= 0 && argmax(left.length, (k) => at(k, j)) === i) pairs.push([i, j, at(i, j)]);
  }
  return pairs;
}

/** The largest cosine of segment `i` to another of its own window; -Infinity where it is alone. */
export function nearestSibling(segments: readonly WindowSegment[], i: number): number {
  const own = (segments[i] as WindowSegment).centroid;
  let best = Number.NEGATIVE_INFINITY;
  segments.forEach((other, j) => {
    if (j !== i) best = Math.max(best, dot(own, other.centroid));
  });
  return best;
}

/** Index of the largest value, the lowest on ties; -1 for none. */
export function argmax(n: number, value: (i: number) => number): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const v = value(i);
    if (v <= most) continue;
    best = i;
    most = v;
  }
  return best;
}
