/**
 * UMAP's descent over some rows of a graph: the sums of walk.cpu.ts in ../umap, in the same order in float64, so the same bits.
 * Scalar: with x and y side by side in a vector it took 2.5 times as long.
 */

const NEGATIVE_RATE = 5;
const CLIP: f64 = 4;
const RATE_MASK: u32 = 0x3fffffff;

// One instance serves one layout: what never changes between calls.
let positions: usize = 0;
let offsets: usize = 0;
let tails: usize = 0;
let rates: usize = 0;
let pull: usize = 0;
let push: usize = 0;
let lowestBits: i32 = 0;
let highestBits: i32 = 0;
let shift: i32 = 0;
let rowCount: u64 = 0;
let heldCount: u32 = 0;
let s0: u32 = 0;
let s1: u32 = 0;

/** Addresses, then the form of the tables of forces, then the number of rows, of those held, and the two words of random state. */
export function setup(
  positionsAt: usize,
  offsetsAt: usize,
  tailsAt: usize,
  ratesAt: usize,
  pullAt: usize,
  pushAt: usize,
  lowest: i32,
  highest: i32,
  tableShift: i32,
  rows: u32,
  held: u32,
  seed0: u32,
  seed1: u32,
): void {
  positions = positionsAt;
  offsets = offsetsAt;
  tails = tailsAt;
  rates = ratesAt;
  pull = pullAt;
  push = pushAt;
  lowestBits = lowest;
  highestBits = highest;
  shift = tableShift;
  rowCount = rows as u64;
  heldCount = held;
  s0 = seed0;
  s1 = seed1;
}

/** Rows [from, to) in epoch 1 and on, with learning rate `alpha`. */
export function walk(from: u32, to: u32, epoch: u32, alpha: f64): void {
  const at0 = positions;
  const tailsAt = tails;
  const ratesAt = rates;
  const pullAt = pull;
  const pushAt = push;
  const lowest = lowestBits;
  const highest = highestBits;
  const tableShift = shift;
  const shareMask = (1 << tableShift) - 1;
  const step: f64 = 1.0 / ((1 << tableShift) as f64);
  const count = rowCount;
  const held = heldCount;
  const freeAt = at0 + ((held as usize) << 3);
  const clip = CLIP * alpha;
  let a0 = s0;
  let a1 = s1;
  let e = load<u32>(offsets + ((from as usize) << 2));
  for (let i = from; i < to; i++) {
    const own = at0 + ((i as usize) << 3);
    const end = load<u32>(offsets + ((i as usize) << 2), 4);
    let x = load<f32>(own) as f64;
    let y = load<f32>(own, 4) as f64;
    for (; e < end; e++) {
      const rate = load<u32>(ratesAt + ((e as usize) << 2));
      if (((epoch * rate) & RATE_MASK) >= rate) continue;
      const tail = at0 + ((load<u32>(tailsAt + ((e as usize) << 2)) as usize) << 3);
      const tx = load<f32>(tail) as f64;
      const ty = load<f32>(tail, 4) as f64;
      let dx = x - tx;
      let dy = y - ty;
      let at = min(max(reinterpret<i32>((dx * dx + dy * dy) as f32), lowest), highest) - lowest;
      let entry = pullAt + (((at >> tableShift) as usize) << 2);
      let low = load<f32>(entry) as f64;
      let force = alpha * (low + ((at & shareMask) as f64) * step * ((load<f32>(entry, 4) as f64) - low));
      let mx = min(max(force * dx, -clip), clip);
      let my = min(max(force * dy, -clip), clip);
      if (tail >= freeAt) {
        store<f32>(tail, (tx + mx) as f32);
        store<f32>(tail, (ty + my) as f32, 4);
      }
      if (i < held) continue;
      x -= mx;
      y -= my;
      let px: f64 = 0;
      let py: f64 = 0;
      for (let sample = 0; sample < NEGATIVE_RATE; sample++) {
        const draw = a0 * 0x9e3779bb;
        a1 ^= a0;
        a0 = rotl<u32>(a0, 26) ^ a1 ^ (a1 << 9);
        a1 = rotl<u32>(a1, 13);
        const other = at0 + (((((draw as u64) * count) >> 32) as usize) << 3);
        if (other === own) continue;
        dx = x - (load<f32>(other) as f64);
        dy = y - (load<f32>(other, 4) as f64);
        at = min(max(reinterpret<i32>((dx * dx + dy * dy) as f32), lowest), highest) - lowest;
        entry = pushAt + (((at >> tableShift) as usize) << 2);
        low = load<f32>(entry) as f64;
        force = alpha * (low + ((at & shareMask) as f64) * step * ((load<f32>(entry, 4) as f64) - low));
        mx = force * dx;
        my = force * dy;
        px += mx > clip ? clip : mx < -clip ? -clip : mx;
        py += my > clip ? clip : my < -clip ? -clip : my;
      }
      x += px;
      y += py;
    }
    store<f32>(own, x as f32);
    store<f32>(own, y as f32, 4);
  }
  s0 = a0;
  s1 = a1;
}
