import { type AppError, abilityError } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';

/** One dispatch of a pass. Those of one pass run one after the other and see what the ones before wrote. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bind: GPUBindGroup;
  readonly groups: readonly [x: number, y?: number, z?: number];
}

/** A bind group 0 whose bindings are the buffers in their order, from 0 on. */
export function bindAll(gpu: GpuContext, pipeline: GPUComputePipeline, buffers: readonly GPUBuffer[]): GPUBindGroup {
  return gpu.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
}

/** Submits the dispatches as one pass. To be called within `gpu.guarded`. */
export function submitPass(gpu: GpuContext, dispatches: readonly Dispatch[]): void {
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const { pipeline, bind, groups } of dispatches) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bind);
    pass.dispatchWorkgroups(...groups);
  }
  pass.end();
  gpu.device.queue.submit([encoder.finish()]);
}

export function destroyAll(buffers: Iterable<GPUBuffer>): void {
  for (const buffer of buffers) buffer.destroy();
}

/** An output still holds the value that can't be an answer. */
export const unwritten = (): AppError =>
  abilityError(
    'gpu-wrong',
    'The graphics device left results unwritten, or the numbers are beyond its range.',
    'The work goes on on the CPU.',
  );
