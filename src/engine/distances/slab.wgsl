// Dot products of a slab of rows with few columns, nothing stored: 8 x TY rows against 4 x TX columns a workgroup. This text is
// put before a kernel that reduces them; the kernel declares binding 0 and what it writes, from binding 5 on.
//
// Lane TX * ty + tx has the rows 4 ty .. 4 ty + 3 and 4 (TY + ty) .. 4 (TY + ty) + 3 against the columns 4 tx .. 4 tx + 3: 32 sums in
// registers. DEPTH dimensions of both sides stand in workgroup memory at a time, each slot the values of four rows at one
// dimension, so that three slots are read for 32 multiply-adds. A slab as narrow as the columns wastes neither lanes nor sums:
// the square tile of 64 would throw away two thirds at 20 columns. Lanes beyond TX * TY only load.
// Sums run over ascending dimensions: the bits of a product do not depend on where the slab lies.

const LANES = 256u;
const DEPTH = 8u;
/// Lanes across the columns and down the rows.
override TX: u32 = 4u;
override TY: u32 = 60u;
/// Slots of one dimension, 2 TY + TX, made odd: else the slots of one turned block, four dimensions apart, would share a bank.
override PITCH: u32 = 125u;
/// DEPTH * PITCH slots of 16 bytes; at most 16,000 bytes.
override SLOTS: u32 = 1000u;

@group(0) @binding(1) var<storage, read> rows: array<vec4f>;         // rows x stride4
@group(0) @binding(2) var<storage, read> rowNorms: array<f32>;       // |x|^2
@group(0) @binding(3) var<storage, read> columns: array<vec4f>;      // columns x stride4
@group(0) @binding(4) var<storage, read> columnNorms: array<f32>;    // |c|^2

var<workgroup> slots: array<vec4f, SLOTS>;

fn rowPart(row: u32, end: u32, stride4: u32, part: u32) -> vec4f {
  if (row < end) { return rows[row * stride4 + part]; }
  return vec4f();
}

fn columnPart(column: u32, end: u32, stride4: u32, part: u32) -> vec4f {
  if (column < end) { return columns[column * stride4 + part]; }
  return vec4f();
}

// Four dimensions of four rows (or columns), read as vectors along the dimensions and turned into slots of four rows.
fn loadSlots(first: u32, end: u32, firstColumn: u32, endColumn: u32, stride4: u32, firstPart: u32, lane: u32) {
  for (var block = lane; block < (2u * TY + TX) * 2u; block += LANES) {
    let quad = block / 2u;
    let part = firstPart + block % 2u;
    var a = vec4f();
    var b = vec4f();
    var c = vec4f();
    var d = vec4f();
    if (part < stride4) {
      if (quad < 2u * TY) {
        let row = first + 4u * quad;
        a = rowPart(row, end, stride4, part);
        b = rowPart(row + 1u, end, stride4, part);
        c = rowPart(row + 2u, end, stride4, part);
        d = rowPart(row + 3u, end, stride4, part);
      } else {
        let column = firstColumn + 4u * (quad - 2u * TY);
        a = columnPart(column, endColumn, stride4, part);
        b = columnPart(column + 1u, endColumn, stride4, part);
        c = columnPart(column + 2u, endColumn, stride4, part);
        d = columnPart(column + 3u, endColumn, stride4, part);
      }
    }
    let at = (block % 2u) * 4u * PITCH + quad;
    slots[at] = vec4f(a.x, b.x, c.x, d.x);
    slots[at + PITCH] = vec4f(a.y, b.y, c.y, d.y);
    slots[at + 2u * PITCH] = vec4f(a.z, b.z, c.z, d.z);
    slots[at + 3u * PITCH] = vec4f(a.w, b.w, c.w, d.w);
  }
}

// Element [r][c]: row 4 ty + r (r < 4) or 4 (TY + ty) + r - 4 of those from `first` on, column 4 tx + c of those from `firstColumn` on.
// Beyond an end they are 0. To be called in uniform control flow; it ends with a barrier, after which `slots` is free.
fn slabDots(first: u32, end: u32, firstColumn: u32, endColumn: u32, stride4: u32, lane: u32) -> array<vec4f, 8> {
  let ty = min(lane / TX, TY - 1u);
  let tx = lane % TX;
  var s0 = vec4f();
  var s1 = vec4f();
  var s2 = vec4f();
  var s3 = vec4f();
  var s4 = vec4f();
  var s5 = vec4f();
  var s6 = vec4f();
  var s7 = vec4f();
  for (var part = 0u; part < stride4; part += DEPTH / 4u) {
    loadSlots(first, end, firstColumn, endColumn, stride4, part, lane);
    workgroupBarrier();
    for (var i = 0u; i < DEPTH; i++) {
      let x = slots[i * PITCH + ty];
      let z = slots[i * PITCH + TY + ty];
      let y = slots[i * PITCH + 2u * TY + tx];
      s0 += x.x * y;
      s1 += x.y * y;
      s2 += x.z * y;
      s3 += x.w * y;
      s4 += z.x * y;
      s5 += z.y * y;
      s6 += z.z * y;
      s7 += z.w * y;
    }
    workgroupBarrier();
  }
  return array<vec4f, 8>(s0, s1, s2, s3, s4, s5, s6, s7);
}
