import { isSoftwareAdapter } from '../domain/index.ts';
import { createGpuContext, type GpuContext } from './context.ts';
import { messageOf } from './errors.ts';

/** A context, or in the user's words why there is none. */
export type GpuOpenResult = { readonly ok: true; readonly context: GpuContext } | { readonly ok: false; readonly reason: string };

/** What kernels and the benchmark use where the adapter has it, and do without where it has not. */
export type OptionalFeature = 'timestamp-query' | 'subgroups';
const OPTIONAL: readonly OptionalFeature[] = ['timestamp-query', 'subgroups'];

export interface GpuOpenOptions {
  readonly allowSoftware: boolean;
  /** Features that are not asked for although the adapter has them: the plain paths are tested so. */
  readonly without?: readonly OptionalFeature[];
}

/**
 * Opens the fastest adapter with the largest buffers and the optional features it has. Never throws: a machine without WebGPU is a normal machine.
 * A software adapter is refused unless `allowSoftware`, since it is slower than the CPU path it would replace.
 */
export async function openGpu(gpu: GPU | undefined, options: GpuOpenOptions): Promise<GpuOpenResult> {
  if (!gpu) return refused('This browser has no WebGPU.');
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return refused('WebGPU found no graphics adapter on this machine.');
    const name = adapterName(adapter.info);
    const software = isSoftwareAdapter(adapter);
    if (software && !options.allowSoftware) {
      return refused(`The only WebGPU adapter here (${name}) is a software one, which is slower than the CPU path.`);
    }
    const requiredFeatures = OPTIONAL.filter((name) => adapter.features.has(name) && !options.without?.includes(name));
    const device = await adapter.requestDevice({ requiredFeatures, requiredLimits: largestBuffers(adapter.limits) });
    return { ok: true, context: createGpuContext(device, name, software) };
  } catch (error) {
    return refused(`WebGPU could not be started: ${messageOf(error)}`);
  }
}

function adapterName(info: GPUAdapterInfo): string {
  const short = [info.vendor, info.architecture].filter(Boolean).join(' ');
  return info.description || short || 'unnamed adapter';
}

/** The defaults (128 and 256 MiB) are a floor that most adapters exceed; a device gets only what it asks for. */
function largestBuffers(limits: GPUSupportedLimits): Record<string, number> {
  return { maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize, maxBufferSize: limits.maxBufferSize };
}

const refused = (reason: string): GpuOpenResult => ({ ok: false, reason });
