import type { JobContext, Matrix } from '../../domain/index.ts';
import { addGram } from './gram.ts';

/** Rows whose products are summed before they are added to the rest: part of the order of the sums, in WASM too. */
export const BLOCK_ROWS = 128;

/** Upper triangle of X'X of the centred rows, d x d, block of rows by block of rows; a block is gathered column by column. */
export async function scatterPlain(x: Matrix, mean: Float64Array, ctx: JobContext): Promise<Float64Array> {
  const d = x.cols;
  const scatter = new Float64Array(d * d);
  for (let start = 0; start < x.rows; start += BLOCK_ROWS) {
    const length = Math.min(BLOCK_ROWS, x.rows - start);
    const columns = new Float64Array(d * length);
    for (let r = 0; r < length; r++) {
      const from = (start + r) * d;
      for (let i = 0; i < d; i++) columns[i * length + r] = (x.data[from + i] as number) - (mean[i] as number);
    }
    await addGram(columns, d, length, scatter, ctx);
    ctx.progress(start + length, x.rows);
  }
  return scatter;
}
