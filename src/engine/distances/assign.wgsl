// Nearest centroid of every row, by |x|^2 + |c|^2 - 2 x.c, which is reduced on the fly and never stored.
//
// One workgroup owns ROWS consecutive rows, one invocation one row: it alone writes labels[row] and distances[row].
// Centroids pass in tiles of CENTROIDS, dimensions in tiles of DIMS; both tiles are loaded by the whole workgroup into
// 5.4 KB of workgroup memory, so that each value is read from the buffer once a tile and not once an invocation.
//
// |x|^2 is the same for all centroids, so |c|^2 - 2 x.c decides; |x|^2 is added, and the sum clamped at 0, in the last pass.
// Where the centroids do not fit into one binding they come in several passes: between passes `distances` holds the best
// score so far. Centroids pass in ascending order and only a strictly smaller score wins: ties go to the lowest index.

const ROWS = 64u;
const CENTROIDS = 16u;
const DIMS = 16u;
// One more than DIMS: neighbouring invocations read neighbouring rows, and a stride of 16 would put them on one bank.
const STRIDE = 17u;
const WORST = 3.4028234e38;
const NO_LABEL = 0xffffffffu;
const FIRST_PASS = 1u;
const LAST_PASS = 2u;

struct Params {
  firstRow: u32,        // rows [firstRow, endRow) of the bound chunk are done by this dispatch
  endRow: u32,
  dims: u32,
  centroids: u32,       // number of centroids bound
  centroidOffset: u32,  // label of the first of them
  passes: u32,          // FIRST_PASS | LAST_PASS
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;                  // rows x dims
@group(0) @binding(2) var<storage, read> centroids: array<f32>;          // centroids x dims
@group(0) @binding(3) var<storage, read> norms: array<f32>;              // |c|^2
@group(0) @binding(4) var<storage, read_write> labels: array<u32>;       // one a row
@group(0) @binding(5) var<storage, read_write> distances: array<f32>;    // one a row

var<workgroup> xTile: array<f32, ROWS * STRIDE>;
var<workgroup> centroidTile: array<vec4f, DIMS * CENTROIDS / 4u>;        // dims x centroids

fn loadRows(firstRow: u32, firstDim: u32, lane: u32) {
  for (var t = lane; t < ROWS * DIMS; t += ROWS) {
    let row = firstRow + t / DIMS;
    let dim = firstDim + t % DIMS;
    var value = 0.0;
    if (row < params.endRow && dim < params.dims) { value = x[row * params.dims + dim]; }
    xTile[(t / DIMS) * STRIDE + t % DIMS] = value;
  }
}

fn centroidValue(centroid: u32, dim: u32) -> f32 {
  if (centroid < params.centroids && dim < params.dims) { return centroids[centroid * params.dims + dim]; }
  return 0.0;
}

// 64 invocations, 64 vectors of four centroids: one each.
fn loadCentroids(firstCentroid: u32, firstDim: u32, lane: u32) {
  let dim = firstDim + lane / 4u;
  let c = firstCentroid + (lane % 4u) * 4u;
  centroidTile[lane] = vec4f(
    centroidValue(c, dim), centroidValue(c + 1u, dim), centroidValue(c + 2u, dim), centroidValue(c + 3u, dim));
}

@compute @workgroup_size(64)
fn assign(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let groupRow = params.firstRow + group.x * ROWS;
  let row = groupRow + lane;
  let owned = row < params.endRow;
  var best = WORST;
  var label = NO_LABEL;
  if (owned && (params.passes & FIRST_PASS) == 0u) {
    best = distances[row];
    label = labels[row];
  }
  var rowNorm = 0.0;
  for (var c = 0u; c < params.centroids; c += CENTROIDS) {
    var sums = array<vec4f, 4>();
    rowNorm = 0.0;
    for (var d = 0u; d < params.dims; d += DIMS) {
      workgroupBarrier();
      loadRows(groupRow, d, lane);
      loadCentroids(c, d, lane);
      workgroupBarrier();
      for (var i = 0u; i < DIMS; i++) {
        let value = xTile[lane * STRIDE + i];
        rowNorm += value * value;
        sums[0] += value * centroidTile[i * 4u];
        sums[1] += value * centroidTile[i * 4u + 1u];
        sums[2] += value * centroidTile[i * 4u + 2u];
        sums[3] += value * centroidTile[i * 4u + 3u];
      }
    }
    for (var j = 0u; j < min(CENTROIDS, params.centroids - c); j++) {
      let score = norms[c + j] - 2.0 * sums[j / 4u][j % 4u];
      if (score < best) {
        best = score;
        label = params.centroidOffset + c + j;
      }
    }
  }
  if (owned) {
    labels[row] = label;
    distances[row] = select(best, max(0.0, best + rowNorm), (params.passes & LAST_PASS) != 0u);
  }
}
