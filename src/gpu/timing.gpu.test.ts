import { afterAll, beforeAll, expect, test } from 'vitest';
import { openNodeGpu, openPlainGpu } from '../testing/index.ts';
import { createTimer, type GpuContext, GpuLostError } from './index.ts';

/** Squares a number `rounds` times: work that grows with it. */
const SPIN = `
override rounds: u32 = 1u;
@group(0) @binding(0) var<storage, read_write> out: array<f32>;
@compute @workgroup_size(64) fn spin(@builtin(global_invocation_id) id: vec3u) {
  var value = f32(id.x % 7u) * 1e-3;
  for (var i = 0u; i < rounds; i++) { value = value * value + 1e-3; }
  out[id.x] = value;
}`;

let timed: GpuContext;
let plain: GpuContext;
beforeAll(async () => {
  timed = await openNodeGpu();
  plain = await openPlainGpu('timestamp-query');
});
afterAll(() => {
  timed.destroy();
  plain.destroy();
});

/** Work of `passes` passes, to be given the context that is timed. */
async function spinning(gpu: GpuContext, rounds: number, passes: number): Promise<void> {
  const pipeline = await gpu.pipeline(SPIN, 'spin', { rounds });
  const out = gpu.createStorage('out', 64 * 64 * 4);
  await gpu.guarded('spin', () => {
    const { device } = gpu;
    const bind = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: out } }],
    });
    for (let p = 0; p < passes; p++) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bind);
      pass.dispatchWorkgroups(64);
      pass.end();
      device.queue.submit([encoder.finish()]);
    }
  });
  await gpu.finished();
  out.destroy();
}

test('optional features are asked for where the adapter has them, and not where they are withheld', () => {
  expect(timed.features.has('timestamp-query')).toBe(true);
  expect(plain.features.has('timestamp-query')).toBe(false);
  expect(plain.features.has('subgroups')).toBe(timed.features.has('subgroups'));
});

test('timestamps count the passes of each kernel, grow with the work and stay below the clock on the wall', async () => {
  const timer = createTimer(timed);
  expect(timer.source).toBe('timestamp-query');
  await spinning(timer.gpu, 8000, 1);
  const short = await timer.time(() => spinning(timer.gpu, 100, 3));
  const long = await timer.time(() => spinning(timer.gpu, 8000, 3));
  expect(long.kernels.get('spin')?.passes).toBe(3);
  expect(long.ms).toBe(long.kernels.get('spin')?.ms);
  expect(long.ms).toBeGreaterThan(0);
  expect(long.ms).toBeGreaterThan(short.ms);
  expect(long.ms).toBeLessThanOrEqual(long.wallMs + 0.1);
});

test('without the feature it is the clock on the wall, until the device has ended', async () => {
  const timer = createTimer(plain);
  expect(timer.source).toBe('wall');
  const short = await timer.time(() => spinning(timer.gpu, 100, 1));
  const long = await timer.time(() => spinning(timer.gpu, 16_000, 3));
  expect(long).toEqual({ source: 'wall', ms: long.wallMs, wallMs: long.wallMs, kernels: new Map() });
  expect(long.ms).toBeGreaterThan(short.ms);
});

test('more passes than one query set holds are all counted', async () => {
  const timer = createTimer(timed);
  const { kernels } = await timer.time(() => spinning(timer.gpu, 1, 2050));
  expect(kernels.get('spin')?.passes).toBe(2050);
});

test('what it is not asked to time runs as ever; no work at all is no passes', async () => {
  const timer = createTimer(timed);
  await spinning(timer.gpu, 10, 1);
  expect((await timer.time(() => {})).kernels.size).toBe(0);
  expect((await timer.time(() => spinning(timer.gpu, 10, 1))).kernels.get('spin')?.passes).toBe(1);
});

test('an error of the work, and the loss of the device, come through', async () => {
  const timer = createTimer(timed);
  await expect(timer.time(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
  const other = await openNodeGpu();
  const lost = createTimer(other);
  await expect(lost.time(() => other.device.destroy())).rejects.toBeInstanceOf(GpuLostError);
  expect(lost.gpu.isLost).toBe(true);
});
