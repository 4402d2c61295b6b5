// The nearest reference rows of each query, from tiles of distances that are reduced as they come and never stored.
// Stands behind tile.wgsl and direct.wgsl.
//
// A workgroup owns SIDE consecutive queries (the x of its place in the grid) and every so-many-th tile of the reference rows (its
// y): for each pair of a query and such a part it alone has a list of `capacity` candidates. All 256 lanes look for distances
// below the worst of the query's list, sixteen of them each, while they still stand in registers; what is below is
// handed over through `slots` to the one lane that owns the query's list.
//
// A list is a heap with the worst on top and four children a node, so that taking one in replaces the worst in log4(capacity)
// steps. Its order depends on the order of arrival, which differs from run to run; what it holds does not: the first
// `capacity` rows by (distance, id).

struct Params {
  first: u32,        // queries [first, end) of the bound rows
  end: u32,
  rightFirst: u32,   // reference rows [rightFirst, rightEnd) of the bound ones
  rightEnd: u32,
  rightOffset: u32,  // id of the bound reference row 0
  listFirst: u32,    // the query whose lists come first
  stride: u32,
  capacity: u32,
  parts: u32,
}

const NO_ID = 0xffffffffu;
const WORST = 3.4028234e38;
// Candidates of a query that are handed over at once; SIDE times as many stand in `slots`.
const HANDED = 8u;
/// Distances by the differences instead of the products: twice the work, and right where rows nearly coincide.
override DIRECT: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read> queryIds: array<u32>;            // the query's own id among the references, or NO_ID
@group(0) @binding(6) var<storage, read_write> listSquared: array<f32>;   // queries x parts x capacity
@group(0) @binding(7) var<storage, read_write> listIds: array<u32>;       // the same

var<workgroup> worst: array<f32, SIDE>;
var<workgroup> worstIds: array<u32, SIDE>;
var<workgroup> counts: array<atomic<u32>, SIDE>;
var<workgroup> spilled: atomic<u32>;
var<workgroup> again: u32;

fn isBefore(squared: f32, id: u32, otherSquared: f32, otherId: u32) -> bool {
  return squared < otherSquared || (squared == otherSquared && id < otherId);
}

// All lists empty: full of what any row comes before.
@compute @workgroup_size(256)
fn empty(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var at = id.x; at < arrayLength(&listIds); at += groups.x * LANES) {
    listSquared[at] = WORST;
    listIds[at] = NO_ID;
  }
}

fn listOf(query: u32, part: u32) -> u32 {
  return ((query - params.listFirst) * params.parts + part) * params.capacity;
}

// Hands over what comes before the worst of the query's list, as far as there is room; `squared` are the distances of four columns
// from `column` on, `open` has a bit for each that is still to be looked at. Returns those that found no room.
fn handOver(squared: vec4f, query: u32, column: u32, firstId: u32, open: u32) -> u32 {
  let limit = worst[query];
  if (open == 0u || !any(squared <= vec4f(limit))) { return 0u; }
  let limitId = worstIds[query];
  var left = 0u;
  for (var c = 0u; c < 4u; c++) {
    if (((open >> c) & 1u) == 0u || !isBefore(squared[c], firstId + column + c, limit, limitId)) { continue; }
    let at = atomicAdd(&counts[query], 1u);
    if (at < HANDED) {
      slots[at * SIDE + query] = vec4f(squared[c], f32(column + c), 0.0, 0.0);
    } else {
      left |= 1u << c;
      atomicStore(&spilled, 1u);
    }
  }
  return left;
}

// Of up to four children from `first` on, the one that comes last.
fn lastChild(list: u32, first: u32) -> u32 {
  var last = first;
  for (var child = first + 1u; child < min(first + 4u, params.capacity); child++) {
    if (isBefore(listSquared[list + last], listIds[list + last], listSquared[list + child], listIds[list + child])) {
      last = child;
    }
  }
  return last;
}

// Replaces the worst of the list.
fn takeIn(list: u32, squared: f32, id: u32) {
  var at = 0u;
  for (var first = 1u; first < params.capacity; first = 4u * at + 1u) {
    let child = lastChild(list, first);
    let childSquared = listSquared[list + child];
    let childId = listIds[list + child];
    if (!isBefore(squared, id, childSquared, childId)) { break; }
    listSquared[list + at] = childSquared;
    listIds[list + at] = childId;
    at = child;
  }
  listSquared[list + at] = squared;
  listIds[list + at] = id;
}

// What was handed over for one query; done by the lane that owns its list.
fn takeAll(query: u32, list: u32, firstId: u32, ownId: u32) {
  let count = min(HANDED, atomicExchange(&counts[query], 0u));
  for (var i = 0u; i < count; i++) {
    let handed = slots[i * SIDE + query];
    let id = firstId + u32(handed.y);
    if (id == ownId || !isBefore(handed.x, id, worst[query], worstIds[query])) { continue; }
    takeIn(list, handed.x, id);
    worst[query] = listSquared[list];
    worstIds[query] = listIds[list];
  }
}

@compute @workgroup_size(256)
fn nearest(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = params.first + group.x * SIDE;
  let owner = lane < SIDE && first + lane < params.end;
  let list = listOf(first + lane, group.y);
  var ownId = NO_ID;
  if (lane < SIDE) { worst[lane] = -1.0; }
  if (owner) {
    ownId = queryIds[first + lane - params.listFirst];
    worst[lane] = listSquared[list];
    worstIds[lane] = listIds[list];
  }
  for (var right = params.rightFirst + group.y * SIDE; right < params.rightEnd; right += params.parts * SIDE) {
    var tile: array<vec4f, 4>;
    if (DIRECT) {
      tile = tileDirect(first, params.end, right, params.rightEnd, params.stride, lane);
    } else {
      tile = tileSquared(first, params.end, right, params.rightEnd, params.stride, lane);
    }
    let query = (lane / 16u) * 4u;
    let column = (lane % 16u) * 4u;
    let columns = min(4u, params.rightEnd - min(params.rightEnd, right + column));
    // Bits of the four columns, for each of four queries. Where there is no query, nothing is below the worst, -1.
    var open = vec4u((1u << columns) - 1u);
    let firstId = params.rightOffset + right;
    // Each round takes HANDED candidates of every query that has as many, of SIDE at most.
    for (var round = 0u; round < SIDE / HANDED; round++) {
      open = vec4u(
        handOver(tile[0], query, column, firstId, open.x), handOver(tile[1], query + 1u, column, firstId, open.y),
        handOver(tile[2], query + 2u, column, firstId, open.z), handOver(tile[3], query + 3u, column, firstId, open.w));
      workgroupBarrier();
      if (owner) { takeAll(lane, list, firstId, ownId); }
      if (lane == 0u) { again = atomicExchange(&spilled, 0u); }
      if (workgroupUniformLoad(&again) == 0u) { break; }
    }
  }
}
