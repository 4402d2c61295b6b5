import type { Choice } from './session.ts';

export type DeviceWish = 'wasm' | 'webgpu' | 'auto';

export interface Choices {
  /** To be tried in this order. */
  readonly choices: readonly [Choice, ...Choice[]];
  /** Why WebGPU is not among them, if it was wished for. */
  readonly notes: readonly string[];
}

/** WASM has fast integer products, WebGPU has none: there int8 weights are turned back into floats. */
const WASM: Choice = { dtype: 'q8', device: 'wasm' };
const WEBGPU: Choice = { dtype: 'int8', device: 'webgpu' };

/** 'hardware', 'software' (slower than WASM on the same core) or 'none'. */
export type AdapterKind = 'hardware' | 'software' | 'none';

/** WASM is always there and always last. `webgpu` takes a software adapter too, which is of use to tests only. */
export function chooseDevices(wish: DeviceWish, adapter: AdapterKind): Choices {
  if (wish === 'wasm') return { choices: [WASM], notes: [] };
  if (adapter === 'none') return { choices: [WASM], notes: ['No WebGPU here: texts are embedded on WASM.'] };
  if (wish === 'auto' && adapter === 'software') {
    return { choices: [WASM], notes: ['The only WebGPU adapter is emulated in software: texts are embedded on WASM.'] };
  }
  return { choices: [WEBGPU, WASM], notes: [] };
}

/** What kind of WebGPU adapter this page, worker or process has. */
export async function probeAdapter(gpu: GPU | undefined = globalThis.navigator?.gpu): Promise<AdapterKind> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return 'none';
  const { isFallbackAdapter, architecture, description } = adapter.info;
  const software = isFallbackAdapter || /swiftshader|llvmpipe|warp/i.test(`${architecture} ${description}`);
  return software ? 'software' : 'hardware';
}
