import { expect, test } from 'vitest';
import { openGpu } from './index.ts';

const info = (words: Partial<GPUAdapterInfo>): GPUAdapterInfo =>
  ({ vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false, ...words }) as GPUAdapterInfo;

const gpuWith = (adapter: unknown): GPU => ({ requestAdapter: () => Promise.resolve(adapter) }) as unknown as GPU;

test('P5 no WebGPU and no adapter are answers, not exceptions', async () => {
  expect(await openGpu(undefined, { allowSoftware: false })).toEqual({ ok: false, reason: 'This browser has no WebGPU.' });
  const none = await openGpu(gpuWith(null), { allowSoftware: true });
  expect(none).toEqual({ ok: false, reason: 'WebGPU found no graphics adapter on this machine.' });
});

test('P5 a driver that throws is an answer with its reason', async () => {
  const broken = { requestAdapter: () => Promise.reject(new Error('driver went away')) } as unknown as GPU;
  expect(await openGpu(broken, { allowSoftware: false })).toEqual({
    ok: false,
    reason: 'WebGPU could not be started: driver went away',
  });
});

test('a software adapter is never chosen for a user', async () => {
  const adapter = { info: info({ vendor: 'google', architecture: 'swiftshader' }) };
  const opened = await openGpu(gpuWith(adapter), { allowSoftware: false });
  expect(opened.ok).toBe(false);
  if (!opened.ok) expect(opened.reason).toContain('google swiftshader');
});
