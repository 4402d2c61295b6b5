// Rows times axes: `left` are centred rows, `right` the components; it stands after tile.wgsl. A workgroup does 64 rows against 64
// axes, and an invocation alone writes its sixteen of `out`.

struct Params {
  firstBlock: u32,  // of 64 rows, of this dispatch
  rows: u32,        // bound
  axes: u32,        // bound
  firstAxis: u32,   // the first of them
  kept: u32,        // axes in all
  stride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;  // rows x kept

@compute @workgroup_size(256)
fn project(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let firstRow = (params.firstBlock + group.x) * SIDE;
  let firstAxis = group.y * SIDE;
  let tile = tileDots(firstRow, params.rows, firstAxis, params.axes, params.stride, lane);
  for (var r = 0u; r < 4u; r++) {
    let row = firstRow + (lane / 16u) * 4u + r;
    for (var c = 0u; c < 4u; c++) {
      let axis = firstAxis + (lane % 16u) * 4u + c;
      if (row < params.rows && axis < params.axes) { out[row * params.kept + params.firstAxis + axis] = tile[r][c]; }
    }
  }
}
