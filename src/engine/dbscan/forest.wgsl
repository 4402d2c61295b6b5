// Degrees of rows and the forest of their clusters, for the kernels that stand behind this text.
//
// `state` holds the degree of each row (the row itself included; it stops near minPts, where the row is core) and its parent in the
// forest, at first itself. Parents only ever fall and lead to rows of the same cluster, so the root of a cluster is in the end its
// lowest core row, in whatever order the pairs came.

struct Params {
  first: u32,        // what a dispatch begins with: a tile, a row, a pair
  end: u32,
  line: u32,         // workgroups in a line of the grid
  leftOffset: u32,   // the row that is first of those bound
  leftRows: u32,
  rightOffset: u32,
  rightRows: u32,
  stride: u32,
  rows: u32,
  minPts: u32,
  same: u32,         // 1: left and right are the same rows
  eps: f32,
  epsSquared: f32,
  productError: f32,     // what rounding may do to |x|^2 + |y|^2 - 2 x.y, for |x|^2 and |y|^2 that add up to 1
  differenceError: f32,  // the same of the sum of (x - y)^2, for a sum of 1
  mostDoubts: u32,
}

const NOT_CORE = 0xffffffffu;
// A swap fails only where another invocation linked the same root to a lower one meanwhile, or now and then for nothing.
const ATTEMPTS = 65536u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read_write> state: array<atomic<u32>>;  // 1 if something failed, degrees, parents

fn isCore(row: u32) -> bool {
  return atomicLoad(&state[1u + row]) >= params.minPts;
}

fn parentOf(row: u32) -> u32 {
  return atomicLoad(&state[1u + params.rows + row]);
}

// With path halving. Each step goes to a lower row, so there are fewer than there are rows.
fn rootOf(row: u32) -> u32 {
  var at = row;
  for (var up = parentOf(at); up < at; up = parentOf(at)) {
    let next = parentOf(up);
    atomicMin(&state[1u + params.rows + at], next);
    at = next;
  }
  return at;
}

fn unite(a: u32, b: u32) {
  var x = rootOf(a);
  var y = rootOf(b);
  for (var attempt = 0u; attempt < ATTEMPTS && x != y; attempt++) {
    let high = max(x, y);
    let low = min(x, y);
    if (atomicCompareExchangeWeak(&state[1u + params.rows + high], high, low).exchanged) { return; }
    x = rootOf(high);
    y = rootOf(low);
  }
  if (x != y) { atomicStore(&state[0], 1u); }
}

/// Workgroups stand in lines, since one axis of the grid does not hold as many.
fn numberOf(group: vec3u) -> u32 {
  return params.first + group.y * params.line + group.x;
}
