import { expect, test } from 'vitest';
import { openCompute } from '../pipeline/index.ts';
import { nodeGpu } from './node-gpu.ts';

test('P5 where Dawn cannot be loaded the run is on the CPU, and its note keeps the cause and names no browser', async () => {
  const missing = (): never => {
    throw new Error('libvulkan.so.1 is missing');
  };
  const { info } = await openCompute('webgpu', await nodeGpu('webgpu', missing), false);
  expect(info.device).toBe('cpu');
  expect(info.note).toMatch(/Node.*libvulkan\.so\.1 is missing/);
  expect(info.note).not.toContain('browser');
});

test('Dawn is not loaded unless WebGPU is asked for', async () => {
  const load = (): never => {
    throw new Error('loaded');
  };
  expect(await nodeGpu('cpu', load)).toBeUndefined();
  expect(await nodeGpu('auto', load)).toBeUndefined();
});
