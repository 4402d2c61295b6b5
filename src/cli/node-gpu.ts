import type { Settings } from '../domain/index.ts';

// A device whose GPU object was collected takes the process down with it; one on globalThis would keep Node from exiting.
let gpu: GPU | null = null;

const importDawn = (): Promise<typeof import('webgpu')> => import('webgpu');

/**
 * The GPU of Node, by Dawn: a development dependency, loaded only when WebGPU is asked for. Where it cannot be loaded, a GPU
 * that says so when it is asked for an adapter, so that the run goes on with the CPU and its manifest tells why.
 */
export async function nodeGpu(device: Settings['device'], load = importDawn): Promise<GPU | undefined> {
  if (device !== 'webgpu') return undefined;
  try {
    const { create, globals } = await load();
    Object.assign(globalThis, globals);
    gpu ??= create([]);
    return gpu;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const error = new Error(`Dawn, which gives Node WebGPU (the npm package "webgpu"), could not be loaded: ${why}`, { cause });
    return { requestAdapter: () => Promise.reject(error) } as Partial<GPU> as GPU;
  }
}
