// One epoch of UMAP's descent, all rows at once: every row moves against where the others stood when the epoch began.
//
// One invocation owns one row. It reads `old`, the positions after the epoch before, and alone writes moved[row]; the two
// buffers change places from epoch to epoch. No atomics and no order between rows, so the same bits wherever the rows are cut.
// It goes through the row's ties in their order, as walk.cpu.ts does: a tie that is due pulls the row, then SAMPLES random rows
// push it, and the next tie meets it where it then is. All pulls summed from one place would throw a row with many ties past its
// neighbours. Every tie stands in both of its rows, and each end moves itself. Rows that are held have no invocation: both buffers
// have their places from the start.
//
// Random rows are a hash of (seed, epoch, row, count of samples): no state is kept. A row with more than MOST_TIES ties looks at
// that many an epoch, in turn: else one invocation with thousands of them would keep all others waiting.

const SAMPLES = 5u;
const CLIP = 4.0;
const RATE_MASK = 0x3fffffffu;
const MOST_TIES = 512u;
// Squared distances outside this range act as its ends, as in the tables of forces.ts.
const LEAST = 5.9604645e-8;   // 2^-24
const MOST = 1048576.0;       // 2^20

struct Params {
  firstRow: u32,   // rows [firstRow, endRow) are done by this dispatch
  endRow: u32,
  rows: u32,
  epoch: u32,      // from 1 on
  seed: u32,
  alpha: f32,      // learning rate, 1 to 0
  a: f32,
  b: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;            // rows + 1
@group(0) @binding(2) var<storage, read> tails: array<u32>;              // one a tie
@group(0) @binding(3) var<storage, read> rates: array<u32>;              // one a tie, 2^30 = every epoch
@group(0) @binding(4) var<storage, read> old: array<vec2f>;              // rows
@group(0) @binding(5) var<storage, read_write> moved: array<vec2f>;      // rows

// "lowbias32" by Chris Wellons.
fn hash(value: u32) -> u32 {
  var h = value;
  h = (h ^ (h >> 16u)) * 0x7feb352du;
  h = (h ^ (h >> 15u)) * 0x846ca68bu;
  return h ^ (h >> 16u);
}

fn clipped(force: f32, apart: vec2f) -> vec2f {
  return clamp(params.alpha * force * apart, vec2f(-CLIP * params.alpha), vec2f(CLIP * params.alpha));
}

fn pull(apart: vec2f) -> vec2f {
  let d2 = clamp(dot(apart, apart), LEAST, MOST);
  let power = exp2(params.b * log2(d2));
  return clipped(-2.0 * params.a * params.b * power / (d2 * (1.0 + params.a * power)), apart);
}

fn push(apart: vec2f) -> vec2f {
  let d2 = clamp(dot(apart, apart), LEAST, MOST);
  let power = exp2(params.b * log2(d2));
  return clipped(2.0 * params.b / ((0.001 + d2) * (1.0 + params.a * power)), apart);
}

@compute @workgroup_size(64)
fn walk(@builtin(global_invocation_id) id: vec3u) {
  let row = params.firstRow + id.x;
  if (row >= params.endRow) { return; }
  let first = offsets[row];
  let ties = offsets[row + 1u] - first;
  let count = min(ties, MOST_TIES);
  var turn = 0u;
  if (ties > MOST_TIES) { turn = ((params.epoch - 1u) * MOST_TIES) % ties; }
  // The 24 highest bits of a hash times this is a row.
  let perDraw = f32(params.rows) / 16777216.0;
  var draw = hash(hash(hash(params.seed) + params.epoch) + row);
  var place = old[row];
  for (var t = 0u; t < count; t++) {
    var tie = turn + t;
    if (tie >= ties) { tie -= ties; }
    let rate = rates[first + tie];
    if (((params.epoch * rate) & RATE_MASK) >= rate) { continue; }
    place += pull(place - old[tails[first + tie]]);
    // All from one place, as on the CPU: none waits for the one before.
    var pushes = vec2f(0.0);
    for (var s = 0u; s < SAMPLES; s++) {
      draw += 0x9e3779b9u;
      let other = min(u32(f32(hash(draw) >> 8u) * perDraw), params.rows - 1u);
      if (other != row) { pushes += push(place - old[other]); }
    }
    place += pushes;
  }
  moved[row] = place;
}
