import type { JobContext, Matrix } from '../../domain/index.ts';
import { requireFinite, requireSameCols } from '../check.ts';
import type { Compute } from '../compute.ts';
import { onDevice } from '../device/index.ts';
import { type Team, withTeam } from '../team/index.ts';
import { forPairs, RowTile, squaredDistanceTile, TILE } from '../tiles.ts';
import { knnBetweenGpu, knnGpu, kthDistancesGpu, LONGEST_LIST } from './knn.gpu.ts';
import { knnBetweenWasm, knnWasm } from './knn.wasm.ts';
import { NearestLists } from './lists.ts';

/** The nearest rows of each query, nearest first, ties by lowest index. */
export interface Neighbours {
  /** Neighbours a query: the k that was asked for, or fewer where there are not as many rows. */
  readonly k: number;
  /** queries x k row indices. */
  readonly ids: Uint32Array;
  /** queries x k Euclidean distances. */
  readonly distances: Float32Array;
}

/**
 * Exact k nearest neighbours among the rows of `x` themselves, Euclidean. Each row comes first in its own list, at 0, even
 * where duplicates of it have lower indices. On a device that holds but where two distances differ by less than 1e-5 (unit
 * vectors), and lists of more than 1,024 are left to the CPU.
 */
export async function knn(x: Matrix, k: number, compute: Compute, ctx: JobContext): Promise<Neighbours> {
  await requireFinite(x, 'rows', ctx);
  const kept = Math.min(k, x.rows);
  const onCpu = (): Promise<Neighbours> => knnCpu(x, kept, compute.team, ctx);
  if (kept < 2 || kept > LONGEST_LIST) return await onCpu();
  return await onDevice(compute, (device) => knnGpu(device, x, kept, ctx), onCpu, x.rows * x.rows * x.cols);
}

/**
 * Distance of every row to its k-th nearest, itself counted as the first; where there are fewer than k, to the farthest. What
 * {@link knn} has at the end of its lists; k >= 1.
 */
export async function kthDistances(x: Matrix, k: number, compute: Compute, ctx: JobContext): Promise<Float32Array> {
  await requireFinite(x, 'rows', ctx);
  const kept = Math.min(k, x.rows);
  const onCpu = async (): Promise<Float32Array> => lastOf(await knnCpu(x, kept, compute.team, ctx));
  if (kept < 2 || kept > LONGEST_LIST) return await onCpu();
  return await onDevice(compute, (device) => kthDistancesGpu(device, x, kept, ctx), onCpu, x.rows * x.rows * x.cols);
}

const lastOf = ({ k, distances }: Neighbours): Float32Array => distances.filter((_, at) => at % k === k - 1);

async function knnCpu(x: Matrix, kept: number, team: Team | undefined, ctx: JobContext): Promise<Neighbours> {
  const found = kept > 0 ? await withTeam(team, (shared) => knnWasm(x, kept, ctx, shared)) : null;
  if (found) return found;
  const lists = new NearestLists(x.rows, kept);
  // Below any squared distance, so that a row is its own first neighbour.
  for (let r = 0; r < x.rows; r++) lists.offer(r, r, -1);
  await forPairs(x, ctx, ({ rowStart, rowEnd, colStart, colEnd, squared }) => {
    for (let i = rowStart; i < rowEnd; i++) {
      for (let j = Math.max(i + 1, colStart); j < colEnd; j++) {
        const distance = squared[(i - rowStart) * TILE + (j - colStart)] as number;
        lists.offer(i, j, distance);
        lists.offer(j, i, distance);
      }
    }
  });
  return lists.toNeighbours();
}

/** Exact k nearest rows of `reference` for every row of `queries`, Euclidean; on a device as in {@link knn}. */
export async function knnBetween(
  queries: Matrix,
  reference: Matrix,
  k: number,
  compute: Compute,
  ctx: JobContext,
): Promise<Neighbours> {
  requireSameCols(queries, reference);
  await requireFinite(queries, 'queries', ctx);
  await requireFinite(reference, 'reference rows', ctx);
  const kept = Math.min(k, reference.rows);
  const onCpu = (): Promise<Neighbours> => knnBetweenCpu(queries, reference, kept, compute.team, ctx);
  if (kept < 1 || kept > LONGEST_LIST || queries.rows === 0) return await onCpu();
  return await onDevice(
    compute,
    (device) => knnBetweenGpu(device, queries, reference, kept, ctx),
    onCpu,
    queries.rows * reference.rows * reference.cols,
  );
}

async function knnBetweenCpu(
  queries: Matrix,
  reference: Matrix,
  kept: number,
  team: Team | undefined,
  ctx: JobContext,
): Promise<Neighbours> {
  const onWasm = (shared: Team | null) => knnBetweenWasm(queries, reference, kept, ctx, shared);
  const found = kept > 0 && queries.rows > 0 ? await withTeam(team, onWasm) : null;
  if (found) return found;
  const [a, b] = [new RowTile(queries), new RowTile(reference)];
  const lists = new NearestLists(queries.rows, kept);
  for (let start = 0; start < queries.rows; start += TILE) {
    await offerAll(a.load(start), b, lists, ctx);
    ctx.progress(a.end, queries.rows);
  }
  return lists.toNeighbours();
}

/** Offers all rows of the matrix of `b` to the lists of the rows in `a`. */
async function offerAll(a: RowTile, b: RowTile, lists: NearestLists, ctx: JobContext) {
  const squared = new Float64Array(TILE * TILE);
  for (let from = 0; from < b.x.rows; from += TILE) {
    squaredDistanceTile(a, b.load(from), squared);
    for (let i = a.start; i < a.end; i++) {
      for (let j = from; j < b.end; j++) lists.offer(i, j, squared[(i - a.start) * TILE + (j - from)] as number);
    }
    await ctx.checkpoint();
  }
}
