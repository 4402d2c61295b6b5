import { dotTwoByFour } from './dots.as';
import { pairSquared } from './exact.as';

/**
 * For Prim's algorithm over mutual reachability. Rows that are not yet in the tree come first, at positions 0..open-1 in any
 * order; ids say which rows they are. Arrays of float32 or i32 run along positions and reach to a multiple of 4.
 */

/**
 * outs[i][p] = |row i of a - row p of b|^2 as |a|^2 + |b|^2 - 2 a.b, at least 0, for `aCount` rows and the positions [from, to),
 * `from` a multiple of 4. Some rows at once, since one alone waits for memory.
 */
export function distanceRows(
  a: usize,
  aNorms: usize,
  aCount: i32,
  b: usize,
  bNorms: usize,
  from: i32,
  to: i32,
  stride: usize,
  outs: usize,
  scratch: usize,
): void {
  for (let p = from; p < to; p += 4) {
    const at = (p as usize) << 2;
    const m = v128.load(bNorms + at);
    for (let i = 0; i < aCount; i += 2) {
      const second = i + 1 < aCount ? i + 1 : i;
      const i0 = (i as usize) << 2;
      const i1 = (second as usize) << 2;
      const rows = b + (p as usize) * stride;
      dotTwoByFour(a + (i as usize) * stride, a + (second as usize) * stride, rows, stride, scratch);
      v128.store((load<u32>(outs + i0) as usize) + at, squared(load<f32>(aNorms + i0), m, v128.load(scratch)));
      v128.store((load<u32>(outs + i1) as usize) + at, squared(load<f32>(aNorms + i1), m, v128.load(scratch, 16)));
    }
  }
}

function squared(n: f32, m: v128, dots: v128): v128 {
  return f32x4.pmax(f32x4.splat(0), f32x4.sub(f32x4.add(f32x4.splat(n), m), f32x4.add(dots, dots)));
}

/**
 * Offers the edges from row `id`, just taken into the tree, to all open positions: keys[p] = least weight to the tree, parents[p] =
 * the row of the tree it comes from, the lowest of equals. `distances` is a line of {@link distanceRows}, wrong by at most
 * `error`; where that leaves an edge a chance it is measured in float64. Keys beyond `open` are -infinity.
 */
export function relax(
  id: i32,
  core: f32,
  row: usize,
  distances: usize,
  error: f32,
  open: i32,
  raw: usize,
  stride: usize,
  cores: usize,
  keys: usize,
  parents: usize,
): void {
  // Keys were rounded, and are squared here: nothing that is no farther than a key may get lost.
  const wide = f32x4.splat(1 + 1e-6);
  for (let p = 0; p < open; p += 4) {
    const at = (p as usize) << 2;
    const key = v128.load(keys + at);
    const least = f32x4.pmax(f32x4.splat(core), v128.load(cores + at));
    const tie = v128.and(f32x4.eq(least, key), i32x4.gt_s(v128.load(parents + at), i32x4.splat(id)));
    const reach = f32x4.mul(wide, f32x4.mul(key, key));
    const near = f32x4.le(f32x4.sub(v128.load(distances + at), f32x4.splat(error)), reach);
    let hits = i32x4.bitmask(v128.and(near, v128.or(tie, f32x4.lt(least, key))));
    while (hits) {
      const lane = p + ctz(hits);
      hits &= hits - 1;
      offer(id, core, row, raw + (lane as usize) * stride, stride, (lane as usize) << 2, cores, keys, parents);
    }
  }
}

function offer(
  id: i32,
  core: f32,
  row: usize,
  other: usize,
  stride: usize,
  at: usize,
  cores: usize,
  keys: usize,
  parents: usize,
): void {
  const distance = sqrt<f64>(pairSquared(row, other, stride)) as f32;
  const weight = max<f32>(max<f32>(core, load<f32>(cores + at)), distance);
  const key = load<f32>(keys + at);
  if (weight < key || (weight === key && id < load<i32>(parents + at))) {
    store<f32>(keys + at, weight);
    store<i32>(parents + at, id);
  }
}

/** The open position with the least edge by (weight, lower row, higher row). */
export function nextEdge(open: i32, ids: usize, keys: usize, parents: usize): i32 {
  const least = leastOf(keys, open);
  const wanted = f32x4.splat(least);
  let best = -1;
  for (let p = 0; p < open; p += 4) {
    let hits = i32x4.bitmask(f32x4.eq(v128.load(keys + ((p as usize) << 2)), wanted));
    while (hits) {
      const lane = p + ctz(hits);
      hits &= hits - 1;
      if (best < 0 || isLower(lane, best, ids, parents)) best = lane;
    }
  }
  return best;
}

/** keys[p] over the open positions only, for those behind are -infinity. */
function leastOf(keys: usize, open: i32): f32 {
  let least = Infinity as f32;
  let four = f32x4.splat(least);
  const whole = open & ~3;
  for (let p = 0; p < whole; p += 4) four = f32x4.pmin(four, v128.load(keys + ((p as usize) << 2)));
  least = min<f32>(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1));
  least = min<f32>(least, min<f32>(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)));
  for (let p = whole; p < open; p++) least = min<f32>(least, load<f32>(keys + ((p as usize) << 2)));
  return least;
}

function isLower(p: i32, q: i32, ids: usize, parents: usize): bool {
  const a = load<i32>(ids + ((p as usize) << 2));
  const b = load<i32>(ids + ((q as usize) << 2));
  const c = load<i32>(parents + ((p as usize) << 2));
  const d = load<i32>(parents + ((q as usize) << 2));
  const lowP = min<i32>(a, c);
  const lowQ = min<i32>(b, d);
  return lowP !== lowQ ? lowP < lowQ : max<i32>(a, c) < max<i32>(b, d);
}
