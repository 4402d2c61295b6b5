import { dotForBound } from './dots.as';
import { exactNearest } from './exact.as';

/** More than the rounding of the bounds and of the oracle's sums, relative. */
const SURELY: f64 = 1.0000000001;

/**
 * Hamerly's test (2010): a row whose upper bound to its own centroid is below its lower bound to every other, or below half
 * the way from its centroid to the next, keeps its label. Bounds are distances in float64 and move with the centroids: `drift`
 * is how far each went, `most` the farthest of all and `rest` the farthest without centroid `farthest`.
 * Lists the other rows of [from, to), ascending, and returns how many they are. Label -1 means a row without bounds.
 */
export function findActive(
  from: i32,
  to: i32,
  labels: usize,
  upper: usize,
  lower: usize,
  drift: usize,
  halfGap: usize,
  farthest: i32,
  most: f64,
  rest: f64,
  active: usize,
): i32 {
  let count = 0;
  for (let r = from; r < to; r++) {
    const label = load<i32>(labels + ((r as usize) << 2));
    if (label >= 0) {
      const at = (r as usize) << 3;
      const u = load<f64>(upper + at) + load<f64>(drift + ((label as usize) << 3));
      const l = load<f64>(lower + at) - (label === farthest ? rest : most);
      store<f64>(upper + at, u);
      store<f64>(lower + at, l);
      const gap = load<f64>(halfGap + ((label as usize) << 3));
      if (u * SURELY < (l > gap ? l : gap)) continue;
    }
    store<u32>(active + ((count as usize) << 2), r);
    count++;
  }
  return count;
}

/** Measures the distance of each listed row to its own centroid anew, and drops those that now pass the test. */
export function tighten(
  active: usize,
  count: i32,
  x: usize,
  xNorms: usize,
  stride: usize,
  centroids: usize,
  cNorms: usize,
  longest: f64,
  error: f64,
  labels: usize,
  upper: usize,
  lower: usize,
  halfGap: usize,
): i32 {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const r = load<u32>(active + ((i as usize) << 2));
    const at = (r as usize) << 2;
    const label = load<i32>(labels + at);
    if (label >= 0) {
      const c = label as usize;
      const n = load<f32>(xNorms + at) as f64;
      const dot = dotForBound(x + (r as usize) * stride, centroids + c * stride, stride) as f64;
      const d = n + (load<f32>(cNorms + (c << 2)) as f64) - 2 * dot;
      const u = Math.sqrt((d > 0 ? d : 0) + margin(n, longest, error));
      store<f64>(upper + (at << 1), u);
      const l = load<f64>(lower + (at << 1));
      const gap = load<f64>(halfGap + (c << 3));
      if (u * SURELY < (l > gap ? l : gap)) continue;
    }
    store<u32>(active + ((kept as usize) << 2), r);
    kept++;
  }
  return kept;
}

/**
 * What float32 can have got wrong in a squared distance from a row with squared length n to a centroid of length at most
 * `longest`; `error` is the bound for lengths that add up to 1.
 */
function margin(n: f64, longest: f64, error: f64): f64 {
  const length = Math.sqrt(n) + longest;
  return error * length * length + 1e-36;
}

/**
 * Labels and bounds of the listed rows, from what nearestTwo found. Where two centroids are closer to each other in distance
 * than float32 can tell, the row is decided by float64 on the raw rows: so the labels are always the oracle's.
 * Returns how many rows that were.
 */
export function settle(
  active: usize,
  count: i32,
  nearest: usize,
  best: usize,
  second: usize,
  xNorms: usize,
  longest: f64,
  error: f64,
  rawRows: usize,
  rawCentroids: usize,
  stride: usize,
  k: i32,
  fullK: i32,
  labels: usize,
  upper: usize,
  lower: usize,
  exact: usize,
): i32 {
  let close = 0;
  for (let i = 0; i < count; i++) {
    const r = load<u32>(active + ((i as usize) << 2)) as usize;
    const n = load<f32>(xNorms + (r << 2)) as f64;
    const e = margin(n, longest, error);
    const first = n + (load<f32>(best + ((i as usize) << 2)) as f64);
    const next = n + (load<f32>(second + ((i as usize) << 2)) as f64);
    // The error of |x|^2 is common to both; what is left of the two together is within one margin.
    if (next - first > e) {
      store<i32>(labels + (r << 2), load<i32>(nearest + ((i as usize) << 2)));
      store<f64>(upper + (r << 3), Math.sqrt((first > 0 ? first : 0) + e));
      store<f64>(lower + (r << 3), Math.sqrt(next - e > 0 ? next - e : 0));
    } else {
      close++;
      exactNearest(rawRows + r * stride, rawCentroids, fullK, stride, exact);
      decide(r, k, labels, upper, lower, exact);
    }
  }
  return close;
}

/** Lowest index of the smallest of k exact distances. */
function decide(r: usize, k: i32, labels: usize, upper: usize, lower: usize, exact: usize): void {
  let first = f64.MAX_VALUE;
  let next = f64.MAX_VALUE;
  let label = 0;
  for (let c = 0; c < k; c++) {
    const d = load<f64>(exact + ((c as usize) << 3));
    if (d < first) {
      next = first;
      first = d;
      label = c;
    } else if (d < next) next = d;
  }
  store<i32>(labels + (r << 2), label);
  store<f64>(upper + (r << 3), Math.sqrt(first) * SURELY);
  store<f64>(lower + (r << 3), Math.sqrt(next) / SURELY);
}

/**
 * Takes each row of [from, to) whose label is not its previous one out of the sum of the old cluster and into the new one's, in
 * float64, rows ascending, by the first `bytes` of each row. A line of `sums` takes 2 * stride bytes.
 */
export function moveSums(
  from: i32,
  to: i32,
  labels: usize,
  previous: usize,
  x: usize,
  stride: usize,
  bytes: usize,
  sums: usize,
): void {
  for (let r = from; r < to; r++) {
    const at = (r as usize) << 2;
    const before = load<i32>(previous + at);
    const label = load<i32>(labels + at);
    if (before === label) continue;
    const row = x + (r as usize) * stride;
    if (before >= 0) subtractRow(row, bytes, sums + (before as usize) * (stride << 1));
    addRow(row, bytes, sums + (label as usize) * (stride << 1));
  }
}

/** The sizes of the clusters after the same moves; makes `previous` equal to `labels`. */
export function moveSizes(rows: i32, labels: usize, previous: usize, sizes: usize): void {
  for (let r = 0; r < rows; r++) {
    const at = (r as usize) << 2;
    const before = load<i32>(previous + at);
    const label = load<i32>(labels + at);
    if (before === label) continue;
    if (before >= 0) count(sizes, before, -1);
    count(sizes, label, 1);
    store<i32>(previous + at, label);
  }
}

function count(sizes: usize, cluster: i32, change: f64): void {
  const at = sizes + ((cluster as usize) << 3);
  store<f64>(at, load<f64>(at) + change);
}

function addRow(row: usize, bytes: usize, sum: usize): void {
  for (let i: usize = 0; i < bytes; i += 8) {
    const at = sum + (i << 1);
    v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(v128.load64_zero(row + i))));
  }
}

function subtractRow(row: usize, bytes: usize, sum: usize): void {
  for (let i: usize = 0; i < bytes; i += 8) {
    const at = sum + (i << 1);
    v128.store(at, f64x2.sub(v128.load(at), f64x2.promote_low_f32x4(v128.load64_zero(row + i))));
  }
}
