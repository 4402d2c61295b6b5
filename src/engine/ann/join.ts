import type { JobContext, Matrix } from '../../domain/index.ts';
import { forBlocks } from '../blocks.ts';

/** The nearest rows found so far: for row r the entries [r k, (r + 1) k), nearest first. */
export interface Lists {
  readonly k: number;
  /** rows x k row numbers; 0xffffffff where nothing was found yet. */
  readonly ids: Uint32Array;
  /** rows x k squared distances in float32; infinity where nothing was found yet. */
  readonly squared: Float32Array;
  /** rows x k; 1 for an entry that has not yet been compared with the others of its list. */
  readonly fresh: Uint8Array;
}

/**
 * Compares rows and keeps the nearest. A row is offered to a list once; ties stay in the order in which they came. One who
 * opens it closes it.
 */
export interface Join {
  readonly lists: Lists;
  /** For {@link Join.candidates}: room for that many row numbers. */
  readonly candidates: Uint32Array;
  /** Every row of [from, to) with every later row of [from, end). */
  joinBlock(from: number, to: number, end: number): void;
  /** Each of the first `fresh` candidates with every candidate after it, of `count`. Tells how many entries are new. */
  joinCandidates(fresh: number, count: number): number;
  close(): void;
}

/** Most candidates of one call. */
export const MOST_CANDIDATES = 512;

/** The rows in the order given, less their mean: float32 products then lose least to rounding. Equal rows stay equal. */
export async function centredRows(x: Matrix, order: Uint32Array, stride: number, out: Float32Array, ctx: JobContext) {
  const mean = await columnMeans(x, ctx);
  await forBlocks(x.rows, 2 * x.cols, ctx, (start, end) => {
    for (let r = start; r < end; r++) {
      const from = (order[r] as number) * x.cols;
      for (let i = 0; i < x.cols; i++) out[r * stride + i] = (x.data[from + i] as number) - (mean[i] as number);
    }
  });
}

async function columnMeans(x: Matrix, ctx: JobContext): Promise<Float64Array> {
  const sums = new Float64Array(x.cols);
  await forBlocks(x.rows, 2 * x.cols, ctx, (start, end) => {
    for (let from = start * x.cols; from < end * x.cols; from += x.cols) {
      for (let i = 0; i < x.cols; i++) sums[i] = (sums[i] as number) + (x.data[from + i] as number);
    }
  });
  return sums.map((sum) => sum / x.rows);
}
