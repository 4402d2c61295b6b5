import type { JobContext, Matrix } from '../../domain/index.ts';
import type { Team } from '../team/index.ts';
import { onlyPart, type PairRows, padded, pairTask, type RowsInArena, sharePairs, withRows } from '../wasm/index.ts';
import type { DistanceSums } from './labelling.ts';

/** Bytes of a tile. */
const TILE_BYTES = 64 * 64 * 4;

/**
 * Fills `toCluster` of each labelling: distances in float32, their sums in float64. False where WASM is not to be had.
 * Buffers: 8 bytes a row and cluster of every labelling.
 */
export async function sumDistancesWasm(
  x: Matrix,
  all: readonly DistanceSums[],
  ctx: JobContext,
  team: Team | null = null,
): Promise<boolean> {
  const done = await withRows(x, ctx, team, async (rows) => {
    const part = onlyPart(rows);
    if (!part) return null;
    const { arena } = part;
    const line = padded(part.rows) * 8;
    const placed = all.map((sums) => place(part, sums, line));
    const transposed = arena.alloc(arena.threads * TILE_BYTES);
    await sharePairs(part, distanceSumPairs, { line, transposed, placed }, ctx);
    for (const [p, sums] of all.entries()) collect(part, (placed[p] as Placed).sums, line, sums);
    return true;
  });
  return done === true;
}

interface SumParams extends PairRows {
  readonly line: number;
  /** A tile for each thread. */
  readonly transposed: number;
  readonly placed: readonly Placed[];
}

/** Adds every distance to the sums of both rows, those of a row in the order in which it meets the others. */
export const distanceSumPairs = pairTask<SumParams>('distance sums', ({ kernels }, params, tile, thread) => {
  const { at, i, iCount, j, jCount } = tile;
  const { line, placed } = params;
  const transposed = params.transposed + thread * TILE_BYTES;
  kernels.rootTile(at);
  if (i !== j) kernels.transposeTile(at, transposed);
  for (const { labels, sums } of placed) {
    kernels.addByLabel(at, iCount, jCount, labels + i * 4, sums + j * 8, line);
    if (i !== j) kernels.addByLabel(transposed, jCount, iCount, labels + j * 4, sums + i * 8, line);
  }
});

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
