import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancelledError, silentContext } from '../../domain/index.ts';
import { type GpuContext, GpuLostError } from '../../gpu/index.ts';
import { openNodeGpu } from '../../testing/index.ts';
import { type CpuCompute, type GpuCompute, probeDevices } from '../index.ts';

const CPU: CpuCompute = { device: 'cpu' };

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openNodeGpu();
});
afterAll(() => gpu.destroy());

/** A clock that gives the n-th timed run, of three a side, its length from the list. */
function clockOf(lengths: readonly number[]): () => number {
  let [calls, time] = [0, 0];
  return () => {
    if (calls % 2 === 1) time += lengths[calls >> 1] as number;
    calls++;
    return time;
  };
}

test('the best of three runs decides, and the device must be clearly faster', async () => {
  const probe = (lengths: readonly number[]) =>
    probeDevices(CPU, { device: 'webgpu', gpu }, silentContext, { now: clockOf(lengths), rows: 600 });
  expect(await probe([40, 30, 35, 90, 19, 25])).toEqual({ cpuMs: 30, gpuMs: 19, faster: 'webgpu' });
  expect(await probe([40, 30, 35, 21, 90, 25])).toEqual({ cpuMs: 30, gpuMs: 21, faster: 'cpu' });
});

test('a device that is hopeless in its first round is not waited for again', async () => {
  const probe = await probeDevices(CPU, { device: 'webgpu', gpu }, silentContext, { now: clockOf([30, 30, 30, 121]), rows: 600 });
  expect(probe).toEqual({ cpuMs: 30, gpuMs: 121, faster: 'cpu' });
});

/** A device that fails at the first thing it is asked for. */
const broken = new Proxy({} as GpuContext, {
  get: () => {
    throw new GpuLostError('gone');
  },
});

test('P5 a device that gives up is not chosen, however soon it did; the run is not told of it', async () => {
  const told: string[] = [];
  const device: GpuCompute = { device: 'webgpu', gpu: broken, onFallback: (reason) => told.push(reason) };
  const probe = await probeDevices(CPU, device, silentContext, { now: clockOf([40, 40, 40, 1, 1, 1]), rows: 600 });
  expect(probe).toEqual({ cpuMs: 40, gpuMs: 1, faster: 'cpu' });
  expect(told).toEqual([]);
});

test('P7 it can be cancelled', async () => {
  const ctx = { progress: () => {}, checkpoint: () => Promise.reject(new CancelledError()) };
  await expect(probeDevices(CPU, { device: 'webgpu', gpu }, ctx)).rejects.toThrow(CancelledError);
});
