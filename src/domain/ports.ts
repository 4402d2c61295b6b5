import type { ByteSource, ColumnMapping, ReadResult } from './event.ts';
import type { Intake } from './intake.ts';
import type { JobContext } from './job.ts';
import type { Matrix } from './matrix.ts';

/** Which model turned texts into vectors, and how. */
export interface ModelInfo {
  readonly id: string;
  readonly name: string;
  readonly dtype: string;
  /** 'wasm' | 'webgpu' */
  readonly device: string;
  readonly dims: number;
  readonly languages: readonly string[];
  /** Cosine to the stored reference vectors (mean and minimum over the check's sentences); null if unchecked. */
  readonly golden: { readonly mean: number; readonly min: number } | null;
  /** Why an earlier choice was refused, in the user's words. */
  readonly notes: readonly string[];
}

/**
 * Code of an `ability` error of {@link TextEmbedder}: the device that was chosen is of no use (does not open, gives wrong
 * vectors, breaks down), WASM may do. Its message says what happened.
 */
export const EMBED_DEVICE_BROKE = 'embed-device-broke';

/** Texts in, unit vectors out; the texts are distinct and not empty. Order of rows = order of texts. */
export interface TextEmbedder {
  describe(): Promise<ModelInfo>;
  embed(texts: readonly string[], ctx: JobContext): Promise<Matrix>;
  dispose(): Promise<void>;
}

/** Files in, events out. */
export interface EventReader {
  read(files: readonly ByteSource[], mapping: ColumnMapping, intake: Intake, ctx: JobContext): Promise<ReadResult>;
}
