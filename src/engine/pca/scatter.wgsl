// X'X of the centred rows, in parts: `out` holds the sums of each unit, which the CPU adds up in float64.
//
// A workgroup does one unit: 64 columns against 64 columns (a pair of blocks, the first not after the second: the rest follows
// by symmetry) over the rows of one part. It alone writes out[unit], 64 x 64. Lane = 16 ty + tx has the columns 4 ty .. 4 ty + 3
// of the first block against 4 tx .. 4 tx + 3 of the second. DEPTH rows of both blocks stand in workgroup memory, four columns a
// slot. Sums are made in two steps, rows of a run of 64 and runs of the part: float32 loses little so, and no compiler can undo
// it as it can a compensated sum.

const SIDE = 64u;
const QUADS = 16u;
const DEPTH = 16u;
const RUN_ROWS = 64u;

struct Params {
  firstUnit: u32,   // of this dispatch, among the units of the bound rows
  firstSlot: u32,   // unit that stands first in `out`
  pairs: u32,       // of blocks of columns
  blocks: u32,      // of 64 columns
  rows: u32,        // bound
  partRows: u32,    // a multiple of RUN_ROWS
  quads: u32,       // vectors of four from one row to the next
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<vec4f>;         // rows x quads
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;    // units x 64 x 16

var<workgroup> firstBlock: array<vec4f, 256>;   // DEPTH x QUADS
var<workgroup> secondBlock: array<vec4f, 256>;

fn value(row: u32, end: u32, quad: u32) -> vec4f {
  if (row < end && quad < params.quads) { return rows[row * params.quads + quad]; }
  return vec4f(0.0);
}

// The two blocks of a pair, counted along the rows of the upper triangle.
fn blocksOf(pair: u32) -> vec2u {
  var first = 0u;
  var rest = pair;
  while (rest >= params.blocks - first) {
    rest -= params.blocks - first;
    first++;
  }
  return vec2u(first, first + rest);
}

@compute @workgroup_size(256)
fn scatter(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let unit = params.firstUnit + group.x;
  let pair = blocksOf(unit % params.pairs);
  let start = (unit / params.pairs) * params.partRows;
  let end = min(params.rows, start + params.partRows);
  let ty = lane / QUADS;
  let tx = lane % QUADS;
  var sums = array<vec4f, 4>();
  for (var run = start; run < end; run += RUN_ROWS) {
    var own = array<vec4f, 4>();
    for (var r = run; r < min(end, run + RUN_ROWS); r += DEPTH) {
      workgroupBarrier();
      firstBlock[lane] = value(r + ty, end, pair.x * QUADS + tx);
      secondBlock[lane] = value(r + ty, end, pair.y * QUADS + tx);
      workgroupBarrier();
      for (var i = 0u; i < DEPTH; i++) {
        let x = firstBlock[i * QUADS + ty];
        let y = secondBlock[i * QUADS + tx];
        own[0] += x.x * y;
        own[1] += x.y * y;
        own[2] += x.z * y;
        own[3] += x.w * y;
      }
    }
    for (var i = 0u; i < 4u; i++) { sums[i] += own[i]; }
  }
  let slot = (unit - params.firstSlot) * SIDE * QUADS;
  for (var i = 0u; i < 4u; i++) { out[slot + (ty * 4u + i) * QUADS + tx] = sums[i]; }
}
