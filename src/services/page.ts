import { inputError, isSoftwareAdapter } from '../domain/index.ts';

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

/** The content policy that the built page carries in itself. */
export const policyInPage = (): string | null =>
  document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]')?.content ?? null;

/**
 * The content policy of the page: of the built page itself, else (in development) of the header that it comes with; null where there is none, and
 * where the server can't be asked.
 */
export async function contentPolicy(): Promise<string | null> {
  const own = policyInPage();
  if (own !== null) return own;
  const response = await fetch(location.href, { method: 'HEAD' }).catch(() => null);
  return response?.headers.get('Content-Security-Policy') ?? null;
}

/** Asks that what is kept stays when space gets short; some browsers ask the user. It stays for now either way. */
export function persistStorage(): void {
  navigator.storage?.persist?.().catch(() => {});
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
}

export async function readEnvironment(): Promise<Environment> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return { webgpu: null, software: false };
  const { vendor, architecture, description } = adapter.info;
  const name = [vendor, architecture, description].filter(Boolean).join(' ') || 'WebGPU adapter';
  return { webgpu: name, software: isSoftwareAdapter(adapter) };
}
