import { dotOne, dotTwoByFour } from './dots.as';

/** Rows of a stretch that stays in the second-level cache while the rows of a block meet it. */
const STRETCH: u32 = 64;

// One instance serves one set of rows: what never changes between calls.
let rows: usize = 0;
let norms: usize = 0;
let worst: usize = 0;
let ids: usize = 0;
let squared: usize = 0;
let fresh: usize = 0;
let candidates: usize = 0;
/** Room for the candidates' rows, and after them for 64 bytes of sums. */
let gathered: usize = 0;
let sums: usize = 0;
let stride: usize = 0;
let k: usize = 0;

/** Addresses; `rowStride` in bytes, a multiple of 16. Four rows after the last are read, and what they hold is not used. */
export function setup(
  rowsAt: usize,
  normsAt: usize,
  worstAt: usize,
  idsAt: usize,
  squaredAt: usize,
  freshAt: usize,
  candidatesAt: usize,
  gatheredAt: usize,
  sumsAt: usize,
  rowStride: usize,
  length: usize,
  count: u32,
): void {
  rows = rowsAt;
  norms = normsAt;
  worst = worstAt;
  ids = idsAt;
  squared = squaredAt;
  fresh = freshAt;
  candidates = candidatesAt;
  gathered = gatheredAt;
  sums = sumsAt;
  stride = rowStride;
  k = length;
  for (let r: u32 = 0; r < count; r++) {
    const row = rows + (r as usize) * stride;
    store<f32>(norms + ((r as usize) << 2), dotOne(row, row, stride));
  }
}

/** Every row of [from, to) with every later row of [from, end). */
export function joinBlock(from: u32, to: u32, end: u32): void {
  for (let stretch = from; stretch < end; stretch += STRETCH) {
    const last = min(end, stretch + STRETCH);
    for (let a = from; a < to && a + 1 < last; a += 2) {
      const second = a + 1 < to ? a + 1 : a;
      for (let b = max(stretch, a + 1); b < last; b += 4) meet(a, second, b, min(4, last - b));
    }
  }
}

/** Rows a and a2 (which may be the same) with `count` rows from b on. */
function meet(a: u32, a2: u32, b: u32, count: u32): void {
  dotTwoByFour(rows + (a as usize) * stride, rows + (a2 as usize) * stride, rows + (b as usize) * stride, stride, sums);
  const m = v128.load(norms + ((b as usize) << 2));
  const theirs = v128.load(worst + ((b as usize) << 2));
  offerFour(a, b, count, distances(a, m, v128.load(sums)), theirs);
  if (a2 !== a) offerFour(a2, b, count, distances(a2, m, v128.load(sums, 16)), theirs);
}

function distances(a: u32, m: v128, dots: v128): v128 {
  const n = f32x4.splat(load<f32>(norms + ((a as usize) << 2)));
  return f32x4.pmax(f32x4.splat(0), f32x4.sub(f32x4.add(n, m), f32x4.add(dots, dots)));
}

/** Nearly all pairs end here: no nearer than the last of either list. */
function offerFour(a: u32, b: u32, count: u32, d: v128, theirs: v128): void {
  const own = f32x4.splat(load<f32>(worst + ((a as usize) << 2)));
  let hits = i32x4.bitmask(f32x4.lt(d, f32x4.pmax(own, theirs))) & ((1 << count) - 1);
  if (hits === 0) return;
  v128.store(sums, d, 32);
  while (hits) {
    const lane = ctz(hits) as u32;
    hits &= hits - 1;
    const value = load<f32>(sums + ((lane as usize) << 2), 32);
    offer(a, b + lane, value);
    offer(b + lane, a, value);
  }
}

/** Each of the first `first` candidates with every one after it, of `count`. Tells how many entries are new. */
export function joinCandidates(first: u32, count: u32): u32 {
  for (let i: u32 = 0; i < count; i++) {
    memory.copy(gathered + (i as usize) * stride, rows + (candidate(i) as usize) * stride, stride);
  }
  let kept: u32 = 0;
  for (let i: u32 = 0; i < first; i += 2) {
    const second = i + 1 < first ? i + 1 : i;
    const a = gathered + (i as usize) * stride;
    const a2 = gathered + (second as usize) * stride;
    for (let j = i + 1; j < count; j += 4) {
      dotTwoByFour(a, a2, gathered + (j as usize) * stride, stride, sums);
      const last = min(4, count - j);
      kept += offerGathered(candidate(i), j, last, 0);
      if (second !== i) kept += offerGathered(candidate(second), j, last, 16);
    }
  }
  return kept;
}

function candidate(i: u32): u32 {
  return load<u32>(candidates + ((i as usize) << 2));
}

function offerGathered(a: u32, j: u32, count: u32, dots: usize): u32 {
  const norm = load<f32>(norms + ((a as usize) << 2));
  let kept: u32 = 0;
  for (let lane: u32 = 0; lane < count; lane++) {
    const b = candidate(j + lane);
    const dot = load<f32>(sums + dots + ((lane as usize) << 2));
    const d = max<f32>(0, norm + load<f32>(norms + ((b as usize) << 2)) - (dot + dot));
    kept += offer(a, b, d) + offer(b, a, d);
  }
  return kept;
}

/** Puts (id, d) into the list of `row` if it belongs there and is not in it; 1 if it was put there. */
function offer(row: u32, id: u32, d: f32): u32 {
  const limit = worst + ((row as usize) << 2);
  if (id === row || !(d < load<f32>(limit))) return 0;
  const start = (row as usize) * k;
  for (let j = start; j < start + k; j++) if (load<u32>(ids + (j << 2)) === id) return 0;
  let at = start + k - 1;
  while (at > start && d < load<f32>(squared + ((at - 1) << 2))) {
    store<f32>(squared + (at << 2), load<f32>(squared + ((at - 1) << 2)));
    store<u32>(ids + (at << 2), load<u32>(ids + ((at - 1) << 2)));
    store<u8>(fresh + at, load<u8>(fresh + at - 1));
    at--;
  }
  store<f32>(squared + (at << 2), d);
  store<u32>(ids + (at << 2), id);
  store<u8>(fresh + at, 1);
  store<f32>(limit, load<f32>(squared + ((start + k - 1) << 2)));
  return 1;
}
