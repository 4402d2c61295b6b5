import { AppError, abilityError, type JobContext, type Matrix } from '../../domain/index.ts';
import { type GpuContext, GpuLostError } from '../../gpu/index.ts';
import { type Chunk, chunksOf, type GpuBudget } from './budget.ts';

/** Rows of one buffer: [start, end) of the matrix. */
export interface DeviceChunk extends Chunk {
  /** (end - start) x stride float32, shifted by the column means; columns beyond `cols` are 0. */
  readonly data: GPUBuffer;
  /** |x|^2 of each shifted row, summed in float64, as float32. */
  readonly norms: GPUBuffer;
}

/**
 * A matrix on the device, in as many buffers as the binding limit asks for. The rows are shifted by their column means:
 * distances stay the same, and |x|^2 + |y|^2 - 2 x.y does not lose its digits where they lie far from the origin.
 */
export interface DeviceRows {
  readonly rows: number;
  readonly cols: number;
  /** Floats from one row to the next: `cols` rounded up to a multiple of 4. */
  readonly stride: number;
  readonly mean: Float64Array;
  /** The largest of all |x|^2; infinite where one is beyond float32. */
  readonly largestNorm: number;
  readonly chunks: readonly DeviceChunk[];
  /** May be called twice. */
  close(): void;
}

/** Bytes copied between two checkpoints. */
const PIECE_BYTES = 8 * 2 ** 20;

/**
 * Uploads `x`, shifted by `mean` (its own column means unless given). Whoever opened it closes it.
 * @throws AppError `ability` that says how many rows found room, where not all did.
 */
export async function openDeviceRows(
  gpu: GpuContext,
  x: Matrix,
  budget: GpuBudget,
  ctx: JobContext,
  mean: Float64Array = columnMeans(x),
): Promise<DeviceRows> {
  const stride = Math.max(4, Math.ceil(x.cols / 4) * 4);
  const chunks: DeviceChunk[] = [];
  let largestNorm = 0;
  const close = (): void => {
    for (const { data, norms } of chunks) {
      data.destroy();
      norms.destroy();
    }
  };
  try {
    for (const { start, end } of chunksOf(x.rows, stride, budget.bindingBytes)) {
      const chunk = await allocate(gpu, start, end, stride, x.rows);
      chunks.push(chunk);
      largestNorm = Math.max(largestNorm, await fill(gpu, chunk, x, stride, mean, ctx));
    }
  } catch (error) {
    close();
    throw error;
  }
  return { rows: x.rows, cols: x.cols, stride, mean, largestNorm, chunks, close };
}

async function allocate(gpu: GpuContext, start: number, end: number, stride: number, rows: number): Promise<DeviceChunk> {
  try {
    return await gpu.guarded('upload rows', () => ({
      start,
      end,
      data: gpu.createStorage('rows', (end - start) * stride * 4),
      norms: gpu.createStorage('norms', (end - start) * 4),
    }));
  } catch (error) {
    if (error instanceof GpuLostError || !(error instanceof AppError)) throw error;
    throw noRoom(rows, stride, start, error);
  }
}

/** Says what was asked for, what there was, and how much would fit. */
function noRoom(rows: number, stride: number, fitted: number, cause: unknown): AppError {
  const size = (count: number): string => `${((count * (stride + 1) * 4) / 2 ** 30).toFixed(2)} GiB`;
  return abilityError(
    'gpu-memory',
    `${rows.toLocaleString('en')} rows need ${size(rows)} of graphics memory; ${fitted.toLocaleString('en')} of them (${size(fitted)}) found room.`,
    'The work goes on on the CPU. With fewer rows, or fewer dimensions, it fits.',
    cause,
  );
}

/** Uploads the rows of the chunk and their norms; returns the largest of these. */
async function fill(
  gpu: GpuContext,
  chunk: DeviceChunk,
  x: Matrix,
  stride: number,
  mean: Float64Array,
  ctx: JobContext,
): Promise<number> {
  const atOnce = Math.max(1, Math.floor(PIECE_BYTES / (stride * 4)));
  const norms = new Float32Array(chunk.end - chunk.start);
  for (let from = chunk.start; from < chunk.end; from += atOnce) {
    const to = Math.min(chunk.end, from + atOnce);
    const piece = new Float32Array((to - from) * stride);
    for (let r = from; r < to; r++) norms[r - chunk.start] = shiftRow(x, r, mean, piece, (r - from) * stride);
    await gpu.guarded('upload rows', () => gpu.device.queue.writeBuffer(chunk.data, (from - chunk.start) * stride * 4, piece));
    await ctx.checkpoint();
  }
  await gpu.guarded('upload rows', () => gpu.device.queue.writeBuffer(chunk.norms, 0, norms));
  return norms.reduce((most, norm) => Math.max(most, norm), 0);
}

/** Row r less the mean, written to `out` at `at`; returns its squared length. */
function shiftRow(x: Matrix, r: number, mean: Float64Array, out: Float32Array, at: number): number {
  let sum = 0;
  for (let c = 0; c < x.cols; c++) {
    const value = Math.fround((x.data[r * x.cols + c] as number) - (mean[c] as number));
    out[at + c] = value;
    sum += value * value;
  }
  return sum;
}

/** Mean of every column, float64, over ascending rows. */
export function columnMeans(x: Matrix): Float64Array {
  const sums = new Float64Array(x.cols);
  for (let r = 0; r < x.rows; r++) {
    for (let c = 0; c < x.cols; c++) sums[c] = (sums[c] as number) + (x.data[r * x.cols + c] as number);
  }
  return sums.map((sum) => sum / Math.max(1, x.rows));
}
