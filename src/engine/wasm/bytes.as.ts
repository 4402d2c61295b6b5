/**
 * out[r] = sum over i of x[r][i] * query[i], exact in int32, for the rows from <= r < to: int8 rows of `stride` bytes (a multiple of 16), an
 * int16 query of twice as many, zeros after the last dimension of both. Two sums a row: one alone waits for each addition.
 */
export function dotBytes(x: usize, from: i32, to: i32, stride: usize, query: usize, out: usize): void {
  for (let r = from; r < to; r++) {
    const row = x + (r as usize) * stride;
    let low = i32x4.splat(0);
    let high = low;
    for (let i: usize = 0; i < stride; i += 16) {
      const bytes = v128.load(row + i);
      const q = query + (i << 1);
      low = i32x4.add(low, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(bytes), v128.load(q)));
      high = i32x4.add(high, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(bytes), v128.load(q, 16)));
    }
    const s = i32x4.add(low, high);
    const sum = i32x4.extract_lane(s, 0) + i32x4.extract_lane(s, 1) + i32x4.extract_lane(s, 2) + i32x4.extract_lane(s, 3);
    store<i32>(out + ((r as usize) << 2), sum);
  }
}
