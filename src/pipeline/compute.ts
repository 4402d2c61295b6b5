import { type ComputeInfo, type Settings, silentContext } from '../domain/index.ts';
import { type Compute, cpuOf, type GpuCompute, type Probe, probeDevices, type Team } from '../engine/index.ts';
import { type GpuContext, openGpu } from '../gpu/index.ts';

/** What the engine runs on, and how that is told to the user. */
export interface OpenedCompute {
  readonly compute: Compute;
  readonly info: ComputeInfo;
  /** Why a step left the device for the CPU, in the user's words: the first reason told; null if none did. */
  fellBack(): string | null;
  /** Frees the device and ends the threads; may be called twice. */
  close(): void;
}

/**
 * Multiply-adds of one pass over the rows that are worth other threads: some 0.3 ms of one. With less, waking them costs more than they
 * do (the sample, whose windows have 1,200 rows, took a fifth longer with two threads than with one).
 */
const LEAST_SHARED = 2 ** 23;
/**
 * Multiply-adds below which a step stays on the CPU: at the rate of the WASM tiles (52 GFLOP/s on one core) a few milliseconds, some of
 * which a device spends on upload and read-back.
 */
const LEAST_WORK = 2 ** 27;

/**
 * Takes the GPU where one is wanted and there, else the CPU, and says why; 'auto' takes it where a short probe finds it clearly faster.
 * A software adapter is slower than the CPU and is taken only if `allowSoftware` (tests) says so, and then for every step. What runs on
 * the CPU is shared with the team, which is owned from then on.
 */
export async function openCompute(
  wanted: Settings['device'],
  gpu: GPU | undefined,
  allowSoftware: boolean,
  team: Team | null = null,
): Promise<OpenedCompute> {
  if (wanted === 'cpu') return onCpu('', team);
  const opened = await openGpu(gpu, { allowSoftware });
  if (!opened.ok)
    return onCpu(wanted === 'webgpu' ? `WebGPU was asked for and is not to be had: ${opened.reason}` : opened.reason, team);
  const { context } = opened;
  const device = onGpu(context, context.adapterName, allowSoftware ? 0 : LEAST_WORK, team);
  if (wanted === 'webgpu') return device;
  const probe = await probeDevices(cpuOf(device.compute), device.compute as GpuCompute, silentContext);
  const note = describeProbe(probe, context.adapterName);
  if (probe.faster === 'webgpu') return { ...device, info: { ...device.info, note } };
  context.destroy();
  return onCpu(note, team);
}

/** What was measured, for people. */
const describeProbe = ({ cpuMs, gpuMs, faster }: Probe, adapter: string): string =>
  `A short k-means took ${cpuMs.toFixed(0)} ms on the CPU and ${gpuMs.toFixed(0)} ms on ${adapter}, so ${faster === 'webgpu' ? 'the GPU' : 'the CPU'} was taken.`;

/** What runs on an open device, which it then owns. */
export function onGpu(gpu: GpuContext, adapter: string, leastWork = 0, team: Team | null = null): OpenedCompute {
  let reason: string | null = null;
  const onFallback = (told: string): void => {
    reason ??= told;
  };
  return {
    compute: { device: 'webgpu', gpu, onFallback, leastWork, ...threadsOf(team) },
    info: { device: 'webgpu', adapter, threads: team?.threads ?? 1, note: '' },
    fellBack: () => reason,
    close() {
      gpu.destroy();
      team?.close();
    },
  };
}

const onCpu = (note: string, team: Team | null): OpenedCompute => ({
  compute: { device: 'cpu', ...threadsOf(team) },
  info: { device: 'cpu', adapter: '', threads: team?.threads ?? 1, note },
  fellBack: () => null,
  close: () => team?.close(),
});

const threadsOf = (team: Team | null) => (team ? { team, leastShared: LEAST_SHARED } : {});
