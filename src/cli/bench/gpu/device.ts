import { abilityError } from '../../../domain/index.ts';
import { type GpuContext, openGpu } from '../../../gpu/index.ts';
import { DeviceProfiler } from './profile.ts';

/** An open device that counts what runs on it. Whoever opened it destroys the context. */
export interface BenchDevice {
  readonly gpu: GpuContext;
  readonly profiler: DeviceProfiler;
}

/** A software adapter too: it proves that the benchmark runs. Rejects where there is none. */
export async function openBenchDevice(gpu: GPU | undefined): Promise<BenchDevice> {
  const opened = await openGpu(gpu && withTimestamps(gpu), { allowSoftware: true });
  if (!opened.ok) {
    throw abilityError('no-gpu', opened.reason, 'The benchmark on WebGPU needs a Vulkan driver and its loader (libvulkan.so.1).');
  }
  return { gpu: opened.context, profiler: new DeviceProfiler(opened.context.device) };
}

/** The device in Node, by Dawn. */
export async function openNodeDevice(): Promise<BenchDevice> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  kept = create([]);
  return await openBenchDevice(kept);
}

// Kept while the device is in use: a collected GPU object takes its devices along.
let kept: GPU | null = null;

/** `gpu` whose devices have timestamps where the adapter does. */
function withTimestamps(gpu: GPU): GPU {
  const requestAdapter = async (options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> => {
    const adapter = await gpu.requestAdapter(options);
    if (!adapter?.features.has('timestamp-query')) return adapter;
    const request = adapter.requestDevice.bind(adapter);
    adapter.requestDevice = (descriptor: GPUDeviceDescriptor = {}) => {
      const features = new Set([...(descriptor.requiredFeatures ?? []), 'timestamp-query' as const]);
      return request({ ...descriptor, requiredFeatures: [...features] });
    };
    return adapter;
  };
  return { requestAdapter } as GPU;
}
