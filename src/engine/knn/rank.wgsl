// The candidates of each query in the order of (distance as measured anew, id): a candidate's place is the number of those before
// it. One workgroup has one query; ids are all different, so each place is written once.

struct Params {
  first: u32,       // the query of workgroup 0, among the bound rows
  listFirst: u32,   // the query whose candidates, and outputs, come first
  capacity: u32,    // candidates a list
  parts: u32,       // lists a query
  firstPlace: u32,  // places [firstPlace, places) are written
  places: u32,
  own: u32,         // 1: the query itself is written before them, at 0
  width: u32,       // outputs a query
  error: f32,       // what rounding may do to a candidate's distance, for lengths that add up to 1
  longest: f32,     // length of the longest reference row
}

const NO_ID = 0xffffffffu;
const WORST = 3.4028234e38;
const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> norms: array<f32>;               // |x|^2 of the bound rows
@group(0) @binding(2) var<storage, read> queryIds: array<u32>;
@group(0) @binding(3) var<storage, read> listSquared: array<f32>;         // queries x parts x capacity, the worst of a list first
@group(0) @binding(4) var<storage, read> listIds: array<u32>;
@group(0) @binding(5) var<storage, read> exact: array<f32>;
@group(0) @binding(6) var<storage, read_write> ids: array<u32>;           // queries x width
@group(0) @binding(7) var<storage, read_write> distances: array<f32>;     // queries x width
@group(0) @binding(8) var<storage, read_write> doubts: array<u32>;        // 1: a row outside might belong into the list

fn squaredOf(at: u32) -> f32 {
  return select(exact[at], WORST, listIds[at] == NO_ID);
}

fn placeOf(at: u32, list: u32) -> u32 {
  let squared = squaredOf(at);
  let id = listIds[at];
  var place = 0u;
  for (var other = list; other < list + params.parts * params.capacity; other++) {
    let otherSquared = squaredOf(other);
    place += select(0u, 1u, otherSquared < squared || (otherSquared == squared && listIds[other] < id));
  }
  return place;
}

// Whether a row outside the lists might be nearer than the last place, `squared`: rows outside came after the worst of the lists.
// With nothing but equal rows in the lists, those with the lowest ids are in them, for they all had the same bits.
fn isDoubtful(squared: f32, list: u32, norm: f32) -> bool {
  var outside = WORST;
  var farthest = 0.0;
  for (var at = list; at < list + params.parts * params.capacity; at++) {
    if ((at - list) % params.capacity == 0u) { outside = min(outside, listSquared[at]); }
    if (listIds[at] != NO_ID) { farthest = max(farthest, exact[at]); }
  }
  if (outside == WORST || farthest == 0.0) { return false; }
  let length = sqrt(norm) + params.longest;
  return squared >= outside - params.error * length * length - 1e-36;
}

@compute @workgroup_size(64)
fn rank(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let query = params.first + group.x;
  let index = query - params.listFirst;
  let list = index * params.parts * params.capacity;
  let out = index * params.width;
  if (params.own == 1u && lane == 0u) {
    ids[out] = queryIds[index];
    distances[out] = 0.0;
  }
  for (var at = list + lane; at < list + params.parts * params.capacity; at += LANES) {
    let place = placeOf(at, list);
    if (place >= params.places || listIds[at] == NO_ID) { continue; }
    let squared = exact[at];
    if (place >= params.firstPlace) {
      ids[out + params.own + place - params.firstPlace] = listIds[at];
      distances[out + params.own + place - params.firstPlace] = sqrt(squared);
    }
    if (place + 1u == params.places) { doubts[index] = select(0u, 1u, isDoubtful(squared, list, norms[query])); }
  }
}
