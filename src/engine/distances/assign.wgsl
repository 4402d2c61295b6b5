// Nearest centroid of every row, by |x|^2 + |c|^2 - 2 x.c, which is reduced on the fly and never stored; after slab.wgsl, whose
// rows are the rows and whose columns are the centroids.
//
// A workgroup owns 8 TY consecutive rows at a time and alone writes their labels and distances; workgroups take slabs in turn, so
// any number of them does. |x|^2 is the same for all centroids, so |c|^2 - 2 x.c decides; |x|^2 is added, and the sum clamped at 0,
// in the last pass. Where the centroids do not fit into one binding they come in several passes: between passes `distances` holds
// the best score so far. Ties go to the lowest index, within a lane, between lanes and between passes.

const WORST = 3.4028234e38;
const NO_LABEL = 0xffffffffu;
const FIRST_PASS = 1u;
const LAST_PASS = 2u;

struct Params {
  firstRow: u32,        // rows [firstRow, endRow) of the bound chunk are done by this dispatch
  endRow: u32,
  stride4: u32,         // vectors of four dimensions a row
  centroids: u32,       // number of centroids bound; below 2^24, for their numbers pass through f32
  centroidOffset: u32,  // label of the first of them
  passes: u32,          // FIRST_PASS | LAST_PASS
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read_write> labels: array<u32>;      // one a row
@group(0) @binding(6) var<storage, read_write> distances: array<f32>;   // one a row
@group(0) @binding(7) var<storage, read> halt: array<u32>;              // [0] other than 0: there is nothing to do

// The best of a lane's columns so far, for its eight rows.
struct Best {
  upper: vec4f,        // scores of the rows 4 ty ..
  lower: vec4f,        // and of 4 (TY + ty) ..
  upperColumn: vec4f,  // exact in f32; -1: none
  lowerColumn: vec4f,
}

fn norms(column: u32) -> vec4f {
  return vec4f(norm(column), norm(column + 1u), norm(column + 2u), norm(column + 3u));
}

fn norm(column: u32) -> f32 {
  if (column < params.centroids) { return columnNorms[column]; }
  return WORST;
}

fn take(best: ptr<function, Best>, upper: vec4f, lower: vec4f, column: f32) {
  (*best).upperColumn = select((*best).upperColumn, vec4f(column), upper < (*best).upper);
  (*best).lowerColumn = select((*best).lowerColumn, vec4f(column), lower < (*best).lower);
  (*best).upper = min((*best).upper, upper);
  (*best).lower = min((*best).lower, lower);
}

fn mergeQuad(quad: u32, score: vec4f, column: vec4f, isFirst: bool) {
  let other = slots[quad];
  let otherColumn = slots[2u * TY + quad];
  let wins = vec4<bool>(isFirst) | (score < other) | ((score == other) & (column < otherColumn));
  slots[quad] = select(other, score, wins);
  slots[2u * TY + quad] = select(otherColumn, column, wins);
}

// Lane after lane across the columns, so that equal scores go to the lower column.
fn merge(best: Best, lane: u32) {
  let ty = lane / TX;
  for (var turn = 0u; turn < TX; turn++) {
    if (lane % TX == turn && ty < TY) {
      mergeQuad(ty, best.upper, best.upperColumn, turn == 0u);
      mergeQuad(TY + ty, best.lower, best.lowerColumn, turn == 0u);
    }
    workgroupBarrier();
  }
}

fn settle(row: u32, found: f32, column: f32) {
  var score = found;
  var label = NO_LABEL;
  if (column >= 0.0) { label = params.centroidOffset + u32(column); }
  if ((params.passes & FIRST_PASS) == 0u && !(score < distances[row])) {
    score = distances[row];
    label = labels[row];
  }
  labels[row] = label;
  distances[row] = select(score, max(0.0, score + rowNorms[row]), (params.passes & LAST_PASS) != 0u);
}

fn assignSlab(first: u32, lane: u32) {
  var best = Best(vec4f(WORST), vec4f(WORST), vec4f(-1.0), vec4f(-1.0));
  for (var c = 0u; c < params.centroids; c += 4u * TX) {
    let dots = slabDots(first, params.endRow, c, params.centroids, params.stride4, lane);
    let column = c + 4u * (lane % TX);
    let norm = norms(column);
    // By columns: the four rows of a quad are compared at once.
    let upper = transpose(mat4x4f(dots[0], dots[1], dots[2], dots[3]));
    let lower = transpose(mat4x4f(dots[4], dots[5], dots[6], dots[7]));
    take(&best, norm.x - 2.0 * upper[0], norm.x - 2.0 * lower[0], f32(column));
    take(&best, norm.y - 2.0 * upper[1], norm.y - 2.0 * lower[1], f32(column + 1u));
    take(&best, norm.z - 2.0 * upper[2], norm.z - 2.0 * lower[2], f32(column + 2u));
    take(&best, norm.w - 2.0 * upper[3], norm.w - 2.0 * lower[3], f32(column + 3u));
  }
  merge(best, lane);
  for (var r = lane; r < 8u * TY && first + r < params.endRow; r += LANES) {
    settle(first + r, slots[r / 4u][r % 4u], slots[2u * TY + r / 4u][r % 4u]);
  }
  workgroupBarrier();
}

@compute @workgroup_size(256)
fn assign(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  if (halt[0] != 0u) { return; }
  for (var first = params.firstRow + group.x * 8u * TY; first < params.endRow; first += groups.x * 8u * TY) {
    assignSlab(first, lane);
  }
}
