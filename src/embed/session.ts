import type { Matrix } from '../domain/index.ts';

/** A model file and what runs it. */
export interface Choice {
  readonly dtype: 'q8' | 'int8';
  readonly device: 'wasm' | 'webgpu';
}

/** A model that is loaded and ready on one device. */
export interface Session {
  /**
   * Vectors of one batch, rows x 512, in the order of `ids`.
   * All rows have the same number of tokens; none means texts without a token.
   */
  run(ids: readonly (readonly number[])[]): Promise<Matrix>;
  dispose(): Promise<void>;
}

/** Loads a model for a choice; rejects if this machine cannot. */
export type OpenSession = (choice: Choice) => Promise<Session>;

export const describeChoice = (choice: Choice): string => `${choice.device === 'webgpu' ? 'WebGPU' : 'WASM'} (${choice.dtype})`;
