// What the adapter can do at most, as far as a kernel can tell.

override LOOPS: u32 = 64;

@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> sink: array<vec4f>;

// Eight chains of vec4 fused multiply-adds a lane, nothing but registers: 8 * 4 * 2 operations a turn. The chains hide each other's
// latency. Input decides the numbers, and all chains reach the output, so that nothing can be folded away.
@compute @workgroup_size(256)
fn multiplyAdd(@builtin(global_invocation_id) id: vec3u) {
  let a = source[id.x % arrayLength(&source)];
  let b = a * 0.5;
  var c0 = a; var c1 = a + 1; var c2 = a + 2; var c3 = a + 3;
  var c4 = b; var c5 = b + 1; var c6 = b + 2; var c7 = b + 3;
  for (var i = 0u; i < LOOPS; i++) {
    c0 = fma(c0, a, b); c1 = fma(c1, a, b); c2 = fma(c2, a, b); c3 = fma(c3, a, b);
    c4 = fma(c4, a, b); c5 = fma(c5, a, b); c6 = fma(c6, a, b); c7 = fma(c7, a, b);
  }
  sink[id.x % arrayLength(&sink)] = (c0 + c1) + (c2 + c3) + ((c4 + c5) + (c6 + c7));
}

// Each lane moves 16 bytes at a time, neighbours side by side; a lane takes every (lanes in all)-th.
@compute @workgroup_size(256)
fn copyAll(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let length = min(arrayLength(&source), arrayLength(&sink));
  for (var i = id.x; i < length; i += groups.x * 256u) {
    sink[i] = source[i];
  }
}
