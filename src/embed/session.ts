import type { Dtype, Matrix } from '../domain/index.ts';

/** A model file and what runs it. */
export interface Choice {
  readonly dtype: Dtype;
  readonly device: 'wasm' | 'webgpu';
}

/** A model that is loaded and ready on one device. */
export interface Session {
  /**
   * Vectors of one batch, rows x dims, in the order of `ids`; not scaled to unit length.
   * @param ids all rows have the same number of tokens, at least one, those that begin and end a text included
   */
  run(ids: readonly (readonly number[])[]): Promise<Matrix>;
  dispose(): Promise<void>;
}

export const describeChoice = ({ dtype, device }: Choice): string => `${device === 'webgpu' ? 'WebGPU' : 'WASM'} (${dtype})`;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
