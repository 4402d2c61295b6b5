import { dotOne } from './dots.as';

/** out[r] = |row r|^2 in float32, by the sums of the dot products: a row is at exactly 0 from its equal. */
export function norms(x: usize, from: i32, to: i32, stride: usize, out: usize): void {
  for (let r = from; r < to; r++) {
    const row = x + (r as usize) * stride;
    store<f32>(out + ((r as usize) << 2), dotOne(row, row, stride));
  }
}

/** sums[i] += x[r][i] in float64, rows ascending, for the first `bytes` of each row. */
export function columnSums(x: usize, from: i32, to: i32, stride: usize, bytes: usize, sums: usize): void {
  for (let r = from; r < to; r++) {
    const row = x + (r as usize) * stride;
    for (let i: usize = 0; i < bytes; i += 8) {
      const at = sums + (i << 1);
      v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(v128.load64_zero(row + i))));
    }
  }
}

/** squares[i] += (x[r][i] - mean[i])^2 in float64, rows ascending, for the first `bytes` of each row. */
export function columnSquares(x: usize, from: i32, to: i32, stride: usize, bytes: usize, mean: usize, squares: usize): void {
  for (let r = from; r < to; r++) {
    const row = x + (r as usize) * stride;
    for (let i: usize = 0; i < bytes; i += 8) {
      const d = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(row + i)), v128.load(mean + (i << 1)));
      const at = squares + (i << 1);
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(d, d)));
    }
  }
}

/** out[r] = x[r] - mean, rounded once. */
export function shift(x: usize, from: i32, to: i32, stride: usize, mean: usize, out: usize): void {
  for (let r = from; r < to; r++) {
    const at = (r as usize) * stride;
    for (let i: usize = 0; i < stride; i += 8) {
      const d = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(x + at + i)), v128.load(mean + (i << 1)));
      v128.store64_lane(out + at + i, f32x4.demote_f64x2_zero(d), 0);
    }
  }
}
