/** The words of a WebGPU adapter's `info` that tell what it is; browsers leave out some. */
export interface AdapterWords {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

/** True for SwiftShader, Mesa's CPU drivers and Windows' WARP ("Microsoft Basic Render Driver"): slower than the CPU path. */
export function isSoftwareAdapter(adapter: { readonly info: AdapterWords; readonly isFallbackAdapter?: boolean }): boolean {
  const { info } = adapter;
  // Until 2025 the flag stood on the adapter itself.
  if (info.isFallbackAdapter === true || adapter.isFallbackAdapter === true) return true;
  const words = [info.vendor, info.architecture, info.device, info.description].join(' ');
  return /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i.test(words);
}
