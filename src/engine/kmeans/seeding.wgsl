// Greedy k-means++ on the device, after slab.wgsl, whose rows are the rows and whose columns are the candidates. Three kernels a
// centre: `choose` takes the best of the last candidates and draws by block of rows, `pick` draws the row within its block, `reduce`
// makes the squared distances D^2 to the nearest centre for each of the new candidates. Nothing is read back before the end.
//
// The random numbers are given, 32 bits each. A draw compares exact sums: the D^2 of a block as a 31-bit integer, in proportion to
// the largest block, and the sums of blocks in 64 bits. So a draw of one in a million rows lands as it would in float64, but for the
// rounding within the 480 rows of a block. Same bits every time: sums run in fixed trees.

const WORST = 3.4028234e38;
// Candidates that a centre may have: the columns of a slab.
const MOST = 16u;
// Lanes of the kernels that choose and pick.
const FEW = 64u;
const NO_ROW = 0xffffffffu;
// Distances this small against the lengths are made anew by differences: equal rows are at exactly 0, and are never drawn.
const CLOSE = 1e-5;

struct Params {
  rows: u32,          // of the bound chunk
  stride4: u32,
  trials: u32,        // candidates a centre
  firstBlock: u32,    // of the chunk, among the blocks of all chunks
  fromRow: u32,       // rows [fromRow, endRow) of the chunk are reduced by this dispatch
  endRow: u32,
  firstRow: u32,      // of the chunk, among all rows
  blocks: u32,        // of all chunks
  startBlock: u32,    // where the row that is the first centre lies
  startRow: u32,      // within its block
}

struct Pick {
  block: u32,
  row: u32,           // within the block, where it is known; else NO_ROW
  share: f32,         // of the block's D^2 that lies before the draw
}

@group(0) @binding(0) var<uniform> params: Params;
// [0] centres begun; [1] which of the last candidates is the last centre; [2] other than 0: numbers beyond float32
@group(0) @binding(5) var<storage, read> state: array<u32>;
@group(0) @binding(5) var<storage, read_write> stateOut: array<u32>;
// D^2 with each candidate taken, trials x rows / 4. Between two centres the best candidate's are the D^2.
@group(0) @binding(6) var<storage, read_write> reduced: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> blockSums: array<vec4f>;     // blocks x MOST / 4: their sums
@group(0) @binding(8) var<storage, read> uniforms: array<u32>;              // centres after the first x trials
@group(0) @binding(9) var<storage, read_write> picksOut: array<Pick>;       // trials
@group(0) @binding(9) var<storage, read> picks: array<Pick>;
@group(0) @binding(10) var<storage, read_write> candidateRows: array<u32>;  // trials: among all rows
@group(0) @binding(11) var<storage, read_write> chosen: array<u32>;         // centres: among all rows
@group(0) @binding(12) var<storage, read_write> candidates: array<vec4f>;   // MOST x stride4
@group(0) @binding(13) var<storage, read_write> candidateNorms: array<f32>; // MOST

var<workgroup> sums: array<vec4f, FEW>;
var<workgroup> ranges: array<vec2u, FEW>;     // 64 bits, low word first
var<workgroup> weights: array<f32, FEW>;
var<workgroup> found: atomic<u32>;
var<workgroup> last: atomic<u32>;

fn quadsOf(rows: u32) -> u32 { return (rows + 3u) / 4u; }

fn add64(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn less64(a: vec2u, b: vec2u) -> bool { return a.y < b.y || (a.y == b.y && a.x < b.x); }

fn multiply(a: u32, b: u32) -> vec2u {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let left = (a >> 16u) * (b & 0xffffu);
  let right = (a & 0xffffu) * (b >> 16u);
  let middle = (low >> 16u) + (left & 0xffffu) + (right & 0xffffu);
  return vec2u((low & 0xffffu) | (middle << 16u), (a >> 16u) * (b >> 16u) + (left >> 16u) + (right >> 16u) + (middle >> 16u));
}

// floor(share * total / 2^32)
fn portion(share: u32, total: vec2u) -> vec2u {
  return add64(multiply(share, total.y), vec2u(multiply(share, total.x).y, 0u));
}

fn sumOf(block: u32, candidate: u32) -> f32 {
  return blockSums[block * MOST / 4u + candidate / 4u][candidate % 4u];
}

// For each candidate the sum of D^2 over all rows; sums[0 .. 3] hold them.
fn totals(lane: u32) {
  var own = vec4f();
  for (var begin = lane / 4u; begin < params.blocks; begin += 16u * FEW / 4u) {
    var some = vec4f();
    for (var block = begin; block < min(params.blocks, begin + 16u * FEW / 4u); block += FEW / 4u) {
      some += blockSums[block * MOST / 4u + lane % 4u];
    }
    own += some;
  }
  sums[lane] = own;
  workgroupBarrier();
  for (var step = FEW / 2u; step >= 4u; step /= 2u) {
    if (lane < step) { sums[lane] += sums[lane + step]; }
    workgroupBarrier();
  }
}

// The candidate that leaves the smallest sum, the first of equals.
fn bestOf() -> u32 {
  var best = 0u;
  for (var t = 1u; t < params.trials; t++) {
    if (sums[t / 4u][t % 4u] < sums[best / 4u][best % 4u]) { best = t; }
  }
  return best;
}

fn blocksEach() -> u32 { return (params.blocks + FEW - 1u) / FEW; }

// Power of two that brings the largest block sum below 2^31.
fn exponentOf(candidate: u32, lane: u32) -> i32 {
  var most = 0.0;
  for (var block = lane; block < params.blocks; block += FEW) { most = max(most, sumOf(block, candidate)); }
  weights[lane] = most;
  workgroupBarrier();
  for (var step = FEW / 2u; step > 0u; step /= 2u) {
    if (lane < step) { weights[lane] = max(weights[lane], weights[lane + step]); }
    workgroupBarrier();
  }
  let exponent = 31 - frexp(weights[0]).exp;
  workgroupBarrier();
  return exponent;
}

// In two factors, for one power of two may be beyond float32.
fn scaled(sum: f32, exponent: i32) -> u32 {
  let part = exponent / 2;
  return u32(ldexp(ldexp(sum, part), exponent - part));
}

// Where every row is a centre already it is the first row.
fn draw(target64: vec2u, candidate: u32, exponent: i32) -> Pick {
  if (!less64(target64, ranges[FEW - 1u])) { return Pick(0u, NO_ROW, 0.0); }
  var range = 0u;
  while (!less64(target64, ranges[range])) { range++; }
  var at = vec2u();
  if (range > 0u) { at = ranges[range - 1u]; }
  var block = range * blocksEach();
  loop {
    let weight = scaled(sumOf(block, candidate), exponent);
    let after = add64(at, vec2u(weight, 0u));
    if (less64(target64, after) || block + 1u >= params.blocks) {
      return Pick(block, NO_ROW, f32(target64.x - at.x) / max(1.0, f32(weight)));
    }
    at = after;
    block++;
  }
}

@compute @workgroup_size(64)
fn choose(@builtin(local_invocation_index) lane: u32) {
  let centre = stateOut[0];
  totals(lane);
  let best = bestOf();
  let worst = sums[best / 4u][best % 4u];
  let exponent = exponentOf(best, lane);
  var own = vec2u();
  let end = min(params.blocks, (lane + 1u) * blocksEach());
  for (var block = lane * blocksEach(); block < end; block++) { own = add64(own, vec2u(scaled(sumOf(block, best), exponent), 0u)); }
  ranges[lane] = own;
  workgroupBarrier();
  if (lane == 0u) {
    for (var i = 1u; i < FEW; i++) { ranges[i] = add64(ranges[i - 1u], ranges[i]); }
  }
  workgroupBarrier();
  if (lane < params.trials) {
    if (centre == 0u) {
      picksOut[lane] = Pick(params.startBlock, params.startRow, 0.0);
    } else if (centre * params.trials < arrayLength(&uniforms) + params.trials) {
      let share = uniforms[(centre - 1u) * params.trials + lane];
      picksOut[lane] = draw(portion(share, ranges[FEW - 1u]), best, exponent);
    }
  }
  workgroupBarrier();
  if (lane == 0u) {
    if (centre > 0u) {
      chosen[centre - 1u] = candidateRows[best];
      stateOut[2] |= select(1u, 0u, worst < WORST);
    }
    stateOut[0] = centre + 1u;
    stateOut[1] = best;
  }
}

// One workgroup a candidate. Of the rows of its block the first one at which the sum of D^2 exceeds the draw; rows at 0 are never it,
// as long as there are others.
@compute @workgroup_size(64)
fn pick(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  for (var t = group.x; t < params.trials; t += groups.x) {
    let own = picks[t];
    let chunkBlocks = (params.rows + 8u * TY - 1u) / (8u * TY);
    if (own.block >= params.firstBlock && own.block < params.firstBlock + chunkBlocks) {
      let first = (own.block - params.firstBlock) * 8u * TY;
      var row = own.row;
      if (row == NO_ROW) { row = rowWithin(first, own.share, lane); }
      let local = min(first + row, params.rows - 1u);
      for (var part = lane; part < params.stride4; part += FEW) {
        candidates[t * params.stride4 + part] = rows[local * params.stride4 + part];
      }
      if (lane == 0u) {
        candidateNorms[t] = rowNorms[local];
        candidateRows[t] = params.firstRow + local;
      }
    }
  }
}

fn weightOf(row: u32) -> f32 {
  if (row >= params.rows) { return 0.0; }
  return reduced[state[1] * quadsOf(params.rows) + row / 4u][row % 4u];
}

// Neighbouring rows a lane. To be called in uniform control flow.
fn rowWithin(first: u32, share: f32, lane: u32) -> u32 {
  let each = (8u * TY + FEW - 1u) / FEW;
  let begin = min(8u * TY, lane * each);
  let end = min(8u * TY, begin + each);
  var own = 0.0;
  for (var row = begin; row < end; row++) { own += weightOf(first + row); }
  if (lane == 0u) {
    atomicStore(&found, NO_ROW);
    atomicStore(&last, 0u);
  }
  weights[lane] = own;
  workgroupBarrier();
  for (var step = 1u; step < FEW; step *= 2u) {
    var other = 0.0;
    if (lane >= step) { other = weights[lane - step]; }
    workgroupBarrier();
    weights[lane] += other;
    workgroupBarrier();
  }
  let goal = share * weights[FEW - 1u];
  var sum = 0.0;
  if (lane > 0u) { sum = weights[lane - 1u]; }
  for (var row = begin; row < end; row++) {
    let weight = weightOf(first + row);
    sum += weight;
    if (weight > 0.0) {
      atomicMax(&last, row);
      if (sum > goal) { atomicMin(&found, row); }
    }
  }
  workgroupBarrier();
  let row = select(atomicLoad(&found), atomicLoad(&last), atomicLoad(&found) == NO_ROW);
  workgroupBarrier();
  return row;
}

fn byDifferences(row: u32, candidate: u32) -> f32 {
  var sum = 0.0;
  for (var part = 0u; part < params.stride4; part++) {
    let away = rows[row * params.stride4 + part] - columns[candidate * params.stride4 + part];
    sum += dot(away, away);
  }
  return sum;
}

// D^2 of four rows, before any of the new candidates.
fn nearestOf(quad: u32, end: u32) -> vec4f {
  if (state[0] == 1u || quad >= end) { return vec4f(WORST); }
  return reduced[state[1] * end + quad];
}

// |x|^2 + |c|^2 - 2 x.c of four rows and one candidate; made right by `settle`.
fn store(quad: u32, end: u32, candidate: u32, products: vec4f) {
  if (candidate >= params.trials || quad >= end) { return; }
  let row = 4u * quad;
  let lengths = vec4f(rowNorms[row], rowNorms[row + 1u], rowNorms[row + 2u], rowNorms[row + 3u]) + columnNorms[candidate];
  reduced[candidate * end + quad] = max(vec4f(), lengths - 2.0 * products);
}

// The D^2 of four rows with one candidate taken, 0 beyond the last row; returns their sum.
fn settle(quad: u32, end: u32, candidate: u32, nearest: vec4f) -> f32 {
  if (candidate >= params.trials || quad >= end) { return 0.0; }
  let at = candidate * end + quad;
  var out = reduced[at];
  for (var i = 0u; i < 4u; i++) {
    let row = 4u * quad + i;
    var squared = 0.0;
    if (row < params.rows) {
      let lengths = rowNorms[row] + columnNorms[candidate];
      squared = out[i];
      if (squared <= CLOSE * lengths) { squared = byDifferences(row, candidate); }
      squared = min(nearest[i], select(WORST, squared, lengths < WORST));
    }
    out[i] = squared;
  }
  reduced[at] = out;
  return (out.x + out.y) + (out.z + out.w);
}

fn reduceSlab(first: u32, lane: u32) {
  let end = quadsOf(params.rows);
  let ty = lane / TX;
  let candidate = 4u * (lane % TX);
  var upperQuad = end;
  var lowerQuad = end;
  if (ty < TY) {
    upperQuad = first / 4u + ty;
    lowerQuad = first / 4u + TY + ty;
  }
  // Read before any lane writes: the barriers of slabDots stand between.
  let upperNearest = nearestOf(upperQuad, end);
  let lowerNearest = nearestOf(lowerQuad, end);
  let dots = slabDots(first, params.rows, 0u, params.trials, params.stride4, lane);
  storageBarrier();
  let upper = transpose(mat4x4f(dots[0], dots[1], dots[2], dots[3]));
  let lower = transpose(mat4x4f(dots[4], dots[5], dots[6], dots[7]));
  store(upperQuad, end, candidate, upper[0]);
  store(upperQuad, end, candidate + 1u, upper[1]);
  store(upperQuad, end, candidate + 2u, upper[2]);
  store(upperQuad, end, candidate + 3u, upper[3]);
  store(lowerQuad, end, candidate, lower[0]);
  store(lowerQuad, end, candidate + 1u, lower[1]);
  store(lowerQuad, end, candidate + 2u, lower[2]);
  store(lowerQuad, end, candidate + 3u, lower[3]);
  var sum = vec4f();
  for (var j = 0u; j < 4u; j++) {
    sum[j] = settle(upperQuad, end, candidate + j, upperNearest) + settle(lowerQuad, end, candidate + j, lowerNearest);
  }
  slots[lane] = sum;
  workgroupBarrier();
  for (var step = LANES / 2u; step >= TX; step /= 2u) {
    if (lane < step) { slots[lane] += slots[lane + step]; }
    workgroupBarrier();
  }
  if (lane < TX) { blockSums[(params.firstBlock + first / (8u * TY)) * MOST / 4u + lane] = slots[lane]; }
  workgroupBarrier();
}

@compute @workgroup_size(256)
fn reduce(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  for (var first = params.fromRow + group.x * 8u * TY; first < params.endRow; first += groups.x * 8u * TY) {
    reduceSlab(first, lane);
  }
}
