import type { JobContext, Matrix } from '../../domain/index.ts';
import { itemsPerBlock } from '../blocks.ts';
import type { Dbscan, DbscanOptions } from './types.ts';

/**
 * The oracle, as in Ester 1996: from the lowest core row without a cluster, a new cluster takes all that is within its reach.
 * Cores ascend, so a border row goes to the adjacent cluster whose lowest core row comes first. Measures each pair up to
 * four times; keeps 9 bytes a row.
 */
export async function dbscanOracle(x: Matrix, { eps, minPts }: DbscanOptions, ctx: JobContext): Promise<Dbscan> {
  const breathe = breathing(x, ctx);
  const core = new Uint8Array(x.rows);
  for (let r = 0; r < x.rows; r++) {
    core[r] = neighboursOf(x, r, eps).length >= minPts ? 1 : 0;
    await breathe();
  }
  const labels = new Int32Array(x.rows).fill(-1);
  let clusters = 0;
  for (let r = 0; r < x.rows; r++) {
    if (core[r] !== 1 || labels[r] !== -1) continue;
    const label = clusters++;
    labels[r] = label;
    const reached = [r];
    for (let from = reached.pop(); from !== undefined; from = reached.pop()) {
      for (const other of neighboursOf(x, from, eps)) {
        if (labels[other] !== -1) continue;
        labels[other] = label;
        if (core[other] === 1) reached.push(other);
      }
      await breathe();
    }
  }
  return { labels, core, clusters };
}

/** Rows within eps of row r, itself included, ascending. */
function neighboursOf(x: Matrix, r: number, eps: number): number[] {
  const found: number[] = [];
  for (let other = 0; other < x.rows; other++) if (squaredDistance(x, r, other) <= eps * eps) found.push(other);
  return found;
}

/** |a - b|^2 of two rows in four partial sums over every fourth dimension, joined as (0 + 2) + (1 + 3): the bits of the WASM kernel. */
export function squaredDistance({ data, cols }: Matrix, a: number, b: number): number {
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  const [from, to] = [a * cols, b * cols];
  for (let i = 0; i < cols; i++) {
    const difference = (data[from + i] as number) - (data[to + i] as number);
    const lane = (i & 3) as 0 | 1 | 2 | 3;
    sums[lane] += difference * difference;
  }
  return sums[0] + sums[2] + (sums[1] + sums[3]);
}

/** To be called after each row that was compared with all: a checkpoint every few milliseconds. */
function breathing(x: Matrix, ctx: JobContext): () => Promise<void> {
  const most = itemsPerBlock(x.rows * x.cols);
  let [since, done] = [0, 0];
  return async () => {
    done++;
    if (++since < most) return;
    since = 0;
    ctx.progress(Math.min(done, 2 * x.rows), 2 * x.rows);
    await ctx.checkpoint();
  };
}
