import { afterAll, beforeAll, expect } from 'vitest';
import { silentContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import { openNodeGpu } from '../../testing/index.ts';
import { type Compute, dbscan, kmeans } from '../index.ts';
import { describeDbscan, describeKMeans } from './shapes.fixture.ts';

let gpu: GpuContext;
let device: Compute;
beforeAll(async () => {
  gpu = await openNodeGpu();
  device = { device: 'webgpu', gpu, onFallback: (reason) => expect.fail(`fell back: ${reason}`) };
});
afterAll(() => gpu.destroy());

describeKMeans((shape, options) => kmeans(shape.x, options, device, silentContext));
describeDbscan((shape) => dbscan(shape.x, shape.dbscan, device, silentContext));
