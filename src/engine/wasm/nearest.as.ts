import { dotTwoByFour } from './dots.as';

/** Rows at a time, so that these and four centroids stay in a 32 KB first-level cache. */
const BLOCK_BYTES: usize = 16384;
/** Bytes kept for two rows while the centroids pass: best, second and index, four lanes each. */
const STATE: usize = 96;

/**
 * For the `count` rows that `rows` lists: the nearest of `k` centroids (a multiple of 4; those that only fill up have the norm
 * infinity), and |c|^2 - 2 x.c, the squared distance without |x|^2, of the nearest and of the second. Written at the place in
 * the list. On a tie any of the equals is named and both values are the same; the caller looks closer at such rows.
 * `scratch` has room for 32 bytes and, after 64, for 96 a pair of 256 rows.
 */
export function nearestTwo(
  x: usize,
  rows: usize,
  count: i32,
  stride: usize,
  centroids: usize,
  cNorms: usize,
  k: i32,
  nearest: usize,
  best: usize,
  second: usize,
  scratch: usize,
): void {
  const block = min<i32>(256, max<i32>(2, ((BLOCK_BYTES / stride) as i32) & ~1));
  for (let from = 0; from < count; from += block) {
    const to = min<i32>(count, from + block);
    const states = scratch + 64;
    clear(states, (to - from + 1) >> 1);
    let ids = i32x4(0, 1, 2, 3);
    for (let c = 0; c < k; c += 4) {
      const m = v128.load(cNorms + ((c as usize) << 2));
      let state = states;
      for (let i = from; i < to; i += 2) {
        const a0 = rowAt(x, rows, i, stride);
        const a1 = rowAt(x, rows, i + 1 < to ? i + 1 : i, stride);
        dotTwoByFour(a0, a1, centroids + (c as usize) * stride, stride, scratch);
        improve(state, m, v128.load(scratch), ids);
        improve(state + 48, m, v128.load(scratch, 16), ids);
        state += STATE;
      }
      ids = i32x4.add(ids, i32x4.splat(4));
    }
    for (let i = from; i < to; i++) {
      const at = (i as usize) << 2;
      reduceLanes(states + ((i - from) as usize) * 48, nearest + at, best + at, second + at);
    }
  }
}

function rowAt(x: usize, rows: usize, i: i32, stride: usize): usize {
  return x + (load<u32>(rows + ((i as usize) << 2)) as usize) * stride;
}

function clear(states: usize, pairs: i32): void {
  const far = f32x4.splat(Infinity);
  for (let i = 0; i < pairs * 2; i++) {
    const state = states + (i as usize) * 48;
    v128.store(state, far);
    v128.store(state, far, 16);
    v128.store(state, i32x4.splat(0), 32);
  }
}

function improve(state: usize, m: v128, dots: v128, ids: v128): void {
  const d = f32x4.sub(m, f32x4.add(dots, dots));
  const best = v128.load(state);
  v128.store(state, f32x4.pmin(best, d));
  v128.store(state, f32x4.pmin(v128.load(state, 16), f32x4.pmax(best, d)), 16);
  v128.store(state, v128.bitselect(ids, v128.load(state, 32), f32x4.lt(d, best)), 32);
}

/** The best of four lanes with its index; the second is the second of all eight values. */
function reduceLanes(state: usize, nearest: usize, best: usize, second: usize): void {
  let first = load<f32>(state);
  let next = load<f32>(state, 16);
  let id = load<i32>(state, 32);
  for (let lane: usize = 4; lane < 16; lane += 4) {
    const value = load<f32>(state + lane);
    const other = load<f32>(state + lane, 16);
    if (value < first) {
      next = other < first ? other : first;
      first = value;
      id = load<i32>(state + lane, 32);
    } else if (value < next) next = value;
  }
  store<f32>(best, first);
  store<f32>(second, next);
  store<i32>(nearest, id);
}
