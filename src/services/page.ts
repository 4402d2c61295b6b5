import { inputError } from '../domain/index.ts';

/** The sample that the build put beside the page. */
export async function loadSample(): Promise<File> {
  const response = await fetch('samples/library.csv');
  if (!response.ok) {
    throw inputError(
      'no-sample',
      `The sample is not on this server (${response.status}).`,
      'Build the app with npm start or npm run build, which make it.',
    );
  }
  return new File([await response.blob()], 'library.csv', { type: 'text/csv' });
}

/** Gives the user a file. The object URL lives until the browser has taken the data. */
export function saveFile(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export interface Environment {
  /** Name of the WebGPU adapter, or null. */
  readonly webgpu: string | null;
  /** The adapter runs on the processor: it is not used. */
  readonly software: boolean;
  readonly crossOriginIsolated: boolean;
}

export async function readEnvironment(): Promise<Environment> {
  const isolated = globalThis.crossOriginIsolated === true;
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return { webgpu: null, software: false, crossOriginIsolated: isolated };
  const { vendor, architecture, description } = adapter.info;
  const name = [vendor, architecture, description].filter(Boolean).join(' ') || 'WebGPU adapter';
  return { webgpu: name, software: /swiftshader|llvmpipe|lavapipe|basic render/i.test(name), crossOriginIsolated: isolated };
}

export interface NetworkCount {
  /** Requests of the page since it was loaded. */
  readonly requests: number;
  /** Those to anywhere but the origin: tried, and stopped by the page's policy. */
  readonly outside: number;
}

/** Counts the page's requests; promise P1 shown to the user. Start it once. */
export function watchNetwork(): () => NetworkCount {
  let requests = 0;
  let outside = 0;
  const count = (entries: readonly PerformanceEntry[]): void => {
    for (const { name } of entries) {
      requests++;
      if (!/^(blob|data):/.test(name) && new URL(name, location.href).origin !== location.origin) outside++;
    }
  };
  new PerformanceObserver((list) => count(list.getEntries())).observe({ type: 'resource', buffered: true });
  document.addEventListener('securitypolicyviolation', () => {
    outside++;
  });
  return () => ({ requests, outside });
}
