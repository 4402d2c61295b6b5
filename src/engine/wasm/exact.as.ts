/** Distances in float64 by the oracle's own sums: one term after the other, over ascending dimensions. */

/**
 * out[0..k) = |row - centroid|^2 for k centroids, a multiple of 4. Four sums at once, for one alone waits for each addition.
 */
export function exactNearest(row: usize, centroids: usize, k: i32, stride: usize, out: usize): void {
  for (let c = 0; c < k; c += 4) {
    const c0 = centroids + (c as usize) * stride;
    const c1 = c0 + stride;
    const c2 = c1 + stride;
    const c3 = c2 + stride;
    let s0: f64 = 0;
    let s1: f64 = 0;
    let s2: f64 = 0;
    let s3: f64 = 0;
    for (let i: usize = 0; i < stride; i += 4) {
      const v = load<f32>(row + i) as f64;
      const d0 = v - (load<f32>(c0 + i) as f64);
      const d1 = v - (load<f32>(c1 + i) as f64);
      const d2 = v - (load<f32>(c2 + i) as f64);
      const d3 = v - (load<f32>(c3 + i) as f64);
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    const to = out + ((c as usize) << 3);
    store<f64>(to, s0);
    store<f64>(to, s1, 8);
    store<f64>(to, s2, 16);
    store<f64>(to, s3, 24);
  }
}

/** out[r] = |row r - centroid of its label|^2 for from <= r < to, four rows at once. */
export function ownSquared(x: usize, from: i32, to: i32, labels: usize, centroids: usize, stride: usize, out: usize): void {
  for (let r = from; r < to; r += 4) {
    const last = to - 1;
    const r1 = min<i32>(r + 1, last);
    const r2 = min<i32>(r + 2, last);
    const r3 = min<i32>(r + 3, last);
    const x0 = x + (r as usize) * stride;
    const x1 = x + (r1 as usize) * stride;
    const x2 = x + (r2 as usize) * stride;
    const x3 = x + (r3 as usize) * stride;
    const c0 = centroidOf(centroids, labels, r, stride);
    const c1 = centroidOf(centroids, labels, r1, stride);
    const c2 = centroidOf(centroids, labels, r2, stride);
    const c3 = centroidOf(centroids, labels, r3, stride);
    let s0: f64 = 0;
    let s1: f64 = 0;
    let s2: f64 = 0;
    let s3: f64 = 0;
    for (let i: usize = 0; i < stride; i += 4) {
      const d0 = (load<f32>(x0 + i) as f64) - (load<f32>(c0 + i) as f64);
      const d1 = (load<f32>(x1 + i) as f64) - (load<f32>(c1 + i) as f64);
      const d2 = (load<f32>(x2 + i) as f64) - (load<f32>(c2 + i) as f64);
      const d3 = (load<f32>(x3 + i) as f64) - (load<f32>(c3 + i) as f64);
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    store<f64>(out + ((r as usize) << 3), s0);
    store<f64>(out + ((r1 as usize) << 3), s1);
    store<f64>(out + ((r2 as usize) << 3), s2);
    store<f64>(out + ((r3 as usize) << 3), s3);
  }
}

function centroidOf(centroids: usize, labels: usize, r: i32, stride: usize): usize {
  return centroids + (load<i32>(labels + ((r as usize) << 2)) as usize) * stride;
}

/** |a - b|^2 in four partial sums over every fourth dimension, joined as (0 + 2) + (1 + 3). */
export function pairSquared(a: usize, b: usize, stride: usize): f64 {
  let low = f64x2.splat(0);
  let high = low;
  for (let i: usize = 0; i < stride; i += 16) {
    const x = v128.load(a + i);
    const y = v128.load(b + i);
    const d = f64x2.sub(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y));
    const e = f64x2.sub(upper(x), upper(y));
    low = f64x2.add(low, f64x2.mul(d, d));
    high = f64x2.add(high, f64x2.mul(e, e));
  }
  const s = f64x2.add(low, high);
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

function upper(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}
