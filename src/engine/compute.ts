import type { GpuContext } from '../gpu/index.ts';

/** Where a step may run. The device is always passed in; the engine opens none. */
export type Compute = { readonly device: 'cpu' } | { readonly device: 'webgpu'; readonly gpu: GpuContext };

export const CPU: Compute = { device: 'cpu' };
