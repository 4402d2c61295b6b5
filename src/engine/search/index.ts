import type { JobContext, Matrix } from '../../domain/index.ts';
import { requireSameCols } from '../check.ts';
import type { NearestRows } from './best.ts';
import { hasDirection, nearestPlain } from './search.cpu.ts';
import { openByteRows } from './search.wasm.ts';

export { BestList, type NearestRows } from './best.ts';

/** Rows that queries are compared with, one at a time. Whoever opened it closes it. */
export interface CosineIndex {
  /**
   * The k rows nearest to a query by cosine, in float64, exact; fewer where fewer have a direction. None for a query without one.
   * @param query as many values as a row
   */
  nearest(query: Float32Array, k: number): NearestRows;
  /** May be called twice. */
  close(): void;
}

/**
 * Prepares the rows for queries.
 * @param x unit rows, not changed as long as the index is open; rows of zeros or with what is no number are never found
 */
export async function openCosineIndex(x: Matrix, ctx: JobContext): Promise<CosineIndex> {
  let bytes = await openByteRows(x, ctx);
  return {
    nearest(query, k) {
      requireSameCols({ rows: 1, cols: query.length, data: query }, x);
      if (!hasDirection(query)) return { ids: new Uint32Array(), cosines: new Float64Array() };
      return bytes ? bytes.nearest(query, k) : nearestPlain(x, query, k);
    },
    close() {
      bytes?.close();
      bytes = null;
    },
  };
}
