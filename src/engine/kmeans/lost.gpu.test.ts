import { expect, test } from 'vitest';
import { type JobContext, silentContext, takeRows } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { openNodeGpu, uniformMatrix } from '../../testing/index.ts';
import { adjustedRandIndex, CPU, type KMeansOptions, kmeans } from '../index.ts';

const options: KMeansOptions = { k: 6, seed: 1, nInit: 1, maxIterations: 100, tolerance: 0, spherical: false };
const x = uniformMatrix(400, 8, 1);
const start = takeRows(x, [0, 1, 2, 3, 4, 5]);

/** A device that is lost when it is first asked to do `what`. */
async function losing(what: string): Promise<GpuContext> {
  const gpu = await openNodeGpu();
  return new Proxy(gpu, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result = value.apply(target, args);
        if (name === 'guarded' && args[0] === what) gpu.device.destroy();
        return result;
      };
    },
  });
}

async function expectRight(gpu: GpuContext, more: Partial<KMeansOptions>, ctx: JobContext = silentContext): Promise<void> {
  const told: string[] = [];
  const right = await kmeans(x, { ...options, ...more }, CPU, silentContext);
  const compute = { device: 'webgpu', gpu, onFallback: (reason: string) => void told.push(reason) } as const;
  const result = await kmeans(x, { ...options, ...more }, compute, ctx);
  expect(told).toEqual([expect.stringContaining('lost')]);
  expect(adjustedRandIndex(result.labels, right.labels)).toBeGreaterThanOrEqual(0.99);
  expect(Math.abs(result.inertia / right.inertia - 1)).toBeLessThan(1e-4);
  expect(result.converged).toBe(true);
  gpu.destroy();
}

test('P5 lost before the start, the device is given up at once', async () => {
  const gpu = await openNodeGpu();
  gpu.destroy();
  await expectRight(gpu, {});
});

test('P5 lost while it is seeding: the same seeds are found on the CPU', async () => {
  await expectRight(await losing('k-means++'), {});
});

test('P5 lost while iterations are under way: the CPU goes on from the last step that came back', async () => {
  const iterations: number[] = [];
  const gpu = await openNodeGpu();
  const ctx: JobContext = {
    ...silentContext,
    progress: (done) => {
      iterations.push(done);
      if (done === 3) gpu.device.destroy();
    },
  };
  await expectRight(gpu, { start }, ctx);
  const told = iterations.slice(0, -1);
  expect(told).toEqual(told.map((_, i) => i + 1));
});

test('P5 lost at the final read: the CPU ends it', async () => {
  await expectRight(await losing('inertia'), { start });
});
