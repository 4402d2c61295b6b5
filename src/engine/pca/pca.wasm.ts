import { createMatrix, type JobContext, type Matrix } from '../../domain/index.ts';
import type { Task, Team } from '../team/index.ts';
import { type Arena, copyRows, type Pointer, padded, strideOf, withArena } from '../wasm/index.ts';
import type { PcaModel } from './index.ts';
import { BLOCK_ROWS } from './scatter.ts';

/** Blocks of rows that are in the arena at a time where threads share them, for a round of work costs some 50 us. */
const BLOCKS_SHARED = 8;
/** Shares of the strips for each thread: later ones are smaller, since only products with the strips behind are made. */
const SHARES = 4;

/** The rows of a matrix, piece by piece in one of two places, so that the next is copied while the last is at work. */
class Pieces {
  readonly step: number;
  readonly #places: readonly Pointer[];

  constructor(
    private readonly arena: Arena,
    private readonly x: Matrix,
  ) {
    this.step = BLOCK_ROWS * (arena.threads > 1 ? BLOCKS_SHARED : 1);
    this.#places = [0, 1].map(() => arena.alloc(this.step * strideOf(x.cols)));
    this.copy(0);
  }

  at = (start: number): Pointer => this.#places[(start / this.step) % 2] as Pointer;
  length = (start: number): number => Math.min(this.step, this.x.rows - start);

  copy(start: number): void {
    if (start < this.x.rows) copyRows(this.arena, this.x, start, start + this.length(start), this.at(start));
  }
}

/**
 * The bits of {@link scatterPlain}; null where WASM is not to be had.
 * Buffers: 8 x d^2 bytes and three blocks of rows, 2 KB a column; eight times as many blocks with threads.
 */
export function scatterWasm(
  x: Matrix,
  mean: Float64Array,
  ctx: JobContext,
  team: Team | null = null,
): Promise<Float64Array | null> {
  return withArena(async (arena) => {
    const stride = strideOf(x.cols);
    const width = stride / 4;
    const pieces = new Pieces(arena, x);
    const strips = arena.alloc(pieces.step * width * 8);
    const meanAt = placeMean(arena, mean, width);
    const gram = arena.alloc(width * width * 8);
    arena.f64(gram, width * width).fill(0);
    const share = Math.ceil(width / 4 / (arena.threads > 1 ? SHARES * arena.threads : 1));
    const shares = Math.ceil(width / 4 / share);
    for (let start = 0; start < x.rows; start += pieces.step) {
      const length = pieces.length(start);
      const params = { rows: pieces.at(start), length, stride, mean: meanAt, strips, gram, share };
      await arena.share({ task: packBlocks, params, blocks: Math.ceil(length / BLOCK_ROWS) }, ctx);
      const meanwhile = (): void => pieces.copy(start + pieces.step);
      await arena.share({ task: addProducts, params, blocks: shares, meanwhile }, ctx);
      ctx.progress(start + length, x.rows);
    }
    return unpad(arena.f64(gram, width * width), width, x.cols);
  }, team);
}

interface ScatterParams {
  readonly rows: Pointer;
  readonly length: number;
  readonly stride: number;
  readonly mean: Pointer;
  readonly strips: Pointer;
  readonly gram: Pointer;
  /** Strips of a block of the products. */
  readonly share: number;
}

/** Bytes of a block in float64. */
const blockBytes = (stride: number): number => BLOCK_ROWS * stride * 2;

/** A block of rows less the mean, to strips of four columns. */
export const packBlocks: Task<ScatterParams> = {
  name: 'pack columns',
  run({ kernels }, { rows, length, stride, mean, strips }, block) {
    const from = block * BLOCK_ROWS;
    const count = Math.min(BLOCK_ROWS, length - from);
    kernels.packColumns(rows + from * stride, count, stride, mean, strips + block * blockBytes(stride));
  },
};

/** The products of some strips with all behind, added up block of rows by block of rows. */
export const addProducts: Task<ScatterParams> = {
  name: 'scatter',
  *run({ kernels }, { length, stride, strips, gram, share }, block) {
    const count = stride / 16;
    const last = Math.min(count, (block + 1) * share);
    for (let from = 0, at = strips; from < length; from += BLOCK_ROWS, at += blockBytes(stride)) {
      kernels.addScatter(at, count, block * share, last, Math.min(BLOCK_ROWS, length - from), gram);
      yield;
    }
  },
};

/** The bits of the plain means: float64 sums over ascending rows; null where WASM is not to be had. */
export function columnMeansWasm(x: Matrix, ctx: JobContext): Promise<Float64Array | null> {
  return withArena(async (arena) => {
    const stride = strideOf(x.cols);
    const rows = arena.alloc(BLOCK_ROWS * stride);
    const sums = placeMean(arena, new Float64Array(0), stride / 4);
    for (let start = 0; start < x.rows; start += BLOCK_ROWS) {
      const length = Math.min(BLOCK_ROWS, x.rows - start);
      copyRows(arena, x, start, start + length, rows);
      arena.kernels.columnSums(rows, 0, length, stride, stride, sums);
      await ctx.checkpoint();
    }
    return arena.f64(sums, x.cols).map((sum) => sum / x.rows);
  });
}

/** The bits of the plain projection; null where WASM is not to be had. */
export function projectWasm(
  { components, mean }: PcaModel,
  x: Matrix,
  ctx: JobContext,
  team: Team | null = null,
): Promise<Matrix | null> {
  return withArena(async (arena) => {
    const stride = strideOf(x.cols);
    const [width, kept] = [stride / 4, padded(components.rows)];
    const axes = placeAxes(arena, components);
    const pieces = new Pieces(arena, x);
    const strips = arena.alloc(arena.threads * blockBytes(stride));
    const products = arena.alloc(pieces.step * kept * 8);
    const meanAt = placeMean(arena, mean, width);
    const out = createMatrix(x.rows, components.rows);
    for (let start = 0; start < x.rows; start += pieces.step) {
      const length = pieces.length(start);
      const params = { rows: pieces.at(start), length, stride, mean: meanAt, strips, axes, kept, products };
      const meanwhile = (): void => pieces.copy(start + pieces.step);
      await arena.share({ task: projectBlocks, params, blocks: Math.ceil(length / BLOCK_ROWS), meanwhile }, ctx);
      const found = arena.f64(products, length * kept);
      for (let r = 0; r < length; r++) {
        out.data.set(found.subarray(r * kept, r * kept + components.rows), (start + r) * components.rows);
      }
    }
    return out;
  }, team);
}

interface ProjectParams {
  readonly rows: Pointer;
  readonly length: number;
  readonly stride: number;
  readonly mean: Pointer;
  /** Room for a block for each thread. */
  readonly strips: Pointer;
  readonly axes: Pointer;
  readonly kept: number;
  readonly products: Pointer;
}

/** Products of the rows of a block with all axes. */
export const projectBlocks: Task<ProjectParams> = {
  name: 'project rows',
  run({ kernels }, { rows, length, stride, mean, axes, kept, products, ...room }, block, thread) {
    const from = block * BLOCK_ROWS;
    const count = padded(Math.min(BLOCK_ROWS, length - from));
    const strips = room.strips + thread * blockBytes(stride);
    kernels.packRows(rows + from * stride, count, stride, mean, strips);
    kernels.crossProducts(strips, count / 4, axes, kept / 4, stride / 4, products + from * kept * 8);
  },
};

/** The components as strips of four. */
function placeAxes(arena: Arena, components: Matrix): Pointer {
  const stride = strideOf(components.cols);
  const kept = padded(components.rows);
  const [axes, rows] = [arena.alloc(kept * stride * 2), arena.alloc(kept * stride)];
  const zeros = placeMean(arena, new Float64Array(0), stride / 4);
  copyRows(arena, components, 0, components.rows, rows);
  arena.kernels.packRows(rows, kept, stride, zeros, axes);
  return axes;
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
