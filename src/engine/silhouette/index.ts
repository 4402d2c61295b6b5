import type { JobContext, Matrix } from '../../domain/index.ts';
import { requireFinite } from '../check.ts';
import type { Compute } from '../compute.ts';
import { onDevice } from '../device/index.ts';
import { type Team, withTeam } from '../team/index.ts';
import { forPairs, type PairTile, TILE } from '../tiles.ts';
import { type DistanceSums, denseLabelling, type Labelling } from './labelling.ts';
import { silhouettesGpu } from './silhouette.gpu.ts';
import { sumDistancesWasm } from './silhouette.wasm.ts';

export interface Silhouette {
  /** Mean over all rows; 0 where there are no rows. */
  readonly mean: number;
  /** One a row, -1..1. */
  readonly values: Float64Array;
}

/**
 * Silhouette (Rousseeuw 1987) of a labelling, Euclidean: (b - a) / max(a, b), with a = mean distance to the own cluster's
 * other rows and b = the smallest mean distance to another cluster. As in scikit-learn, a row alone in its cluster has 0.
 * Where there is one cluster only, b does not exist and every value is 0. Labels are any integers; -1 is one more cluster.
 */
export async function silhouette(x: Matrix, labels: Int32Array, compute: Compute, ctx: JobContext): Promise<Silhouette> {
  const [found] = await silhouettes(x, [labels], true, compute, ctx);
  return found as Silhouette;
}

/**
 * Fewer rows take milliseconds in plain float64 loops, and float32 distances would show in their means: an error of 1e-7 a
 * distance is averaged away over many, not over few.
 */
const FEWEST_ROWS = 192;

/** Mean silhouette of each labelling. Every distance is computed once for all of them. */
export async function silhouetteForMany(
  x: Matrix,
  labelings: readonly Int32Array[],
  compute: Compute,
  ctx: JobContext,
): Promise<number[]> {
  return (await silhouettes(x, labelings, false, compute, ctx)).map(({ mean }) => mean);
}

/** The values themselves come from the device only where they are asked for. */
async function silhouettes(
  x: Matrix,
  labelings: readonly Int32Array[],
  values: boolean,
  compute: Compute,
  ctx: JobContext,
): Promise<Silhouette[]> {
  await requireFinite(x, 'profiles', ctx);
  const all = labelings.map((labels) => denseLabelling(x.rows, labels));
  const onCpu = () => silhouettesCpu(x, all, compute.team, ctx);
  if (x.rows < FEWEST_ROWS) return await onCpu();
  return await onDevice(
    compute,
    (gpuCompute) => silhouettesGpu(x, all, values, gpuCompute, ctx),
    onCpu,
    x.rows * x.rows * x.cols,
  );
}

async function silhouettesCpu(
  x: Matrix,
  labelings: readonly Labelling[],
  team: Team | undefined,
  ctx: JobContext,
): Promise<Silhouette[]> {
  const all = labelings.map((each) => ({ ...each, toCluster: new Float64Array(x.rows * each.sizes.length) }));
  await sumDistances(x, all, team, ctx);
  return all.map(fromSums);
}

async function sumDistances(x: Matrix, all: readonly DistanceSums[], team: Team | undefined, ctx: JobContext): Promise<void> {
  if (x.rows >= FEWEST_ROWS && (await withTeam(team, (shared) => sumDistancesWasm(x, all, ctx, shared)))) return;
  await forPairs(x, ctx, (tile) => {
    for (let i = 0; i < tile.squared.length; i++) tile.squared[i] = Math.sqrt(tile.squared[i] as number);
    for (const sums of all) addTile(tile, sums);
  });
}

/** Each pair i < j counts for both of its rows. */
function addTile({ rowStart, rowEnd, colStart, colEnd, squared: distances }: PairTile, sums: DistanceSums): void {
  const { labels, toCluster } = sums;
  const clusters = sums.sizes.length;
  for (let i = rowStart; i < rowEnd; i++) {
    const own = i * clusters;
    const label = labels[i] as number;
    const line = (i - rowStart) * TILE - colStart;
    for (let j = Math.max(i + 1, colStart); j < colEnd; j++) {
      const distance = distances[line + j] as number;
      const toOther = own + (labels[j] as number);
      const fromOther = j * clusters + label;
      toCluster[toOther] = (toCluster[toOther] as number) + distance;
      toCluster[fromOther] = (toCluster[fromOther] as number) + distance;
    }
  }
}

function fromSums(sums: DistanceSums): Silhouette {
  const values = Float64Array.from(sums.labels, (_, row) => rowValue(row, sums));
  const total = values.reduce((sum, value) => sum + value, 0);
  return { mean: values.length === 0 ? 0 : total / values.length, values };
}

function rowValue(row: number, { labels, sizes, toCluster }: DistanceSums): number {
  const own = labels[row] as number;
  const ownSize = sizes[own] as number;
  if (ownSize <= 1 || sizes.length < 2) return 0;
  const at = row * sizes.length;
  const a = (toCluster[at + own] as number) / (ownSize - 1);
  let b = Number.POSITIVE_INFINITY;
  for (let c = 0; c < sizes.length; c++) {
    if (c !== own) b = Math.min(b, (toCluster[at + c] as number) / (sizes[c] as number));
  }
  const larger = Math.max(a, b);
  return larger === 0 ? 0 : (b - a) / larger;
}
