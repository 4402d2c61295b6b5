import { dotTwoByFour } from './dots.as';

/**
 * For k-means++: reduced[c * rows + r] = min(nearest[r], |row r - candidate c|^2) and sums[c] += that, rows ascending, for
 * from <= r < to and `count` candidates, a multiple of 4; those that only fill up have the norm infinity.
 */
export function reduceByCandidates(
  x: usize,
  xNorms: usize,
  from: i32,
  to: i32,
  rows: i32,
  stride: usize,
  candidates: usize,
  cNorms: usize,
  count: i32,
  nearest: usize,
  reduced: usize,
  sums: usize,
  scratch: usize,
): void {
  for (let r = from; r < to; r += 2) {
    const second = r + 1 < to ? r + 1 : r;
    for (let c = 0; c < count; c += 4) {
      const group = (c as usize) * stride;
      dotTwoByFour(x + (r as usize) * stride, x + (second as usize) * stride, candidates + group, stride, scratch);
      const m = v128.load(cNorms + ((c as usize) << 2));
      store4(r, c, rows, m, v128.load(scratch), xNorms, nearest, reduced, sums, scratch);
      if (second > r) store4(second, c, rows, m, v128.load(scratch, 16), xNorms, nearest, reduced, sums, scratch);
    }
  }
}

function store4(
  r: i32,
  c: i32,
  rows: i32,
  m: v128,
  dots: v128,
  xNorms: usize,
  nearest: usize,
  reduced: usize,
  sums: usize,
  scratch: usize,
): void {
  const at = (r as usize) << 2;
  const n = f32x4.splat(load<f32>(xNorms + at));
  const d = f32x4.pmax(f32x4.splat(0), f32x4.sub(f32x4.add(n, m), f32x4.add(dots, dots)));
  const least = f32x4.pmin(f32x4.splat(load<f32>(nearest + at)), d);
  v128.store(scratch, least, 32);
  for (let i = 0; i < 4; i++) {
    const value = load<f32>(scratch + ((i as usize) << 2), 32);
    store<f32>(reduced + ((((c + i) as usize) * (rows as usize)) << 2) + at, value);
    const sum = sums + (((c + i) as usize) << 3);
    store<f64>(sum, load<f64>(sum) + (value as f64));
  }
}
