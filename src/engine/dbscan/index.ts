import { AppError, type JobContext, type Matrix } from '../../domain/index.ts';
import { requireFinite } from '../check.ts';
import type { Compute } from '../compute.ts';
import { onDevice } from '../device/index.ts';
import { withTeam } from '../team/index.ts';
import { dbscanOracle } from './dbscan.cpu.ts';
import { dbscanGpu } from './dbscan.gpu.ts';
import { dbscanWasm } from './dbscan.wasm.ts';
import type { Dbscan, DbscanOptions } from './types.ts';

export { type Knee, kDistances, kneeOf } from './kdistance.ts';
export type { Dbscan, DbscanOptions } from './types.ts';

/**
 * Exact DBSCAN (Ester 1996), Euclidean: core rows have at least minPts rows within eps (|a - b|^2 <= eps^2 in float64, itself
 * included); cores within eps of each other share a cluster; another row within eps of a core goes to the one of those
 * clusters whose lowest core row comes first; the rest is noise. The same labels on every device.
 */
export async function dbscan(x: Matrix, options: DbscanOptions, compute: Compute, ctx: JobContext): Promise<Dbscan> {
  await requireFinite(x, 'rows', ctx);
  requireOptions(options);
  // Nothing can be core; and the lists of neighbours below are never longer than the rows are many.
  if (options.minPts > x.rows) return { labels: new Int32Array(x.rows).fill(-1), core: new Uint8Array(x.rows), clusters: 0 };
  const onCpu = async (): Promise<Dbscan> =>
    (await withTeam(compute.team, (team) => dbscanWasm(x, options, ctx, team))) ?? (await dbscanOracle(x, options, ctx));
  return await onDevice(compute, (device) => dbscanGpu(device, x, options, ctx), onCpu, (x.rows * x.rows * x.cols) / 2);
}

function requireOptions({ eps, minPts, cells = 0 }: DbscanOptions): void {
  if (eps >= 0 && Number.isInteger(minPts) && minPts >= 1 && Number.isInteger(cells) && cells >= 0) return;
  const found = `DBSCAN was asked for with eps ${eps}, minPts ${minPts} and ${cells} cells.`;
  throw new AppError(
    'bug',
    'options',
    found,
    'eps must be at least 0, minPts a whole number of at least 1, cells one of at least 0.',
  );
}
