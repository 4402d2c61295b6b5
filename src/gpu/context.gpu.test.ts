import { afterAll, beforeAll, expect, test } from 'vitest';
import { openNodeGpu } from '../testing/index.ts';
import { type GpuContext, GpuLostError } from './index.ts';

const COPY = `
@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(1) var<storage, read_write> target_: array<u32>;
override plus: u32 = 0u;
@compute @workgroup_size(64) fn copy(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&source)) { target_[id.x] = source[id.x] + plus; }
}`;

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openNodeGpu();
});
afterAll(() => gpu.destroy());

test('no adapter is a failure with a clear line, not a skip', async () => {
  const nothing = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
  await expect(openNodeGpu(() => Promise.resolve(nothing))).rejects.toThrow('The GPU tests need a WebGPU adapter');
});

test('what is uploaded comes back, several buffers at once', async () => {
  const a = gpu.upload('a', Uint32Array.of(1, 2, 3));
  const b = gpu.upload('b', Float32Array.of(0.5));
  const [x, y] = await gpu.read([
    { buffer: a, bytes: 12 },
    { buffer: b, bytes: 4 },
  ]);
  expect([...new Uint32Array(x as ArrayBuffer)]).toEqual([1, 2, 3]);
  expect([...new Float32Array(y as ArrayBuffer)]).toEqual([0.5]);
  a.destroy();
  b.destroy();
});

test('a pipeline is compiled once per source, entry and constants', async () => {
  const first = gpu.pipeline(COPY, 'copy', { plus: 1 });
  expect(gpu.pipeline(COPY, 'copy', { plus: 1 })).toBe(first);
  expect(gpu.pipeline(COPY, 'copy', { plus: 2 })).not.toBe(first);
  await first;
});

test('a kernel that does not compile is an ability error that names it', async () => {
  await expect(gpu.pipeline('not wgsl', 'copy')).rejects.toMatchObject({ kind: 'ability', code: 'gpu-failed' });
});

test('a refused allocation is caught by the scope, and the device lives on', async () => {
  const tooLarge = gpu.guarded('allocate', () => gpu.createStorage('too large', gpu.device.limits.maxBufferSize + 4));
  await expect(tooLarge).rejects.toMatchObject({ kind: 'ability', code: 'gpu-failed' });
  await gpu.guarded('allocate', () => gpu.createStorage('small', 16).destroy());
  expect(gpu.isLost).toBe(false);
});

test('an exception inside a scope leaves the scopes balanced', async () => {
  const failing = gpu.guarded('fail', () => {
    throw new Error('mine');
  });
  await expect(failing).rejects.toThrow('mine');
  await expect(gpu.guarded('next', () => 7)).resolves.toBe(7);
});

test('a lost device rejects pending and later work with GpuLostError; destroy twice is fine', async () => {
  const other = await openNodeGpu();
  const buffer = other.upload('a', Uint32Array.of(1));
  const pending = other.read([{ buffer, bytes: 4 }]);
  other.device.destroy();
  await expect(pending).rejects.toBeInstanceOf(GpuLostError);
  expect(await other.lost).toBeInstanceOf(GpuLostError);
  expect(other.isLost).toBe(true);
  await expect(other.guarded('more', () => 1)).rejects.toBeInstanceOf(GpuLostError);
  await expect(other.pipeline(COPY, 'copy')).rejects.toBeInstanceOf(GpuLostError);
  other.destroy();
  other.destroy();
});
