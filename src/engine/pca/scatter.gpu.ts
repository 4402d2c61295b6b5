import type { JobContext, Matrix } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import type { GpuCompute } from '../compute.ts';
import {
  bindAll,
  budgetOf,
  type Chunk,
  type DeviceChunk,
  destroyAll,
  type GpuBudget,
  openDeviceRows,
  Pacer,
  requireSquaresInRange,
  SIDE,
  slicesOf,
  submitPass,
  unwritten,
} from '../device/index.ts';
import shader from './scatter.wgsl?raw';

/** Floats of a unit's sums: 64 x 64. */
const UNIT = SIDE * SIDE;
/** Bytes of the sums that are read back at once. */
const MOST_BYTES = 32 * 2 ** 20;
/** Rows of a part: float32 sums of more would show. */
const MOST_PART_ROWS = 4096;
/** So many workgroups keep any device busy; where there are enough rows, parts are short enough for that. */
const MANY_UNITS = 512;

/**
 * Upper triangle of X'X of the rows less `mean`, d x d: products and the sums of at most 4,096 rows in float32, the sum of these
 * in float64, in the order of the rows.
 * Buffers: the rows, and at most 32 MiB of sums.
 * @throws AppError `ability` where the device fails or float32 is too short for the values.
 */
export async function scatterGpu(x: Matrix, mean: Float64Array, compute: GpuCompute, ctx: JobContext): Promise<Float64Array> {
  const { gpu } = compute;
  requireSquaresInRange(x, mean);
  const limits = budgetOf(gpu, compute.budget);
  const scatter = new Float64Array(x.cols * x.cols);
  const rows = await openDeviceRows(gpu, x, limits, ctx, mean);
  const owned: GPUBuffer[] = [];
  try {
    const shape = shapeOf(x);
    const atOnce = Math.max(1, Math.floor(Math.min(limits.bindingBytes, MOST_BYTES) / (UNIT * 4)));
    const slots = Math.min(atOnce, Math.max(...rows.chunks.map((chunk) => unitsOf(chunk, shape))));
    const pipeline = await gpu.pipeline(shader, 'scatter');
    owned.push(
      ...(await gpu.guarded('make room for sums', () => [
        gpu.createUniform('scatter params', 28),
        gpu.createStorage('scatter sums', slots * UNIT * 4),
      ])),
    );
    const run: Run = { gpu, limits, pipeline, params: owned[0] as GPUBuffer, sums: owned[1] as GPUBuffer, shape };
    for (const chunk of rows.chunks) {
      for (const units of slicesOf(unitsOf(chunk, shape), slots)) {
        await sumUnits(run, chunk, rows.stride, units, ctx);
        addUnits(scatter, shape, units.start, await readUnits(run, units));
        await ctx.checkpoint();
      }
      ctx.progress(chunk.end, x.rows);
    }
  } finally {
    destroyAll(owned);
    rows.close();
  }
  return scatter;
}

interface Shape {
  readonly cols: number;
  /** Blocks of 64 columns, and pairs of them with the first not after the second. */
  readonly blocks: number;
  readonly pairs: number;
  readonly partRows: number;
}

interface Run {
  readonly gpu: GpuContext;
  readonly limits: GpuBudget;
  readonly pipeline: GPUComputePipeline;
  readonly params: GPUBuffer;
  readonly sums: GPUBuffer;
  readonly shape: Shape;
}

/** Follows from the matrix alone, and so do the sums but for where chunks end. */
function shapeOf(x: Matrix): Shape {
  const blocks = Math.ceil(x.cols / SIDE);
  const pairs = (blocks * (blocks + 1)) / 2;
  const parts = Math.ceil(MANY_UNITS / pairs);
  return { cols: x.cols, blocks, pairs, partRows: Math.min(MOST_PART_ROWS, SIDE * Math.ceil(x.rows / (SIDE * parts))) };
}

const unitsOf = ({ start, end }: Chunk, { pairs, partRows }: Shape): number => pairs * Math.ceil((end - start) / partRows);

async function sumUnits(run: Run, chunk: DeviceChunk, stride: number, units: Chunk, ctx: JobContext): Promise<void> {
  const { gpu, limits, pipeline, params, sums, shape } = run;
  const bind = bindAll(gpu, pipeline, [params, chunk.data, sums]);
  const fields = [units.start, shape.pairs, shape.blocks, chunk.end - chunk.start, shape.partRows, stride / 4];
  const prefill = new Float32Array((units.end - units.start) * UNIT).fill(Number.NaN);
  await gpu.guarded('clear sums', () => gpu.device.queue.writeBuffer(sums, 0, prefill));
  const submit = (from: number, to: number) =>
    gpu.guarded('scatter', () => {
      for (const { start, end } of slicesOf(to - from, limits.dispatchGroups)) {
        gpu.device.queue.writeBuffer(params, 0, Uint32Array.of(units.start + from + start, ...fields));
        submitPass(gpu, [{ pipeline, bind, groups: [end - start] }]);
      }
    });
  const pacer = new Pacer(gpu, limits);
  await pacer.run('scatter', units.end - units.start, 1, () => UNIT * shape.partRows, ctx, submit);
}

async function readUnits({ gpu, sums }: Run, units: Chunk): Promise<Float32Array> {
  const [bytes] = await gpu.read([{ buffer: sums, bytes: (units.end - units.start) * UNIT * 4 }]);
  return new Float32Array(bytes as ArrayBuffer);
}

/** Adds the sums of the units from `first` on, in their order, to the upper triangle. */
function addUnits(scatter: Float64Array, { cols, blocks, pairs }: Shape, first: number, sums: Float32Array): void {
  const places = blockPairs(blocks);
  for (let u = 0; u * UNIT < sums.length; u++) {
    const [top, left] = places[(first + u) % pairs] as [number, number];
    for (let r = 0; r < SIDE && top + r < cols; r++) {
      const from = u * UNIT + r * SIDE;
      const to = (top + r) * cols + left;
      for (let c = 0; c < SIDE && left + c < cols; c++) {
        const sum = sums[from + c] as number;
        if (!Number.isFinite(sum)) throw unwritten();
        scatter[to + c] = (scatter[to + c] as number) + sum;
      }
    }
  }
}

/** First columns of the two blocks of each pair, in the kernel's order. */
function blockPairs(blocks: number): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i < blocks; i++) for (let j = i; j < blocks; j++) out.push([i * SIDE, j * SIDE]);
  return out;
}
