import { type JobContext, type Matrix, takeRows } from '../../domain/index.ts';
import type { CpuCompute, GpuCompute } from '../compute.ts';
import { type KMeansOptions, kmeans } from '../kmeans/index.ts';

/** What the same small job took on either side, upload and read-back included; milliseconds, best of three. */
export interface Probe {
  readonly cpuMs: number;
  readonly gpuMs: number;
  readonly faster: 'cpu' | 'webgpu';
}

const ROUNDS = 3;
/** The job: 20 Lloyd iterations, 0.7 billion multiply-adds. */
const JOB = { rows: 16_384, cols: 64, k: 32, iterations: 20 };
/** Enough to compile every kernel of the job. */
const WARM_UP_ROWS = 512;
/** The device is taken where it is that much faster: less would change from run to run. */
const CLEARLY = 1.5;

/** So many times slower in its first round, and no other round is needed. */
const HOPELESS = 4;

/**
 * Times a short k-means on the CPU and on the device: the one choice of `auto`, made once a run, since steps that chose for
 * themselves by the clock would let two runs of the same files differ (P2). A device that gives up counts as slower.
 * @param options For tests: the clock, in milliseconds, and fewer rows.
 */
export async function probeDevices(
  cpu: CpuCompute,
  gpu: GpuCompute,
  ctx: JobContext,
  { now = () => performance.now(), rows = JOB.rows }: { readonly now?: () => number; readonly rows?: number } = {},
): Promise<Probe> {
  let gaveUp = false;
  const device: GpuCompute = {
    ...gpu,
    leastWork: 0,
    onFallback: () => {
      gaveUp = true;
    },
  };
  const cpuMs = await bestOf((count) => run(count, cpu, ctx), rows, now);
  const gpuMs = await bestOf((count) => run(count, device, ctx), rows, now, HOPELESS * cpuMs);
  return { cpuMs, gpuMs, faster: !gaveUp && gpuMs * CLEARLY < cpuMs ? 'webgpu' : 'cpu' };
}

async function bestOf(
  work: (rows: number) => Promise<unknown>,
  rows: number,
  now: () => number,
  limit = Number.POSITIVE_INFINITY,
): Promise<number> {
  await work(WARM_UP_ROWS);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && (round === 0 || best < limit); round++) {
    const started = now();
    await work(rows);
    best = Math.min(best, now() - started);
  }
  return best;
}

async function run(rows: number, compute: CpuCompute | GpuCompute, ctx: JobContext): Promise<void> {
  const { cols, k, iterations } = JOB;
  const x = spreadRows(rows, cols);
  const start = takeRows(x, [...Array(k).keys()]);
  const options: KMeansOptions = {
    ...{ k, seed: 0, nInit: 1, maxIterations: iterations, tolerance: 0, spherical: false },
    start,
  };
  await kmeans(x, options, compute, ctx);
}

/** Rows without clusters, between -1 and 1, so that pruning can't shorten the job: an additive recurrence a column. */
function spreadRows(rows: number, cols: number): Matrix {
  const data = new Float32Array(rows * cols);
  for (let c = 0; c < cols; c++) {
    const step = Math.sqrt(c + 2) % 1;
    let at = step;
    for (let r = 0; r < rows; r++) {
      at = (at + step) % 1;
      data[r * cols + c] = 2 * at - 1;
    }
  }
  return { rows, cols, data };
}
