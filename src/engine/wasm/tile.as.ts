import { dotTwoByFour } from './dots.as';

/** Distances in a row of a tile. */
const WIDTH: usize = 64;
/** Rows of `a` at a time, so that these and four of `b` stay in a 32 KB first-level cache. */
const BLOCK_BYTES: usize = 16384;

/**
 * out[i * 64 + j] = |a_i - b_j|^2 as |a|^2 + |b|^2 - 2 a.b, at least 0, for `aCount` rows at `a` and the 4 * ceil(bCount / 4)
 * rows at `b` (at most 64 each). Rows that only fill up have the norm infinity, and so every distance to them.
 */
export function squaredDistanceTile(
  a: usize,
  aNorms: usize,
  aCount: i32,
  b: usize,
  bNorms: usize,
  bCount: i32,
  stride: usize,
  out: usize,
  scratch: usize,
): void {
  const block = max<i32>(2, ((BLOCK_BYTES / stride) as i32) & ~1);
  for (let from = 0; from < aCount; from += block) {
    const to = min<i32>(aCount, from + block);
    for (let j = 0; j < bCount; j += 4) {
      const at = (j as usize) << 2;
      const m = v128.load(bNorms + at);
      for (let i = from; i < to; i += 2) {
        const second = i + 1 < to ? i + 1 : i;
        const i0 = i as usize;
        const i1 = second as usize;
        dotTwoByFour(a + i0 * stride, a + i1 * stride, b + (j as usize) * stride, stride, scratch);
        v128.store(out + ((i0 * WIDTH) << 2) + at, squared(load<f32>(aNorms + (i0 << 2)), m, v128.load(scratch)));
        v128.store(out + ((i1 * WIDTH) << 2) + at, squared(load<f32>(aNorms + (i1 << 2)), m, v128.load(scratch, 16)));
      }
    }
  }
}

function squared(n: f32, m: v128, dots: v128): v128 {
  return f32x4.pmax(f32x4.splat(0), f32x4.sub(f32x4.add(f32x4.splat(n), m), f32x4.add(dots, dots)));
}

/** Squared distances to distances, the whole tile. */
export function rootTile(tile: usize): void {
  for (let i: usize = 0; i < 64 * WIDTH * 4; i += 16) v128.store(tile + i, f32x4.sqrt(v128.load(tile + i)));
}

/** tile[i * 64 + j] *= 2 / (share i + share j), shares being 1 / rows of a cluster: squared distances of centroids as Ward has them. */
export function weighTile(tile: usize, iCount: i32, jCount: i32, iShares: usize, jShares: usize): void {
  const two = f32x4.splat(2);
  for (let i = 0; i < iCount; i++) {
    const own = f32x4.splat(load<f32>(iShares + ((i as usize) << 2)));
    const line = tile + (((i as usize) * WIDTH) << 2);
    for (let j: usize = 0; j < (jCount as usize) << 2; j += 16) {
      const weight = f32x4.div(two, f32x4.add(own, v128.load(jShares + j)));
      v128.store(line + j, f32x4.mul(v128.load(line + j), weight));
    }
  }
}

/** out[j * 64 + i] = tile[i * 64 + j], by blocks of 4 x 4. */
export function transposeTile(tile: usize, out: usize): void {
  for (let i: usize = 0; i < 64; i += 4) {
    for (let j: usize = 0; j < 64; j += 4) {
      const from = tile + ((i * WIDTH + j) << 2);
      const to = out + ((j * WIDTH + i) << 2);
      const r0 = v128.load(from);
      const r1 = v128.load(from, 256);
      const r2 = v128.load(from, 512);
      const r3 = v128.load(from, 768);
      const p0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const p1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const q0 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const q1 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(p0, q0, 0, 1, 4, 5));
      v128.store(to, v128.shuffle<f32>(p0, q0, 2, 3, 6, 7), 256);
      v128.store(to, v128.shuffle<f32>(p1, q1, 0, 1, 4, 5), 512);
      v128.store(to, v128.shuffle<f32>(p1, q1, 2, 3, 6, 7), 768);
    }
  }
}

/**
 * sums[labels[i]][j] += tile[i * 64 + j] in float64 for i < iCount and j < 4 * ceil(jCount / 4). A line of `sums` belongs to a
 * cluster and takes `line` bytes; rows are added in ascending order. What stands beyond jCount is never read.
 */
export function addByLabel(tile: usize, iCount: i32, jCount: i32, labels: usize, sums: usize, line: usize): void {
  for (let i = 0; i < iCount; i++) {
    const own = sums + (load<i32>(labels + ((i as usize) << 2)) as usize) * line;
    const from = tile + (((i as usize) * WIDTH) << 2);
    for (let j: usize = 0; j < (jCount as usize) << 2; j += 16) {
      const v = v128.load(from + j);
      const to = own + (j << 1);
      v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(v)));
      v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3))), 16);
    }
  }
}
