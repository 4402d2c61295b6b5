import { type ComputeInfo, type Settings, silentContext } from '../domain/index.ts';
import { type Compute, type GpuCompute, type Probe, probeDevices } from '../engine/index.ts';
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
 * Multiply-adds below which a step stays on the CPU: WASM does them in about 5 ms on one core, some of which a device spends on upload
 * and read-back.
 */
const LEAST_WORK = 2 ** 27;

/**
 * Takes the GPU where one is wanted and there, else the CPU, and says why; 'auto' takes it where a short probe finds it clearly faster.
 * A software adapter is slower than the CPU and is taken only if `allowSoftware` (tests) says so, and then for every step.
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
  const device = onGpu(context, context.adapterName, allowSoftware ? 0 : LEAST_WORK);
  if (wanted === 'webgpu') return device;
  const probe = await probeDevices({ device: 'cpu' }, device.compute as GpuCompute, silentContext);
  const note = describeProbe(probe, context.adapterName);
  if (probe.faster === 'webgpu') return { ...device, info: { ...device.info, note } };
  device.close();
  return onCpu(note);
}

/** What was measured, for people. */
const describeProbe = ({ cpuMs, gpuMs, faster }: Probe, adapter: string): string =>
  `A short k-means took ${cpuMs.toFixed(0)} ms on the CPU and ${gpuMs.toFixed(0)} ms on ${adapter}, so ${faster === 'webgpu' ? 'the GPU' : 'the CPU'} was taken.`;

/** What runs on an open device, which it then owns. */
export function onGpu(gpu: GpuContext, adapter: string, leastWork = 0): OpenedCompute {
  let reason: string | null = null;
  const onFallback = (told: string): void => {
    reason ??= told;
  };
  return {
    compute: { device: 'webgpu', gpu, onFallback, leastWork },
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
