import { isCancelled, toAppError } from '../../domain/index.ts';
import type { Compute, GpuCompute } from '../compute.ts';

/**
 * `onGpu` where there is a device, `onCpu` where there is none or it failed (lost, out of memory, kernel refused, results
 * unwritten), which `compute.onFallback` is told. Cancelling is no failure, and a mistake of ours or of the input is thrown.
 * `onCpu` starts from whatever full step `onGpu` left to it. A step whose multiply-adds (`work`) are fewer than
 * `compute.leastWork` is done on the CPU.
 */
export async function onDevice<T>(
  compute: Compute,
  onGpu: (compute: GpuCompute) => Promise<T>,
  onCpu: () => Promise<T>,
  work: number,
): Promise<T> {
  if (compute.device !== 'webgpu' || work < (compute.leastWork ?? 0)) return await onCpu();
  try {
    return await onGpu(compute);
  } catch (error) {
    if (isCancelled(error)) throw error;
    const told = toAppError(error);
    if (told.kind !== 'ability') throw error;
    compute.onFallback?.(told.message);
    return await onCpu();
  }
}
