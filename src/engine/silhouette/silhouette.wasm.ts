import type { JobContext, Matrix } from '../../domain/index.ts';
import { forWasmPairs, onlyPart, padded, type RowsInArena, withRows } from '../wasm/index.ts';
import type { DistanceSums } from './labelling.ts';

/** Bytes of a tile. */
const TILE_BYTES = 64 * 64 * 4;

/**
 * Fills `toCluster` of each labelling: distances in float32, their sums in float64. False where WASM is not to be had.
 * Buffers: 8 bytes a row and cluster of every labelling.
 */
export async function sumDistancesWasm(x: Matrix, all: readonly DistanceSums[], ctx: JobContext): Promise<boolean> {
  const done = await withRows(x, ctx, async (rows) => {
    const part = onlyPart(rows);
    if (!part) return null;
    const { arena } = part;
    const line = padded(part.rows) * 8;
    const placed = all.map((sums) => place(part, sums, line));
    const transposed = arena.alloc(TILE_BYTES);
    await forWasmPairs(part, ctx, ({ at, i, iCount, j, jCount }) => {
      arena.kernels.rootTile(at);
      if (i !== j) arena.kernels.transposeTile(at, transposed);
      for (const { labels, sums } of placed) {
        arena.kernels.addByLabel(at, iCount, jCount, labels + i * 4, sums + j * 8, line);
        if (i !== j) arena.kernels.addByLabel(transposed, jCount, iCount, labels + j * 4, sums + i * 8, line);
      }
    });
    for (const [p, sums] of all.entries()) collect(part, (placed[p] as Placed).sums, line, sums);
    return true;
  });
  return done === true;
}

interface Placed {
  readonly labels: number;
  /** A line a cluster, a float64 a row. */
  readonly sums: number;
}

function place({ arena, rows }: RowsInArena, { labels, sizes }: DistanceSums, line: number): Placed {
  const at = { labels: arena.alloc(rows * 4), sums: arena.alloc(sizes.length * line) };
  arena.i32(at.labels, rows).set(labels);
  arena.f64(at.sums, (sizes.length * line) / 8).fill(0);
  return at;
}

function collect({ arena, rows }: RowsInArena, from: number, line: number, { sizes, toCluster }: DistanceSums): void {
  for (let c = 0; c < sizes.length; c++) {
    const sums = arena.f64(from + c * line, rows);
    for (let r = 0; r < rows; r++) toCluster[r * sizes.length + c] = sums[r] as number;
  }
}
