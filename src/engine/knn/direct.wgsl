// Stands behind tile.wgsl: the same tile as sums of (x - y)^2, which lose no digits where rows nearly coincide.
fn tileDirect(leftFirst: u32, leftEnd: u32, rightFirst: u32, rightEnd: u32, stride: u32, lane: u32) -> array<vec4f, 4> {
  let ty = lane / 16u;
  let tx = lane % 16u;
  let quad = lane / DEPTH;
  let depth = lane % DEPTH;
  let l = leftFirst + quad * 4u;
  let r = rightFirst + quad * 4u;
  var sums = array<vec4f, 4>();
  for (var d = 0u; d < stride; d += DEPTH) {
    let dim = d + depth;
    slots[depth * PITCH + quad] = vec4f(
      leftValue(l, leftEnd, stride, dim), leftValue(l + 1u, leftEnd, stride, dim),
      leftValue(l + 2u, leftEnd, stride, dim), leftValue(l + 3u, leftEnd, stride, dim));
    slots[(DEPTH + depth) * PITCH + quad] = vec4f(
      rightValue(r, rightEnd, stride, dim), rightValue(r + 1u, rightEnd, stride, dim),
      rightValue(r + 2u, rightEnd, stride, dim), rightValue(r + 3u, rightEnd, stride, dim));
    workgroupBarrier();
    for (var i = 0u; i < DEPTH; i++) {
      let x = slots[i * PITCH + ty];
      let y = slots[(DEPTH + i) * PITCH + tx];
      for (var j = 0u; j < 4u; j++) {
        let apart = vec4f(x[j]) - y;
        sums[j] += apart * apart;
      }
    }
    workgroupBarrier();
  }
  return sums;
}
