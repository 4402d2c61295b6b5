/**
 * Dot products of rows in float32, the inner loop of everything else. A row takes `stride` bytes, a multiple of 16, with zeros
 * after its last dimension. Four partial sums over every fourth dimension, joined in one fixed order: the same two rows
 * always give the same bits, whichever function here multiplies them.
 */

/**
 * out[0..3] = a0 . b_j and out[4..7] = a1 . b_j for four rows b_j that follow each other. Two by four, because eight sums and
 * six operands fit in the 16 vector registers of x86-64. Wider tiles and unrolled loops spill: 3 x 4, or two steps at once,
 * fell from 55 to 30 GFLOP/s; running pointers in place of one index gained a sixth (Node 20, Zen 5).
 */
export function dotTwoByFour(a0: usize, a1: usize, b0: usize, stride: usize, out: usize): void {
  let b1 = b0 + stride;
  let b2 = b1 + stride;
  let b3 = b2 + stride;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  const end = a0 + stride;
  while (a0 < end) {
    const x0 = v128.load(a0);
    const x1 = v128.load(a1);
    const y0 = v128.load(b0);
    s00 = f32x4.add(s00, f32x4.mul(x0, y0));
    s10 = f32x4.add(s10, f32x4.mul(x1, y0));
    const y1 = v128.load(b1);
    s01 = f32x4.add(s01, f32x4.mul(x0, y1));
    s11 = f32x4.add(s11, f32x4.mul(x1, y1));
    const y2 = v128.load(b2);
    s02 = f32x4.add(s02, f32x4.mul(x0, y2));
    s12 = f32x4.add(s12, f32x4.mul(x1, y2));
    const y3 = v128.load(b3);
    s03 = f32x4.add(s03, f32x4.mul(x0, y3));
    s13 = f32x4.add(s13, f32x4.mul(x1, y3));
    a0 += 16;
    a1 += 16;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  v128.store(out, joinFour(s00, s01, s02, s03));
  v128.store(out, joinFour(s10, s11, s12, s13), 16);
}

/** a . b */
export function dotOne(a: usize, b: usize, stride: usize): f32 {
  let s = f32x4.splat(0);
  for (let i: usize = 0; i < stride; i += 16) s = f32x4.add(s, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  return f32x4.extract_lane(joinFour(s, s, s, s), 0);
}

/**
 * a . b four sums at a time, in another order than the functions above: for bounds, where equal rows need not be at exactly
 * 0. One sum alone waits three cycles for each addition.
 */
export function dotForBound(a: usize, b: usize, stride: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const end = a + stride;
  const last = a + (stride & ~63);
  while (a < last) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)));
    a += 64;
    b += 64;
  }
  while (a < end) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  return f32x4.extract_lane(joinFour(s, s, s, s), 0);
}

/** Lane j = the sum of the lanes of s_j, as (0 + 2) + (1 + 3). */
function joinFour(s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const s01 = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
  const s23 = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(s01, s23, 0, 1, 4, 5), v128.shuffle<f32>(s01, s23, 2, 3, 6, 7));
}
