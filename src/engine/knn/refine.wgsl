// The candidates of each query measured anew as sums of (x - y)^2: right to the roundings of the sum, however near the rows are.
//
// One invocation has one candidate; neighbours in a workgroup mostly share the query. Candidates that are not among the bound
// reference rows are left alone.

struct Params {
  first: u32,        // the candidate of invocation 0
  end: u32,          // candidates in all
  listFirst: u32,    // the query, among the bound rows, whose candidates come first
  width: u32,        // candidates a query
  vectors: u32,      // stride / 4
  rightOffset: u32,  // id of the bound reference row 0
  rightRows: u32,
}

const NO_ID = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> left: array<vec4f>;
@group(0) @binding(2) var<storage, read> right: array<vec4f>;
@group(0) @binding(3) var<storage, read> listIds: array<u32>;         // queries x width
@group(0) @binding(4) var<storage, read_write> exact: array<f32>;     // queries x width

@compute @workgroup_size(256)
fn refine(@builtin(global_invocation_id) invocation: vec3u) {
  let at = params.first + invocation.x;
  if (at >= params.end) { return; }
  // Below the offset it wraps round to a large number.
  let row = listIds[at] - params.rightOffset;
  if (listIds[at] == NO_ID || row >= params.rightRows) { return; }
  let x = (params.listFirst + at / params.width) * params.vectors;
  let y = row * params.vectors;
  var sum = vec4f(0.0);
  for (var i = 0u; i < params.vectors; i++) {
    let apart = left[x + i] - right[y + i];
    sum += apart * apart;
  }
  exact[at] = (sum.x + sum.z) + (sum.y + sum.w);
}
