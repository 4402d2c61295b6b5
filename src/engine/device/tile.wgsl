// Squared Euclidean distances of 64 rows of `left` to 64 rows of `right`, as |x|^2 + |y|^2 - 2 x.y; nothing is stored. This text
// is put before a kernel that reduces them; the kernel declares binding 0 and what it writes, from binding 5 on.
//
// A workgroup of 256 invocations does one tile: lane = 16 * ty + tx has the rows 4 ty .. 4 ty + 3 against the columns
// 4 tx .. 4 tx + 3, sixteen sums in registers. DEPTH dimensions of both sides stand in workgroup memory at a time, each slot
// the values of four rows at one dimension, so that an invocation reads two slots for sixteen multiply-adds.
// Sums run over ascending dimensions: the bits of a distance do not depend on where the tile lies.

const SIDE = 64u;
const DEPTH = 16u;
// Slots of four rows at one dimension; one more than the 16 of a side, or all lanes that write at once would hit one bank.
const PITCH = 17u;
const LANES = 256u;
/// Workgroup memory in slots of 16 bytes: 2 * DEPTH * PITCH for the tile; a kernel that needs more between tiles overrides it.
override SLOTS: u32 = 544u;

@group(0) @binding(1) var<storage, read> left: array<f32>;        // rows x stride
@group(0) @binding(2) var<storage, read> right: array<f32>;       // rows x stride
@group(0) @binding(3) var<storage, read> leftNorms: array<f32>;   // |x|^2
@group(0) @binding(4) var<storage, read> rightNorms: array<f32>;  // |y|^2

var<workgroup> slots: array<vec4f, SLOTS>;

fn leftValue(row: u32, end: u32, stride: u32, dim: u32) -> f32 {
  if (row < end && dim < stride) { return left[row * stride + dim]; }
  return 0.0;
}

fn rightValue(row: u32, end: u32, stride: u32, dim: u32) -> f32 {
  if (row < end && dim < stride) { return right[row * stride + dim]; }
  return 0.0;
}

// Dot products of the rows [leftFirst, leftEnd) and [rightFirst, rightEnd), at most SIDE of each: element [r][c] is that of row
// 4 ty + r and column 4 tx + c. Rows beyond an end give 0. To be called in uniform control flow; it ends with a barrier, after
// which `slots` is free.
fn tileDots(leftFirst: u32, leftEnd: u32, rightFirst: u32, rightEnd: u32, stride: u32, lane: u32) -> array<vec4f, 4> {
  let ty = lane / 16u;
  let tx = lane % 16u;
  // What this lane loads: one dimension of four rows, of either side.
  let quad = lane / DEPTH;
  let depth = lane % DEPTH;
  var sums = array<vec4f, 4>();
  for (var d = 0u; d < stride; d += DEPTH) {
    let dim = d + depth;
    let l = leftFirst + quad * 4u;
    let r = rightFirst + quad * 4u;
    slots[depth * PITCH + quad] = vec4f(
      leftValue(l, leftEnd, stride, dim), leftValue(l + 1u, leftEnd, stride, dim),
      leftValue(l + 2u, leftEnd, stride, dim), leftValue(l + 3u, leftEnd, stride, dim));
    slots[(DEPTH + depth) * PITCH + quad] = vec4f(
      rightValue(r, rightEnd, stride, dim), rightValue(r + 1u, rightEnd, stride, dim),
      rightValue(r + 2u, rightEnd, stride, dim), rightValue(r + 3u, rightEnd, stride, dim));
    workgroupBarrier();
    for (var i = 0u; i < DEPTH; i++) {
      let x = slots[i * PITCH + ty];
      let y = slots[(DEPTH + i) * PITCH + tx];
      sums[0] += x.x * y;
      sums[1] += x.y * y;
      sums[2] += x.z * y;
      sums[3] += x.w * y;
    }
    workgroupBarrier();
  }
  return sums;
}

fn rightNorm(row: u32, end: u32) -> f32 {
  if (row < end) { return rightNorms[row]; }
  return 0.0;
}

// The same as squared distances, never below 0.
fn tileSquared(leftFirst: u32, leftEnd: u32, rightFirst: u32, rightEnd: u32, stride: u32, lane: u32) -> array<vec4f, 4> {
  var tile = tileDots(leftFirst, leftEnd, rightFirst, rightEnd, stride, lane);
  let r = rightFirst + (lane % 16u) * 4u;
  let norms = vec4f(
    rightNorm(r, rightEnd), rightNorm(r + 1u, rightEnd), rightNorm(r + 2u, rightEnd), rightNorm(r + 3u, rightEnd));
  for (var i = 0u; i < 4u; i++) {
    let row = leftFirst + (lane / 16u) * 4u + i;
    var norm = 0.0;
    if (row < leftEnd) { norm = leftNorms[row]; }
    tile[i] = max(vec4f(0.0), norm + norms - 2.0 * tile[i]);
  }
  return tile;
}
