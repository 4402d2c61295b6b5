import { isSoftwareAdapter } from '../domain/index.ts';
import type { Choice } from './session.ts';

export type DeviceWish = 'wasm' | 'webgpu' | 'auto';

export interface Chosen {
  readonly choice: Choice;
  /** Why it is not WebGPU, if that was wished for. */
  readonly notes: readonly string[];
}

/** WASM has fast integer products, WebGPU has none: there int8 weights are turned back into floats. */
const WASM: Choice = { dtype: 'q8', device: 'wasm' };
const WEBGPU: Choice = { dtype: 'int8', device: 'webgpu' };

/** 'hardware', 'software' (slower than WASM on the same core) or 'none'. */
export type AdapterKind = 'hardware' | 'software' | 'none';

/** `webgpu` takes a software adapter too, which is of use to tests only. */
export function chooseDevice(wish: DeviceWish, adapter: AdapterKind): Chosen {
  if (wish === 'wasm') return { choice: WASM, notes: [] };
  if (adapter === 'none') return { choice: WASM, notes: ['No WebGPU here: texts are embedded on WASM.'] };
  if (wish === 'auto' && adapter === 'software') {
    return { choice: WASM, notes: ['The only WebGPU adapter is emulated in software: texts are embedded on WASM.'] };
  }
  return { choice: WEBGPU, notes: [] };
}

/** What kind of WebGPU adapter this page, worker or process has. */
export async function probeAdapter(gpu: GPU | undefined = globalThis.navigator?.gpu): Promise<AdapterKind> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return 'none';
  return isSoftwareAdapter(adapter) ? 'software' : 'hardware';
}
