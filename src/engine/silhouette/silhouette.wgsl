// Sums of the distances of each row to the rows of each cluster, for any number of labellings; no distance is stored. It stands
// after tile.wgsl.
//
// A workgroup does one unit: the 64 rows of a block of `left` against one part, `tilesPerPart` tiles of 64 columns of `right`. It
// alone writes the unit's slots of `sums`. Of each tile the distances stand in workgroup memory, four rows a slot; then a crew of
// 16 invocations, each four rows, takes one run at a time: the columns of the tile that belong to one cluster of one labelling.
// Sums are made in three steps (columns of a run, tiles of a part, parts), so that float32 loses little without a compensated
// sum, which some drivers' compilers would optimise away. The order is fixed by the matrix alone, and the sums of one labelling
// are the same bits whatever other labellings come with it.

// Where |x - y|^2 is below this share of |x|^2 + |y|^2, what |x|^2 + |y|^2 - 2 x.y loses by cancelling would show in its root
// (equal rows came to 3e-4 apart): those are summed again as (x - y)^2. Equal rows, a row and itself too, are at exactly 0.
const NEAR = 0.0001220703125;  // 2^-13
const CREWS = 16u;
const COLUMN_MASK = 63u;

struct Params {
  firstUnit: u32,     // of this dispatch
  rangeFirst: u32,    // rows [rangeFirst, rangeEnd) of the bound left chunk are done
  rangeEnd: u32,
  rightEnd: u32,      // rows of the bound right chunk
  stride: u32,
  parts: u32,         // of the right chunk
  firstPart: u32,     // the first of them among those of all chunks
  tilesPerPart: u32,
  clusters: u32,      // of all labellings together
  quads: u32,         // of the range: its rows / 4, up to a multiple of 16
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read> starts: array<u32>;      // first run of each tile of the right chunk
@group(0) @binding(6) var<storage, read> runs: array<vec2u>;      // cluster, first word of `columns`
@group(0) @binding(7) var<storage, read> columns: array<u32>;     // four columns a word, 255 is none
// parts x (clusters + 1) x quads, zeroed before; the line after the last cluster is 1 once the unit is done.
@group(0) @binding(8) var<storage, read_write> sums: array<vec4f>;

// Slot of a column and four rows. The exclusive or spreads what neighbours write at once over the banks.
fn slotOf(column: u32, quad: u32) -> u32 { return column * 16u + (quad ^ (column / 4u)); }

fn exactWhereNear(tile: array<vec4f, 4>, leftFirst: u32, rightFirst: u32, lane: u32) -> array<vec4f, 4> {
  let l = leftFirst + (lane / 16u) * 4u;
  let r = rightFirst + (lane % 16u) * 4u;
  let end = params.rightEnd;
  let norms = vec4f(rightNorm(r, end), rightNorm(r + 1u, end), rightNorm(r + 2u, end), rightNorm(r + 3u, end));
  var out = tile;
  var near = array<vec4<bool>, 4>();
  var anyNear = false;
  for (var i = 0u; i < 4u; i++) {
    var norm = 0.0;
    if (l + i < params.rangeEnd) { norm = leftNorms[l + i]; }
    near[i] = tile[i] < NEAR * (norm + norms);
    anyNear = anyNear || any(near[i]);
  }
  if (!anyNear) { return out; }
  var again = array<vec4f, 4>();
  for (var d = 0u; d < params.stride; d++) {
    let y = vec4f(
      rightValue(r, end, params.stride, d), rightValue(r + 1u, end, params.stride, d),
      rightValue(r + 2u, end, params.stride, d), rightValue(r + 3u, end, params.stride, d));
    for (var i = 0u; i < 4u; i++) {
      let apart = leftValue(l + i, params.rangeEnd, params.stride, d) - y;
      again[i] += apart * apart;
    }
  }
  for (var i = 0u; i < 4u; i++) { out[i] = select(tile[i], again[i], near[i]); }
  return out;
}

fn sumOfWord(word: u32, quad: u32) -> vec4f {
  var sum = vec4f(0.0);
  for (var i = 0u; i < 4u; i++) {
    let column = extractBits(word, i * 8u, 8u);
    // The mask keeps what is read but not used within the slots.
    sum += select(vec4f(0.0), slots[slotOf(column & COLUMN_MASK, quad)], column <= COLUMN_MASK);
  }
  return sum;
}

fn addRun(run: u32, quad: u32, firstLine: u32, at: u32) {
  let end = runs[run + 1u].y;
  var sum = vec4f(0.0);
  for (var w = runs[run].y; w < end; w++) { sum += sumOfWord(columns[w], quad); }
  sums[(firstLine + runs[run].x) * params.quads + at] += sum;
}

@compute @workgroup_size(256)
fn sumTiles(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let unit = params.firstUnit + group.x;
  let block = unit / params.parts;
  let part = unit % params.parts;
  let leftFirst = params.rangeFirst + block * SIDE;
  let firstLine = (params.firstPart + part) * (params.clusters + 1u);
  let ty = lane / 16u;
  let tx = lane % 16u;
  let at = block * 16u + tx;
  let tiles = (params.rightEnd + SIDE - 1u) / SIDE;
  let endTile = min((part + 1u) * params.tilesPerPart, tiles);
  for (var t = part * params.tilesPerPart; t < endTile; t++) {
    let rough = tileSquared(leftFirst, params.rangeEnd, t * SIDE, params.rightEnd, params.stride, lane);
    let squared = exactWhereNear(rough, leftFirst, t * SIDE, lane);
    for (var c = 0u; c < 4u; c++) {
      slots[slotOf(tx * 4u + c, ty)] = sqrt(vec4f(squared[0][c], squared[1][c], squared[2][c], squared[3][c]));
    }
    workgroupBarrier();
    // A cluster's sum may be another crew's at the next tile: hence the storage barrier.
    for (var run = starts[t] + ty; run < starts[t + 1u]; run += CREWS) { addRun(run, tx, firstLine, at); }
    storageBarrier();
    workgroupBarrier();
  }
  if (ty == 0u) { sums[(firstLine + params.clusters) * params.quads + at] = vec4f(1.0); }
}
