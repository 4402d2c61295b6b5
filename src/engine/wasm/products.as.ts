/**
 * Sums of products in float64, in the plain loops' own order, so that the bits are the same: strips of four vectors, element
 * after element (32 bytes each), against other strips; no sum is split over lanes.
 */

/** Strips of four columns of the `rows` rows at `x`, less `mean`: strip s starts at out + s * rows * 32. */
export function packColumns(x: usize, rows: i32, stride: usize, mean: usize, out: usize): void {
  const length = (rows as usize) << 5;
  for (let c: usize = 0; c < stride; c += 16) {
    const m0 = v128.load(mean + (c << 1));
    const m1 = v128.load(mean + (c << 1), 16);
    let to = out + (c >> 4) * length;
    const end = to + length;
    for (let from = x + c; to < end; from += stride) {
      const v = v128.load(from);
      v128.store(to, f64x2.sub(f64x2.promote_low_f32x4(v), m0));
      v128.store(to, f64x2.sub(f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3)), m1), 16);
      to += 32;
    }
  }
}

/** Strips of four rows at `x` (`rows` is a multiple of 4), less `mean`, element after element over the dimensions. */
export function packRows(x: usize, rows: i32, stride: usize, mean: usize, out: usize): void {
  let to = out;
  const last = x + (rows as usize) * stride;
  for (let row = x; row < last; row += 4 * stride) {
    const end = row + stride;
    let m = mean;
    for (let from = row; from < end; from += 8) {
      const r0 = centredTwo(from, m);
      const r1 = centredTwo(from + stride, m);
      const r2 = centredTwo(from + 2 * stride, m);
      const r3 = centredTwo(from + 3 * stride, m);
      v128.store(to, v128.shuffle<f64>(r0, r1, 0, 2));
      v128.store(to, v128.shuffle<f64>(r2, r3, 0, 2), 16);
      v128.store(to, v128.shuffle<f64>(r0, r1, 1, 3), 32);
      v128.store(to, v128.shuffle<f64>(r2, r3, 1, 3), 48);
      to += 64;
      m += 16;
    }
  }
}

function centredTwo(at: usize, mean: usize): v128 {
  return f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(at)), v128.load(mean));
}

/** Rotates two lines of `bytes` (a multiple of 16), float64: a becomes c a + s b, and b becomes c b - s a. */
export function rotateLines(a: usize, b: usize, bytes: usize, c: f64, s: f64): void {
  const cc = f64x2.splat(c);
  const ss = f64x2.splat(s);
  const end = a + bytes;
  while (a < end) {
    const x = v128.load(a);
    const y = v128.load(b);
    v128.store(a, f64x2.add(f64x2.mul(cc, x), f64x2.mul(ss, y)));
    v128.store(b, f64x2.sub(f64x2.mul(cc, y), f64x2.mul(ss, x)));
    a += 16;
    b += 16;
  }
}

/**
 * gram[i][j] += column i . column j for the columns i of strips [from, to) and j in the strip of i or after, of `count` strips;
 * `length` rows each.
 */
export function addScatter(strips: usize, count: i32, from: i32, to: i32, length: i32, gram: usize): void {
  const bytes = (length as usize) << 5;
  const line = (count as usize) << 5;
  for (let s = from as usize; s < (to as usize); s++) {
    for (let t = s; t < (count as usize); t++) {
      addProducts(strips + s * bytes, strips + t * bytes, bytes, gram + s * 4 * line + (t << 5), line);
    }
  }
}

/** out[i][j] = vector i of `a` . vector j of `b`, for strips of `length` elements; a line of `out` has bCount * 4 values. */
export function crossProducts(a: usize, aCount: i32, b: usize, bCount: i32, length: i32, out: usize): void {
  const bytes = (length as usize) << 5;
  const line = (bCount as usize) << 5;
  memory.fill(out, 0, (aCount as usize) * 4 * line);
  for (let s: usize = 0; s < (aCount as usize); s++) {
    for (let t: usize = 0; t < (bCount as usize); t++) {
      addProducts(a + s * bytes, b + t * bytes, bytes, out + s * 4 * line + (t << 5), line);
    }
  }
}

/** Four by four sums in eight registers; see dots.as.ts for why no more. */
function addProducts(a: usize, b: usize, bytes: usize, out: usize, line: usize): void {
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  const end = a + bytes;
  while (a < end) {
    const y0 = v128.load(b);
    const y1 = v128.load(b, 16);
    const x0 = v128.load64_splat(a);
    s00 = f64x2.add(s00, f64x2.mul(x0, y0));
    s01 = f64x2.add(s01, f64x2.mul(x0, y1));
    const x1 = v128.load64_splat(a, 8);
    s10 = f64x2.add(s10, f64x2.mul(x1, y0));
    s11 = f64x2.add(s11, f64x2.mul(x1, y1));
    const x2 = v128.load64_splat(a, 16);
    s20 = f64x2.add(s20, f64x2.mul(x2, y0));
    s21 = f64x2.add(s21, f64x2.mul(x2, y1));
    const x3 = v128.load64_splat(a, 24);
    s30 = f64x2.add(s30, f64x2.mul(x3, y0));
    s31 = f64x2.add(s31, f64x2.mul(x3, y1));
    a += 32;
    b += 32;
  }
  addTwo(out, s00, s01);
  addTwo(out + line, s10, s11);
  addTwo(out + 2 * line, s20, s21);
  addTwo(out + 3 * line, s30, s31);
}

function addTwo(at: usize, s0: v128, s1: v128): void {
  v128.store(at, f64x2.add(v128.load(at), s0));
  v128.store(at, f64x2.add(v128.load(at, 16), s1), 16);
}
