import type { ComputeInfo, Settings } from '../domain/index.ts';
import type { Compute } from '../engine/index.ts';
import { type GpuContext, openGpu } from '../gpu/index.ts';

/** What the engine runs on, and how that is told to the user. */
export interface OpenedCompute {
  readonly compute: Compute;
  readonly info: ComputeInfo;
  /** Why a step left the device for the CPU, in the user's words: the first reason told; null if none did. */
  fellBack(): string | null;
  /** Frees the device; may be called twice. */
  close(): void;
}

/**
 * Takes the GPU where one is wanted and there, else the CPU, and says why. A software adapter is slower than the CPU and
 * is taken only if `allowSoftware` (tests) says so.
 */
export async function openCompute(
  wanted: Settings['device'],
  gpu: GPU | undefined,
  allowSoftware: boolean,
): Promise<OpenedCompute> {
  if (wanted === 'cpu') return onCpu('');
  const opened = await openGpu(gpu, { allowSoftware });
  if (!opened.ok)
    return onCpu(wanted === 'webgpu' ? `WebGPU was asked for and is not to be had: ${opened.reason}` : opened.reason);
  return onGpu(opened.context, opened.context.adapterName);
}

/** What runs on an open device, which it then owns. */
export function onGpu(gpu: GpuContext, adapter: string): OpenedCompute {
  let reason: string | null = null;
  const onFallback = (told: string): void => {
    reason ??= told;
  };
  return {
    compute: { device: 'webgpu', gpu, onFallback },
    info: { device: 'webgpu', adapter, note: '' },
    fellBack: () => reason,
    close: () => gpu.destroy(),
  };
}

const onCpu = (note: string): OpenedCompute => ({
  compute: { device: 'cpu' },
  info: { device: 'cpu', adapter: '', note },
  fellBack: () => null,
  close: () => {},
});
