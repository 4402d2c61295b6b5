import { expect, test } from 'vitest';
import { abilityError, CancelledError, inputError } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { type Compute, CPU } from '../compute.ts';
import { onDevice } from './index.ts';

const told: string[] = [];
const gpu: Compute = { device: 'webgpu', gpu: {} as GpuContext, onFallback: (reason) => told.push(reason) };
const cpu = () => Promise.resolve('cpu');

test('where there is no device the CPU does it', async () => {
  expect(await onDevice(CPU, () => Promise.resolve('gpu'), cpu, 1)).toBe('cpu');
  expect(await onDevice(gpu, () => Promise.resolve('gpu'), cpu, 1)).toBe('gpu');
});

test('small work stays on the CPU, and nothing is told', async () => {
  told.length = 0;
  const choosy: Compute = { ...gpu, leastWork: 100 };
  expect(await onDevice(choosy, () => Promise.resolve('gpu'), cpu, 99)).toBe('cpu');
  expect(await onDevice(choosy, () => Promise.resolve('gpu'), cpu, 100)).toBe('gpu');
  expect(told).toEqual([]);
});

test('P5 what the device cannot do is told and done by the CPU', async () => {
  told.length = 0;
  expect(await onDevice(gpu, () => Promise.reject(abilityError('gpu-lost', 'It was lost.', '')), cpu, 1)).toBe('cpu');
  expect(told).toEqual(['It was lost.']);
});

test('cancelling, wrong input and our mistakes are not hidden by the CPU', async () => {
  for (const error of [new CancelledError(), inputError('a', 'b', 'c'), new TypeError('ours')]) {
    await expect(onDevice(gpu, () => Promise.reject(error), cpu, 1)).rejects.toBe(error);
  }
});
