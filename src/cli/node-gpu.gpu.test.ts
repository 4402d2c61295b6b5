import { afterEach, expect, test } from 'vitest';
import { silentContext } from '../domain/index.ts';
import { kmeans } from '../engine/index.ts';
import { type OpenedCompute, openCompute } from '../pipeline/index.ts';
import { uniformMatrix } from '../testing/index.ts';
import { nodeGpu } from './node-gpu.ts';

const opened: OpenedCompute[] = [];
const open = async (wanted: 'auto' | 'webgpu'): Promise<OpenedCompute> => {
  const compute = await openCompute(wanted, await nodeGpu('webgpu'), true);
  opened.push(compute);
  return compute;
};
afterEach(() => {
  for (const compute of opened.splice(0)) compute.close();
});

test('auto probes both and says what it measured; a software adapter loses to the CPU it runs on', async () => {
  const { compute, info } = await open('auto');
  expect(compute).toEqual({ device: 'cpu' });
  expect(info.device).toBe('cpu');
  expect(info.note).toMatch(/A short k-means took \d+ ms on the CPU and \d+ ms on .*SwiftShader.*, so the CPU was taken/i);
}, 240_000);

test('P5 after a device was lost in a job, the next job gets a new one', async () => {
  const x = uniformMatrix(600, 8, 1);
  const options = { k: 3, seed: 1, nInit: 2, maxIterations: 20, tolerance: 0, spherical: false };
  const first = await open('webgpu');
  if (first.compute.device !== 'webgpu') throw new Error(`no device: ${first.info.note}`);
  first.compute.gpu.device.destroy();
  const onCpu = await kmeans(x, options, first.compute, silentContext);
  expect(first.fellBack()).toMatch(/lost/);
  const second = await open('webgpu');
  expect(second.info.device).toBe('webgpu');
  const onGpu = await kmeans(x, options, second.compute, silentContext);
  expect(second.fellBack()).toBeNull();
  expect(Math.abs(onGpu.inertia - onCpu.inertia)).toBeLessThan(1e-4 * onCpu.inertia);
});
