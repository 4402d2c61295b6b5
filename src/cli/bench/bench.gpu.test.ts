import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BenchArguments, parseBench } from './arguments.ts';
import { bench } from './bench.ts';
import { openNodeDevice } from './gpu/device.ts';
import { knownPeak, measuredPeak } from './gpu/peak.ts';
import type { Report } from './report.ts';

test('the device`s kernels are counted and timed, and their answer is that of the CPU', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'murmuration-bench-test-'));
  const json = join(folder, 'results.json');
  const args = ['gpu', '--device', 'webgpu', '--only', 'assign', '--factor', '500', '--rounds', '2', '--json', json];
  try {
    expect(await bench(parseBench(args) as BenchArguments, () => {})).toBe(0);
    const { results, peaks } = JSON.parse(readFileSync(json, 'utf8')) as Report;
    const { gpu, peers } = results[0] as Report['results'][0];
    expect(peers).toMatchObject([{ by: 'ours on the CPU', refused: false }]);
    expect(gpu?.submits).toBeGreaterThan(0);
    const measured = peaks[0]?.flops ?? 0;
    expect(gpu?.flops).toBeGreaterThan(0);
    // Ten times: other work may have had the processor while the peak was measured.
    expect(gpu?.flops, 'no kernel is faster than the fastest loop').toBeLessThan(measured * 10);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('timestamps tell the time of each kernel by its name, and a new count begins at nothing', async () => {
  const device = await openNodeDevice();
  try {
    const { flops, bytes } = await measuredPeak(device);
    expect([flops > 1e7, bytes > 1e7]).toEqual([true, true]);
    const { kernels, submits } = await device.profiler.end();
    expect(submits).toBe(1);
    if (device.gpu.device.features.has('timestamp-query')) expect(kernels.map(({ kernel }) => kernel)).toEqual(['copyAll']);
    else expect(kernels).toEqual([]);
    device.profiler.begin();
    expect(await device.profiler.end()).toEqual({ submits: 0, kernels: [] });
  } finally {
    device.gpu.destroy();
  }
});

test('kernels of one pass are timed apart, and see what those before them wrote', async () => {
  const { gpu, profiler } = await openNodeDevice();
  try {
    const shader = `@group(0) @binding(0) var<storage, read_write> a: array<u32>;
      @compute @workgroup_size(1) fn first() { a[0] = 41u; }
      @compute @workgroup_size(1) fn second() { a[0] += 1u; }`;
    const [first, second] = [await gpu.pipeline(shader, 'first'), await gpu.pipeline(shader, 'second')];
    const buffer = gpu.upload('a', Uint32Array.of(7));
    profiler.begin();
    await gpu.guarded('test', () => {
      const encoder = gpu.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (const pipeline of [first, second]) {
        pass.setPipeline(pipeline);
        const entries = [{ binding: 0, resource: { buffer } }];
        pass.setBindGroup(0, gpu.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
        pass.dispatchWorkgroups(1);
      }
      pass.end();
      gpu.device.queue.submit([encoder.finish()]);
    });
    const { kernels } = await profiler.end();
    const [bytes] = await gpu.read([{ buffer, bytes: 4 }]);
    expect(new Uint32Array(bytes as ArrayBuffer)).toEqual(Uint32Array.of(42));
    const told = gpu.device.features.has('timestamp-query') ? ['first', 'second'] : [];
    expect(kernels.map(({ kernel }) => kernel).sort()).toEqual(told);
  } finally {
    gpu.destroy();
  }
});

test('the data sheet is found by the adapter`s name, and an unknown adapter has none', () => {
  expect(knownPeak('NVIDIA H100 80GB HBM3')?.flops).toBe(67e12);
  expect(knownPeak('NVIDIA H100 PCIe')?.flops).toBe(51e12);
  expect(knownPeak('SwiftShader driver 5.0.0')).toBe(null);
});
