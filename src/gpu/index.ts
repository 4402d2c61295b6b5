export { type Constants, createGpuContext, type GpuContext, type Uploadable } from './context.ts';
export { GpuLostError, gpuError, messageOf } from './errors.ts';
export { type GpuOpenResult, openGpu } from './open.ts';
