// Silhouettes from the sums of distances, and their total over each workgroup. It stands after one of the two `tally` texts.
//
// One invocation has one row of one labelling: it alone writes values[labelling][row]. Totals are of values in fixed point,
// which can be added in any order to the same bits: 256 of at most 2^22 stay below 2^31. A row whose sums are unwritten or no
// numbers makes its workgroup's total NO_TOTAL.

const SCALE = 4194304.0;  // 2^22
const NO_TOTAL: i32 = -2147483648;
const NO_VALUE = 2.0;

struct Params {
  rows: u32,        // of the range
  lineRows: u32,    // floats of a line of `sums`, `labels` and `values`
  parts: u32,
  clusters: u32,    // of all labellings together
  withValues: u32,  // 0 or 1
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sums: array<f32>;           // parts x (clusters + 1) x lineRows
@group(0) @binding(2) var<storage, read> labels: array<u32>;         // labellings x lineRows: the row's own cluster
@group(0) @binding(3) var<storage, read> sizes: array<f32>;          // rows of each cluster
@group(0) @binding(4) var<storage, read> firsts: array<u32>;         // first cluster of each labelling, and the number of all
@group(0) @binding(5) var<storage, read_write> values: array<f32>;   // labellings x lineRows, where withValues
@group(0) @binding(6) var<storage, read_write> totals: array<i32>;   // labellings x workgroups

fn lineSum(line: u32, row: u32) -> f32 {
  var sum = 0.0;
  for (var p = 0u; p < params.parts; p++) { sum += sums[(p * (params.clusters + 1u) + line) * params.lineRows + row]; }
  return sum;
}

fn silhouetteOf(row: u32, labelling: u32) -> f32 {
  // Each part left a 1 in the last line.
  if (lineSum(params.clusters, row) != f32(params.parts)) { return NO_VALUE; }
  let own = labels[labelling * params.lineRows + row];
  var a = 0.0;
  var b = 3.4028234e38;
  var all = 0.0;
  for (var c = firsts[labelling]; c < firsts[labelling + 1u]; c++) {
    let sum = lineSum(c, row);
    all += sum;
    if (c == own) { a = sum / max(1.0, sizes[c] - 1.0); } else { b = min(b, sum / sizes[c]); }
  }
  // No number compares as true.
  if (!(all <= 3.4028234e38)) { return NO_VALUE; }
  let larger = max(a, b);
  if (sizes[own] <= 1.0 || larger == 0.0) { return 0.0; }
  return clamp((b - a) / larger, -1.0, 1.0);
}

@compute @workgroup_size(256)
fn finish(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let labelling = group.y;
  var value = 0.0;
  if (id.x < params.rows) {
    value = silhouetteOf(id.x, labelling);
    if (params.withValues != 0u) { values[labelling * params.lineRows + id.x] = value; }
  }
  if (value == NO_VALUE) {
    atomicStore(&spoilt, 1u);
    value = 0.0;
  }
  tally(i32(round(value * SCALE)));
  workgroupBarrier();
  if (lane == 0u) {
    totals[labelling * groups.x + group.x] = select(atomicLoad(&total), NO_TOTAL, atomicLoad(&spoilt) != 0u);
  }
}
