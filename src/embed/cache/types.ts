import type { Matrix } from '../../domain/index.ts';
import type { VectorSpace } from './keys.ts';

export interface FoundVectors {
  /** One a text: its row of `vectors`, -1 = unknown. */
  readonly rows: Int32Array;
  readonly vectors: Matrix;
  /** One a row of `vectors`: 1 = the text was cut to what the model reads. */
  readonly cut: Uint8Array;
}

/** Vectors that texts had before. It never throws: trouble goes into `notes`, and the work goes on without. */
export interface VectorCache {
  lookUp(texts: readonly string[]): Promise<FoundVectors>;
  /**
   * Keeps row i of `vectors` for text i, at once: what is kept outlives a reload that comes a moment later. Texts that are known stay as they are.
   * A text without a token is kept as zeros.
   * @param cut as in {@link FoundVectors}, one a text; by default none was
   */
  keep(texts: readonly string[], vectors: Matrix, cut?: ArrayLike<number>): Promise<void>;
  /** Lets others have the file. May be called twice; after it nothing is found and nothing kept. */
  close(): Promise<void>;
  /** What went wrong, in the user's words, each once. */
  readonly notes: readonly string[];
}

/** Opens the vectors of a space; it never throws either. */
export type OpenVectorCache = (space: VectorSpace) => Promise<VectorCache>;
