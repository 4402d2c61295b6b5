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

test('the data sheet is found by the adapter`s name, and an unknown adapter has none', () => {
  expect(knownPeak('NVIDIA H100 80GB HBM3')?.flops).toBe(67e12);
  expect(knownPeak('NVIDIA H100 PCIe')?.flops).toBe(51e12);
  expect(knownPeak('SwiftShader driver 5.0.0')).toBe(null);
});
