import { pairSquared } from './exact.as';

/**
 * Density-connected rows found in one pass over the pairs. A row is known to be core once `minPts` rows (itself included) are
 * close to it, and stays so: a close pair of two known cores is joined at once. A row not yet known to be core writes
 * its neighbour into its list, which thus holds at most minPts - 1: all of them, for a row that never becomes core.
 * `degree` starts at 1 and stops at minPts; `parent` starts as each row its own and always points to a lower row.
 */

/** Distances in a row of a tile. */
const WIDTH: usize = 64;

/**
 * Joins the close pairs of a tile (|a - b|^2 <= epsSquared), each once. Where float32 cannot tell, float64 on the raw rows
 * does; `error` is the bound for lengths that add up to 1, `longest` the length of the longest row.
 */
export function joinCloseTile(
  tile: usize,
  iStart: i32,
  iCount: i32,
  jStart: i32,
  jCount: i32,
  epsSquared: f64,
  minPts: i32,
  norms: usize,
  longest: f64,
  error: f64,
  raw: usize,
  stride: usize,
  degree: usize,
  lists: usize,
  parent: usize,
): void {
  for (let i = 0; i < iCount; i++) {
    const a = iStart + i;
    const length = Math.sqrt(load<f32>(norms + ((a as usize) << 2)) as f64) + longest;
    const margin = error * length * length + 1e-36;
    const surely = epsSquared - margin;
    // Rounded up, so that the margin stays whole in float32.
    const perhaps = ((epsSquared + margin) * 1.0000002) as f32;
    const line = tile + (((i as usize) * WIDTH) << 2);
    // On the diagonal a tile holds each pair twice.
    const from = iStart === jStart ? i + 1 : 0;
    for (let j = from & ~3; j < jCount; j += 4) {
      let hits = i32x4.bitmask(f32x4.le(v128.load(line + ((j as usize) << 2)), f32x4.splat(perhaps)));
      while (hits) {
        const at = j + ctz(hits);
        hits &= hits - 1;
        if (at < from || at >= jCount) continue;
        const b = jStart + at;
        const squared = load<f32>(line + ((at as usize) << 2)) as f64;
        if (squared <= surely || isClose(a, b, epsSquared, raw, stride)) joinPair(a, b, minPts, degree, lists, parent);
      }
    }
  }
}

function isClose(a: i32, b: i32, epsSquared: f64, raw: usize, stride: usize): boolean {
  return pairSquared(raw + (a as usize) * stride, raw + (b as usize) * stride, stride) <= epsSquared;
}

function joinPair(a: i32, b: i32, minPts: i32, degree: usize, lists: usize, parent: usize): void {
  const wasCore = note(a, b, minPts, degree, lists);
  if (note(b, a, minPts, degree, lists) && wasCore) unite(a, b, parent);
}

/** Whether row a was known to be core already; if not, b is one more neighbour. */
function note(a: i32, b: i32, minPts: i32, degree: usize, lists: usize): boolean {
  const at = degree + ((a as usize) << 2);
  const d = load<i32>(at);
  if (d >= minPts) return true;
  store<i32>(lists + (((a as usize) * ((minPts - 1) as usize) + ((d - 1) as usize)) << 2), b);
  store<i32>(at, d + 1);
  return false;
}

/**
 * The lower of two roots becomes the root: the lowest row of all that are joined, in whatever order they were. Other threads may do
 * the same beside: a row that is no root any more is looked up again.
 */
function unite(a: i32, b: i32, parent: usize): void {
  if (load<i32>(parent + ((a as usize) << 2)) === load<i32>(parent + ((b as usize) << 2))) return;
  while (true) {
    const x = rootOf(a, parent);
    const y = rootOf(b, parent);
    if (x === y) return;
    const low = min<i32>(x, y);
    const high = max<i32>(x, y);
    if (atomic.cmpxchg<i32>(parent + ((high as usize) << 2), high, low) === high) return;
  }
}

/** With path halving; where another thread was faster, a row is set back to an ancestor that is farther up but true. */
function rootOf(row: i32, parent: usize): i32 {
  let at = row;
  let up = load<i32>(parent + ((at as usize) << 2));
  while (up !== at) {
    const next = load<i32>(parent + ((up as usize) << 2));
    store<i32>(parent + ((at as usize) << 2), next);
    at = next;
    up = load<i32>(parent + ((at as usize) << 2));
  }
  return at;
}

/** After all pairs: joins the cores of [from, to) with the cores in their lists. */
export function joinLists(from: i32, to: i32, minPts: i32, degree: usize, lists: usize, parent: usize): void {
  const capacity = minPts - 1;
  for (let a = from; a < to; a++) {
    if (load<i32>(degree + ((a as usize) << 2)) < minPts) continue;
    const own = lists + (((a as usize) * (capacity as usize)) << 2);
    for (let i = 0; i < capacity; i++) {
      const b = load<i32>(own + ((i as usize) << 2));
      if (load<i32>(degree + ((b as usize) << 2)) >= minPts) unite(a, b, parent);
    }
  }
}

/**
 * After all lists, rows ascending from 0: clusters are numbered by their roots; a row that is not core gets the lowest of the
 * roots in its list, -1 where there is none. Writes the labels and returns the number of clusters.
 */
export function labelRows(rows: i32, minPts: i32, degree: usize, lists: usize, parent: usize, labels: usize): i32 {
  let clusters = 0;
  for (let a = 0; a < rows; a++) {
    if (load<i32>(degree + ((a as usize) << 2)) < minPts) continue;
    const root = rootOf(a, parent);
    // The root is the lowest row of its cluster, so it has its label by then.
    const label = root === a ? clusters++ : load<i32>(labels + ((root as usize) << 2));
    store<i32>(labels + ((a as usize) << 2), label);
  }
  for (let a = 0; a < rows; a++) {
    const d = load<i32>(degree + ((a as usize) << 2));
    if (d < minPts) store<i32>(labels + ((a as usize) << 2), labelOfBorder(a, d, minPts, degree, lists, labels));
  }
  return clusters;
}

function labelOfBorder(a: i32, d: i32, minPts: i32, degree: usize, lists: usize, labels: usize): i32 {
  let lowest = i32.MAX_VALUE;
  const own = lists + (((a as usize) * ((minPts - 1) as usize)) << 2);
  for (let i = 0; i < d - 1; i++) {
    const b = load<i32>(own + ((i as usize) << 2)) as usize;
    if (load<i32>(degree + (b << 2)) >= minPts) lowest = min(lowest, load<i32>(labels + (b << 2)));
  }
  return lowest === i32.MAX_VALUE ? -1 : lowest;
}
