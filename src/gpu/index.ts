export { type Constants, createGpuContext, type GpuContext, type Uploadable } from './context.ts';
export { GpuLostError, gpuError, messageOf } from './errors.ts';
export { type GpuOpenOptions, type GpuOpenResult, type OptionalFeature, openGpu } from './open.ts';
export { createTimer, type GpuTimer, type KernelTime, type Timing } from './timing.ts';
