// One iteration of Lloyd's algorithm after the assignment: rows sorted by label (counting sort), one segment sum a cluster, means,
// and the rule that stops. Every kernel does nothing once `state` says that the run is over, so iterations can be submitted ahead.
//
// The same bits every time: atomics only count; rows of a cluster keep their order; sums go by blocks of SEGMENT rows of one
// cluster, each in a fixed tree, then by clusters, in sixteens. So no float32 sum is longer than a few dozen terms, and a mean of a
// million rows is as exact as one of a hundred. All rows are less their column means, which keeps the terms small.
// Workgroups take their units in turn, so any number of them does.

// Small workgroups: the trees over the lanes of a cluster are short, and there are clusters and blocks enough to fill a device.
const LANES = 64u;
const SEGMENT = 256u;
const NO_LABEL = 0xffffffffu;
// state[0]: what ended the run.
const SAME_LABELS = 1u;
const SMALL_SHIFT = 2u;
const NO_MORE_ITERATIONS = 3u;
const EMPTY_CLUSTER = 4u;

struct Params {
  rows: u32,           // of the bound chunk
  stride4: u32,        // vectors of four dimensions a row
  k: u32,
  rounds: u32,         // a sorting block has LANES * rounds rows
  dimLanes: u32,       // lanes across a row, a power of two up to 16; the other lanes go down the rows
  isFirst: u32,        // 1 for the first chunk, whose sums replace what was there
  fromBlock: u32,      // blocks of sums [fromBlock, toBlock) are done by this dispatch
  toBlock: u32,
  maxIterations: u32,
  isSpherical: u32,
  tolerance: f32,      // of the squared shift of all centroids together
}

@group(0) @binding(0) var<uniform> params: Params;
// [0] why the run is over, 0 while it is not; [1] iterations done; [2] labels changed and [3] squared shift (bits) in the last of them
@group(0) @binding(1) var<storage, read> state: array<u32>;
@group(0) @binding(1) var<storage, read_write> stateOut: array<u32>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;                  // rows
@group(0) @binding(3) var<storage, read_write> previous: array<u32>;          // rows: labels of the iteration before
@group(0) @binding(4) var<storage, read_write> histogram: array<atomic<u32>>; // sorting blocks x k
@group(0) @binding(4) var<storage, read_write> offsets: array<u32>;           // the same, as the next free place within the cluster
@group(0) @binding(5) var<storage, read_write> totals: array<u32>;            // k: rows of each cluster in this chunk
@group(0) @binding(6) var<storage, read_write> sizes: array<u32>;             // k: in all chunks
@group(0) @binding(7) var<storage, read_write> segmentsOut: array<vec2u>;
@group(0) @binding(7) var<storage, read> segments: array<vec2u>;              // k + 1: first place in `order`, first block of sums
@group(0) @binding(8) var<storage, read_write> order: array<u32>;             // rows by label, ascending within a label
@group(0) @binding(9) var<storage, read> x: array<vec4f>;                     // rows x stride4
@group(0) @binding(10) var<storage, read_write> blockSums: array<vec4f>;      // blocks of sums x stride4
@group(0) @binding(11) var<storage, read_write> sums: array<vec4f>;           // k x stride4
@group(0) @binding(12) var<storage, read_write> centroids: array<vec4f>;      // k x stride4
@group(0) @binding(13) var<storage, read_write> next: array<vec4f>;           // k x stride4
@group(0) @binding(14) var<storage, read_write> stats: array<vec2f>;          // k: |next|^2, |next - centroid|^2
@group(0) @binding(15) var<storage, read> mean: array<vec4f>;                 // stride4: what was taken off the rows
@group(0) @binding(16) var<storage, read_write> counters: array<atomic<u32>>; // [0] labels changed, [1] empty clusters
@group(0) @binding(17) var<storage, read_write> norms: array<f32>;            // k: |centroid|^2
@group(0) @binding(18) var<storage, read_write> inertia: array<f32>;          // a block of SEGMENT rows

var<workgroup> changed: atomic<u32>;
var<workgroup> pairs: array<vec2u, LANES>;
var<workgroup> tile: array<vec4u, LANES / 4u>;
var<workgroup> parts: array<vec4f, LANES>;

fn sortingBlocks() -> u32 {
  return (params.rows + LANES * params.rounds - 1u) / (LANES * params.rounds);
}

// Rows of each label in each sorting block, and how many labels changed.
@compute @workgroup_size(64)
fn count(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (state[0] != 0u) { return; }
  var mine = 0u;
  for (var block = group.x; block < sortingBlocks(); block += groups.x) {
    for (var c = lane; c < params.k; c += LANES) { atomicStore(&histogram[block * params.k + c], 0u); }
    storageBarrier();
    for (var round = 0u; round < params.rounds; round++) {
      let row = (block * params.rounds + round) * LANES + lane;
      if (row < params.rows) {
        let label = labels[row];
        mine += select(0u, 1u, label != previous[row]);
        previous[row] = label;
        if (label < params.k) { atomicAdd(&histogram[block * params.k + label], 1u); }
      }
    }
  }
  atomicAdd(&changed, mine);
  workgroupBarrier();
  if (lane == 0u) { atomicAdd(&counters[0], atomicLoad(&changed)); }
}

// Sum of the pairs of all lanes before this one; pairs[LANES - 1] ends as the sum of all.
fn before(pair: vec2u, lane: u32) -> vec2u {
  pairs[lane] = pair;
  workgroupBarrier();
  for (var step = 1u; step < LANES; step *= 2u) {
    var other = vec2u();
    if (lane >= step) { other = pairs[lane - step]; }
    workgroupBarrier();
    pairs[lane] += other;
    workgroupBarrier();
  }
  return pairs[lane] - pair;
}

// For each label its counts in the sorting blocks become its offsets; its size.
@compute @workgroup_size(64)
fn scan(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (state[0] != 0u) { return; }
  let blocks = sortingBlocks();
  let each = (blocks + LANES - 1u) / LANES;
  for (var c = group.x; c < params.k; c += groups.x) {
    let end = min(blocks, (lane + 1u) * each);
    var own = 0u;
    for (var block = lane * each; block < end; block++) { own += offsets[block * params.k + c]; }
    var at = before(vec2u(own, 0u), lane).x;
    for (var block = lane * each; block < end; block++) {
      let rows = offsets[block * params.k + c];
      offsets[block * params.k + c] = at;
      at += rows;
    }
    if (lane == 0u) {
      let total = pairs[LANES - 1u].x;
      totals[c] = total;
      sizes[c] = select(sizes[c], 0u, params.isFirst == 1u) + total;
    }
    workgroupBarrier();
  }
}

// Where each cluster begins, by rows and by blocks of sums. One workgroup.
@compute @workgroup_size(64)
fn place(@builtin(local_invocation_index) lane: u32) {
  if (state[0] != 0u) { return; }
  let each = (params.k + LANES - 1u) / LANES;
  let end = min(params.k, (lane + 1u) * each);
  var own = vec2u();
  for (var c = lane * each; c < end; c++) { own += vec2u(totals[c], (totals[c] + SEGMENT - 1u) / SEGMENT); }
  var at = before(own, lane);
  for (var c = lane * each; c < end; c++) {
    segmentsOut[c] = at;
    at += vec2u(totals[c], (totals[c] + SEGMENT - 1u) / SEGMENT);
  }
  if (lane == LANES - 1u) { segmentsOut[params.k] = pairs[LANES - 1u]; }
}

// Rows into their places. LANES rows at a time: a row's place is its cluster's next free one plus the rows of the same label before
// it; the last of a label moves the free place on. Only this workgroup knows the offsets of its sorting block.
@compute @workgroup_size(64)
fn scatter(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (state[0] != 0u) { return; }
  for (var block = group.x; block < sortingBlocks(); block += groups.x) {
    for (var round = 0u; round < params.rounds; round++) {
      let row = (block * params.rounds + round) * LANES + lane;
      var label = NO_LABEL;
      if (row < params.rows) { label = labels[row]; }
      // By way of pairs: lanes that write components of one vector would write over each other.
      pairs[lane] = vec2u(label);
      workgroupBarrier();
      if (lane < LANES / 4u) {
        let at = 4u * lane;
        tile[lane] = vec4u(pairs[at].x, pairs[at + 1u].x, pairs[at + 2u].x, pairs[at + 3u].x);
      }
      workgroupBarrier();
      var rank = 0u;
      var later = 0u;
      for (var i = 0u; i < LANES / 4u; i++) {
        let same = tile[i] == vec4u(label);
        let index = vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u);
        rank += dot(select(vec4u(), vec4u(1u), same & (index < vec4u(lane))), vec4u(1u));
        later += dot(select(vec4u(), vec4u(1u), same & (index > vec4u(lane))), vec4u(1u));
      }
      let known = label < params.k;
      let slot = block * params.k + label;
      var first = 0u;
      if (known) {
        first = offsets[slot];
        order[segments[label].x + first + rank] = row;
      }
      storageBarrier();
      workgroupBarrier();
      if (known && later == 0u) { offsets[slot] = first + rank + 1u; }
      storageBarrier();
      workgroupBarrier();
    }
  }
}

// The sum of `part` over the lanes of one dimension, in the order of a tree; for the lanes of row lane 0.
fn overRowLanes(part: vec4f, lane: u32) -> vec4f {
  parts[lane] = part;
  workgroupBarrier();
  for (var step = LANES / 2u; step >= params.dimLanes; step /= 2u) {
    if (lane < step) { parts[lane] += parts[lane + step]; }
    workgroupBarrier();
  }
  let sum = parts[lane % params.dimLanes];
  workgroupBarrier();
  return sum;
}

// The cluster that a block of sums belongs to: the last that begins at or before it.
fn clusterOf(block: u32) -> u32 {
  var low = 0u;
  var high = params.k;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (segments[middle].y <= block) { low = middle; } else { high = middle; }
  }
  return low;
}

// Sums of up to SEGMENT rows of one cluster.
@compute @workgroup_size(64)
fn sumBlocks(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (state[0] != 0u) { return; }
  let rowLanes = LANES / params.dimLanes;
  for (var block = params.fromBlock + group.x; block < min(params.toBlock, segments[params.k].y); block += groups.x) {
    let c = clusterOf(block);
    let first = segments[c].x + (block - segments[c].y) * SEGMENT;
    let end = min(first + SEGMENT, segments[c + 1u].x);
    for (var base = 0u; base < params.stride4; base += params.dimLanes) {
      let part = base + lane % params.dimLanes;
      var sum = vec4f();
      if (part < params.stride4) {
        for (var begin = first + lane / params.dimLanes; begin < end; begin += 16u * rowLanes) {
          var some = vec4f();
          for (var i = begin; i < min(end, begin + 16u * rowLanes); i += rowLanes) { some += x[order[i] * params.stride4 + part]; }
          sum += some;
        }
      }
      sum = overRowLanes(sum, lane);
      if (lane < params.dimLanes && part < params.stride4) { blockSums[block * params.stride4 + part] = sum; }
    }
  }
}

// Blocks of a cluster added up, in sixteens.
@compute @workgroup_size(64)
fn sumClusters(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (state[0] != 0u) { return; }
  let rowLanes = LANES / params.dimLanes;
  for (var c = group.x; c < params.k; c += groups.x) {
    let end = segments[c + 1u].y;
    for (var base = 0u; base < params.stride4; base += params.dimLanes) {
      let part = base + lane % params.dimLanes;
      var sum = vec4f();
      for (var begin = segments[c].y + lane / params.dimLanes; begin < end; begin += 16u * rowLanes) {
        var some = vec4f();
        for (var i = begin; i < min(end, begin + 16u * rowLanes); i += rowLanes) {
          if (part < params.stride4) { some += blockSums[i * params.stride4 + part]; }
        }
        sum += some;
      }
      sum = overRowLanes(sum, lane);
      if (lane < params.dimLanes && part < params.stride4) {
        let at = c * params.stride4 + part;
        sums[at] = select(sums[at], vec4f(), params.isFirst == 1u) + sum;
      }
    }
  }
}

// Sum of a pair over all lanes, for every lane, in the order of a tree.
fn overLanes(pair: vec2f, lane: u32) -> vec2f {
  parts[lane] = vec4f(pair, 0.0, 0.0);
  workgroupBarrier();
  for (var step = LANES / 2u; step > 0u; step /= 2u) {
    if (lane < step) { parts[lane] += parts[lane + step]; }
    workgroupBarrier();
  }
  let sum = parts[0].xy;
  workgroupBarrier();
  return sum;
}

// Means; scaled to unit length, as the rows were before their mean was taken off, if they are to be. A cluster without rows keeps
// its centroid; the run then stops before these means are taken.
@compute @workgroup_size(64)
fn means(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (state[0] != 0u) { return; }
  for (var c = group.x; c < params.k; c += groups.x) {
    let size = sizes[c];
    if (lane == 0u && size == 0u) { atomicAdd(&counters[1], 1u); }
    var scale = 1.0;
    if (params.isSpherical == 1u) {
      var squared = 0.0;
      for (var part = lane; part < params.stride4; part += LANES) {
        let value = meanOf(c, part, size) + mean[part];
        squared += dot(value, value);
      }
      let total = overLanes(vec2f(squared, 0.0), lane).x;
      if (total > 0.0) { scale = 1.0 / sqrt(total); }
    }
    var stat = vec2f();
    for (var part = lane; part < params.stride4; part += LANES) {
      var value = meanOf(c, part, size);
      if (params.isSpherical == 1u) { value = (value + mean[part]) * scale - mean[part]; }
      let shift = value - centroids[c * params.stride4 + part];
      next[c * params.stride4 + part] = value;
      stat += vec2f(dot(value, value), dot(shift, shift));
    }
    stat = overLanes(stat, lane);
    if (lane == 0u) { stats[c] = stat; }
  }
}

fn meanOf(c: u32, part: u32, size: u32) -> vec4f {
  if (size == 0u) { return centroids[c * params.stride4 + part]; }
  return sums[c * params.stride4 + part] / f32(size);
}

// The rule that stops, as scikit-learn's. One workgroup.
@compute @workgroup_size(64)
fn finish(@builtin(local_invocation_index) lane: u32) {
  var own = 0.0;
  for (var c = lane; c < params.k; c += LANES) { own += stats[c].y; }
  let shift = overLanes(vec2f(own, 0.0), lane).x;
  if (lane != 0u || stateOut[0] != 0u) { return; }
  let differing = atomicExchange(&counters[0], 0u);
  stateOut[2] = differing;
  stateOut[3] = bitcast<u32>(shift);
  if (atomicExchange(&counters[1], 0u) > 0u) {
    stateOut[0] = EMPTY_CLUSTER;
    return;
  }
  stateOut[1] += 1u;
  if (differing == 0u) { stateOut[0] = SAME_LABELS; }
  else if (shift <= params.tolerance) { stateOut[0] = SMALL_SHIFT; }
  else if (stateOut[1] >= params.maxIterations) { stateOut[0] = NO_MORE_ITERATIONS; }
}

// The means become the centroids. After the run this only repeats itself.
@compute @workgroup_size(64)
fn adopt(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (state[0] == EMPTY_CLUSTER) { return; }
  for (var i = id.x; i < params.k * params.stride4; i += groups.x * LANES) {
    centroids[i] = next[i];
    if (i < params.k) { norms[i] = stats[i].x; }
  }
}

// Squared distances of SEGMENT rows to the centroids of their labels, added up; by differences, so that a row on its centroid is at 0.
@compute @workgroup_size(64)
fn measure(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let rowLanes = LANES / params.dimLanes;
  for (var first = group.x * SEGMENT; first < params.rows; first += groups.x * SEGMENT) {
    var squared = 0.0;
    for (var row = first + lane / params.dimLanes; row < min(params.rows, first + SEGMENT); row += rowLanes) {
      var own = 0.0;
      for (var part = lane % params.dimLanes; part < params.stride4; part += params.dimLanes) {
        let away = x[row * params.stride4 + part] - centroids[min(labels[row], params.k - 1u) * params.stride4 + part];
        own += dot(away, away);
      }
      squared += own;
    }
    let sum = overLanes(vec2f(squared, 0.0), lane).x;
    if (lane == 0u) { inertia[first / SEGMENT] = sum; }
  }
}
