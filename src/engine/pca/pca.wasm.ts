import { createMatrix, type JobContext, type Matrix } from '../../domain/index.ts';
import { type Arena, copyRows, padded, strideOf, withArena } from '../wasm/index.ts';
import type { PcaModel } from './index.ts';
import { BLOCK_ROWS } from './scatter.ts';

/**
 * The bits of {@link scatterPlain}; null where WASM is not to be had.
 * Buffers: 8 x d^2 bytes and a block of rows in float64, 1 KB a column.
 */
export function scatterWasm(x: Matrix, mean: Float64Array, ctx: JobContext): Promise<Float64Array | null> {
  return withArena(async (arena) => {
    const stride = strideOf(x.cols);
    const width = stride / 4;
    const rows = arena.alloc(BLOCK_ROWS * stride);
    const strips = arena.alloc(BLOCK_ROWS * width * 8);
    const meanAt = placeMean(arena, mean, width);
    const gram = arena.alloc(width * width * 8);
    arena.f64(gram, width * width).fill(0);
    for (let start = 0; start < x.rows; start += BLOCK_ROWS) {
      const length = Math.min(BLOCK_ROWS, x.rows - start);
      copyRows(arena, x, start, start + length, rows);
      arena.kernels.packColumns(rows, length, stride, meanAt, strips);
      arena.kernels.addScatter(strips, width / 4, length, gram);
      ctx.progress(start + length, x.rows);
      await ctx.checkpoint();
    }
    return unpad(arena.f64(gram, width * width), width, x.cols);
  });
}

/** The bits of the plain means: float64 sums over ascending rows; null where WASM is not to be had. */
export function columnMeansWasm(x: Matrix, ctx: JobContext): Promise<Float64Array | null> {
  return withArena(async (arena) => {
    const stride = strideOf(x.cols);
    const rows = arena.alloc(BLOCK_ROWS * stride);
    const sums = placeMean(arena, new Float64Array(0), stride / 4);
    for (let start = 0; start < x.rows; start += BLOCK_ROWS) {
      const length = Math.min(BLOCK_ROWS, x.rows - start);
      copyRows(arena, x, start, start + length, rows);
      arena.kernels.columnSums(rows, 0, length, stride, sums);
      await ctx.checkpoint();
    }
    return arena.f64(sums, x.cols).map((sum) => sum / x.rows);
  });
}

/** The bits of the plain projection; null where WASM is not to be had. */
export function projectWasm({ components, mean }: PcaModel, x: Matrix, ctx: JobContext): Promise<Matrix | null> {
  return withArena(async (arena) => {
    const { kernels } = arena;
    const stride = strideOf(x.cols);
    const [width, kept] = [stride / 4, padded(components.rows)];
    const rows = arena.alloc(Math.max(BLOCK_ROWS, kept) * stride);
    const axes = arena.alloc(kept * width * 8);
    const strips = arena.alloc(BLOCK_ROWS * width * 8);
    const products = arena.alloc(BLOCK_ROWS * kept * 8);
    const zeros = placeMean(arena, new Float64Array(width), width);
    const meanAt = placeMean(arena, mean, width);
    copyRows(arena, components, 0, components.rows, rows);
    kernels.packRows(rows, kept, stride, zeros, axes);
    const out = createMatrix(x.rows, components.rows);
    for (let start = 0; start < x.rows; start += BLOCK_ROWS) {
      const length = Math.min(BLOCK_ROWS, x.rows - start);
      copyRows(arena, x, start, start + length, rows);
      kernels.packRows(rows, padded(length), stride, meanAt, strips);
      kernels.crossProducts(strips, padded(length) / 4, axes, kept / 4, width, products);
      const found = arena.f64(products, length * kept);
      for (let r = 0; r < length; r++) {
        out.data.set(found.subarray(r * kept, r * kept + components.rows), (start + r) * components.rows);
      }
      await ctx.checkpoint();
    }
    return out;
  });
}

function placeMean(arena: Arena, mean: Float64Array, width: number): number {
  const at = arena.alloc(width * 8);
  arena.f64(at, width).fill(0).set(mean);
  return at;
}

function unpad(padded: Float64Array, width: number, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) out.set(padded.subarray(i * width, i * width + d), i * d);
  return out;
}
