import type { Matrix } from '../../domain/index.ts';

/**
 * Vectors that were made before, by text. It never throws: trouble (no storage, quota full, a broken file) goes into `notes`, and the run goes
 * on without.
 */
export interface VectorCache {
  /** `rows`: for each text its row in `vectors`, -1 where it is not known. */
  lookUp(texts: readonly string[]): Promise<{ readonly rows: Int32Array; readonly vectors: Matrix }>;
  /** @param vectors one row a text; they are copied where they are kept */
  keep(texts: readonly string[], vectors: Matrix): Promise<void>;
  close(): Promise<void>;
  /** In the user's words. */
  readonly notes: readonly string[];
}

/** Whose vectors a cache holds; another model file, dtype or kind of device makes other vectors. */
export interface VectorKey {
  readonly modelSha256: string;
  readonly dtype: string;
  readonly device: string;
  readonly dims: number;
}

export type OpenVectorCache = (key: VectorKey) => Promise<VectorCache>;
