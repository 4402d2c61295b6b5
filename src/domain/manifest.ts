import type { ColumnMapping } from './event.ts';
import type { Settings } from './settings.ts';

export const MANIFEST_VERSION = 1;

/** The recipe of a run: with the same files it gives the same result (promise P2). */
export interface RunManifest {
  readonly manifest: typeof MANIFEST_VERSION;
  /** Version of Murmuration that made it. */
  readonly app: string;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  readonly mapping: ColumnMapping;
  readonly settings: Settings;
  readonly model: { readonly id: string; readonly dtype: string; readonly device: string };
  /** What the engine ran on; results are identical per device kind. */
  readonly compute: { readonly device: string; readonly adapter: string };
}
