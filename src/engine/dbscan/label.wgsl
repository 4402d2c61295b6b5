// After all tiles; stands behind forest.wgsl. One invocation has one row, or one of the pairs that float64 found to be within eps.
// In the order in which they run: countPairs, joinLists, joinPairs, labelRows, labelPairs.

const NOISE = 0xffffffffu;

@group(0) @binding(1) var<storage, read> lists: array<u32>;                // bound rows x (minPts - 1) neighbours plus 1, or 0
@group(0) @binding(2) var<storage, read> pairs: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> labels: array<atomic<u32>>; // the lowest core row of its cluster, or NOISE

fn itemOf(group: vec3u, lane: u32) -> u32 {
  return params.first + (group.y * params.line + group.x) * 256u + lane;
}

@compute @workgroup_size(256)
fn countPairs(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let at = itemOf(group, lane);
  if (at >= params.end) { return; }
  atomicAdd(&state[1u + pairs[at].x], 1u);
  atomicAdd(&state[1u + pairs[at].y], 1u);
}

@compute @workgroup_size(256)
fn joinLists(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let at = itemOf(group, lane);
  let row = params.leftOffset + at;
  if (at >= params.end || !isCore(row)) { return; }
  let capacity = params.minPts - 1u;
  for (var i = at * capacity; i < (at + 1u) * capacity; i++) {
    if (lists[i] != 0u && isCore(lists[i] - 1u)) { unite(row, lists[i] - 1u); }
  }
}

@compute @workgroup_size(256)
fn joinPairs(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let at = itemOf(group, lane);
  if (at >= params.end) { return; }
  let pair = pairs[at];
  if (isCore(pair.x) && isCore(pair.y)) { unite(pair.x, pair.y); }
}

@compute @workgroup_size(256)
fn labelRows(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let at = itemOf(group, lane);
  let row = params.leftOffset + at;
  if (at >= params.end) { return; }
  var label = NOISE;
  if (isCore(row)) {
    label = rootOf(row);
  } else {
    let capacity = params.minPts - 1u;
    for (var i = at * capacity; i < (at + 1u) * capacity; i++) {
      if (lists[i] != 0u && isCore(lists[i] - 1u)) { label = min(label, rootOf(lists[i] - 1u)); }
    }
  }
  atomicStore(&labels[row], label);
}

@compute @workgroup_size(256)
fn labelPairs(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let at = itemOf(group, lane);
  if (at >= params.end) { return; }
  let pair = pairs[at];
  if (isCore(pair.x) && !isCore(pair.y)) { atomicMin(&labels[pair.y], rootOf(pair.x)); }
  if (isCore(pair.y) && !isCore(pair.x)) { atomicMin(&labels[pair.x], rootOf(pair.y)); }
}
