// Density-connected rows in one pass over the tiles of distances, none of which is stored. Stands behind device/tile.wgsl and
// forest.wgsl.
//
// A workgroup has one tile of 64 x 64 pairs, of which each is visited once. Being core is never lost, so a close pair of two rows
// that are known to be core is joined at once. A row that is not known to be core writes the other one into its list, which thus
// has at most minPts - 1: all its neighbours, if it never becomes core. Which pairs are joined now and which through the
// lists depends on the order of work; the clusters do not.
//
// Where the products leave in doubt whether a pair is within eps, the sum of (x - y)^2 decides; where that leaves it in doubt, the pair
// is put down for float64 on the CPU.

const CLOSE = 0u;
const FAR = 1u;
const DOUBTFUL = 2u;

struct Doubts {
  count: atomic<u32>,      // may exceed the room
  pairs: array<vec2u>,
}

// rows x (minPts - 1) neighbours, each plus 1; 0 is none. Where left and right are the same rows, the right ones are not used.
@group(0) @binding(6) var<storage, read_write> leftLists: array<u32>;
@group(0) @binding(7) var<storage, read_write> rightLists: array<u32>;
@group(0) @binding(8) var<storage, read_write> doubts: Doubts;

// Parents of the tile's 64 rows and 64 columns that were core when the tile was done, NOT_CORE for the others.
var<workgroup> known: array<u32, 128>;

fn parentIfCore(row: u32) -> u32 {
  if (isCore(row)) { return parentOf(row); }
  return NOT_CORE;
}

// By the sum of (x - y)^2 of the bound rows i and j, whose squared lengths add up to `norms`.
fn lookCloser(i: u32, j: u32, norms: f32) -> u32 {
  let x = i * params.stride;
  let y = j * params.stride;
  var sum = vec4f(0.0);
  for (var d = 0u; d < params.stride; d += 4u) {
    let apart = vec4f(left[x + d], left[x + d + 1u], left[x + d + 2u], left[x + d + 3u])
      - vec4f(right[y + d], right[y + d + 1u], right[y + d + 2u], right[y + d + 3u]);
    sum += apart * apart;
  }
  let squared = (sum.x + sum.z) + (sum.y + sum.w);
  // The bound rows themselves are rounded: each value to half a unit in its last place.
  let moved = sqrt(2.0 * norms) * exp2(-24.0);
  let margin = params.differenceError * params.epsSquared + 1.05 * moved * (2.0 * params.eps + moved) + 1e-34;
  if (squared <= params.epsSquared - margin) { return CLOSE; }
  if (squared > params.epsSquared + margin) { return FAR; }
  return DOUBTFUL;
}

// Whether row `row` was known to be core already; if not, `other` is one more neighbour in its list, which begins at `list`.
fn note(row: u32, list: u32, isRight: bool, other: u32) -> bool {
  if (isCore(row)) { return true; }
  let degree = atomicAdd(&state[1u + row], 1u);
  if (degree >= params.minPts) { return true; }
  if (isRight) {
    rightLists[list + degree - 1u] = other + 1u;
  } else {
    leftLists[list + degree - 1u] = other + 1u;
  }
  return false;
}

// The bound rows i and j are within eps.
fn joinPair(i: u32, j: u32) {
  let a = params.leftOffset + i;
  let b = params.rightOffset + j;
  let wasCore = note(a, i * (params.minPts - 1u), false, b);
  if (note(b, j * (params.minPts - 1u), params.same == 0u, a) && wasCore) { unite(a, b); }
}

fn putDown(i: u32, j: u32) {
  let at = atomicAdd(&doubts.count, 1u);
  if (at < params.mostDoubts) { doubts.pairs[at] = vec2u(params.leftOffset + i, params.rightOffset + j); }
}

// Line and column of a tile. Of the tiles of the same rows only those on and above the diagonal are numbered: the first line and the
// last together, the second and the last but one, ..., each two having one tile more than there are lines.
fn placeOf(number: u32) -> vec2u {
  let tiles = (params.rightRows + SIDE - 1u) / SIDE;
  if (params.same == 0u) { return vec2u(number / tiles, number % tiles); }
  let line = number / (tiles + 1u);
  let at = number % (tiles + 1u);
  if (at < tiles - line) { return vec2u(line, line + at); }
  let last = tiles - 1u - line;
  return vec2u(last, last + at - (tiles - line));
}

// Row r of the tile at `place` against the lane's four columns.
fn joinRow(squared: vec4f, place: vec2u, r: u32, lane: u32) {
  let i = place.x + r;
  if (i >= params.leftRows) { return; }
  let column = (lane % 16u) * 4u;
  let j = place.y + column;
  let end = params.rightRows;
  let norms = leftNorms[i]
    + vec4f(rightNorm(j, end), rightNorm(j + 1u, end), rightNorm(j + 2u, end), rightNorm(j + 3u, end));
  let margin = params.productError * norms + vec4f(params.epsSquared * exp2(-22.0) + 1e-34);
  let near = squared <= vec4f(params.epsSquared) + margin;
  if (!any(near)) { return; }
  for (var c = 0u; c < 4u; c++) {
    if (!near[c] || j + c >= end || (params.same == 1u && j + c <= i)) { continue; }
    // Of one cluster already.
    if (known[r] != NOT_CORE && known[r] == known[SIDE + column + c]) { continue; }
    var verdict = CLOSE;
    if (squared[c] > params.epsSquared - margin[c]) { verdict = lookCloser(i, j + c, norms[c]); }
    if (verdict == CLOSE) { joinPair(i, j + c); }
    if (verdict == DOUBTFUL) { putDown(i, j + c); }
  }
}

@compute @workgroup_size(256)
fn joinTiles(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let number = numberOf(group);
  if (number >= params.end) { return; }
  let place = placeOf(number) * SIDE;
  let tile = tileSquared(place.x, params.leftRows, place.y, params.rightRows, params.stride, lane);
  if (lane < SIDE) {
    known[lane] = NOT_CORE;
    if (place.x + lane < params.leftRows) { known[lane] = parentIfCore(params.leftOffset + place.x + lane); }
  } else if (lane < 2u * SIDE) {
    known[lane] = NOT_CORE;
    let column = place.y + lane - SIDE;
    if (column < params.rightRows) { known[lane] = parentIfCore(params.rightOffset + column); }
  }
  workgroupBarrier();
  let row = (lane / 16u) * 4u;
  joinRow(tile[0], place, row, lane);
  joinRow(tile[1], place, row + 1u, lane);
  joinRow(tile[2], place, row + 2u, lane);
  joinRow(tile[3], place, row + 3u, lane);
}
