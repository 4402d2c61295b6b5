import type { ComputeInfo, Settings } from '../domain/index.ts';
import type { Compute } from '../engine/index.ts';
import { openGpu } from '../gpu/index.ts';

/** What the engine runs on, and how that is told to the user. */
export interface OpenedCompute {
  readonly compute: Compute;
  readonly info: ComputeInfo;
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
  const { context } = opened;
  return {
    compute: { device: 'webgpu', gpu: context },
    info: { device: 'webgpu', adapter: context.adapterName, note: '' },
    close: () => context.destroy(),
  };
}

const onCpu = (note: string): OpenedCompute => ({
  compute: { device: 'cpu' },
  info: { device: 'cpu', adapter: '', note },
  close: () => {},
});
