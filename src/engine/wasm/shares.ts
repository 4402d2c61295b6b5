import type { JobContext } from '../../domain/index.ts';
import type { Task } from '../team/task.ts';
import type { Arena } from './arena.ts';
import type { Pointer } from './kernels.ts';
import type { Place } from './place.ts';

/** Values of rows of one block, or between two checkpoints: a fraction of a millisecond. */
const BLOCK_VALUES = 2 ** 19;
/** Columns are shared out by whole cache lines. */
const LINE = 64;

/** What a pass over rows is told, besides what it is about. */
interface RowBlocks {
  readonly rows: number;
  readonly stride: number;
  /** Rows of a block. */
  readonly step: number;
}

/** A pass over rows that writes a value or more for each, block by block. */
export function rowTask<P extends RowBlocks>(
  name: string,
  run: (place: Place, params: P, from: number, to: number, thread: number, block: number) => void,
): Task<P> {
  return {
    name,
    run: (place, params, block, thread) =>
      run(place, params, block * params.step, Math.min(params.rows, (block + 1) * params.step), thread, block),
  };
}

/** Runs a task made by {@link rowTask}; `step` is a multiple of 4. @throws TeamLost */
export async function shareRows<P extends RowBlocks>(
  arena: Arena,
  task: Task<P>,
  more: Omit<P, 'step'> & Omit<RowBlocks, 'step'>,
  ctx: JobContext,
  step = rowsOfBlock(more.stride),
): Promise<void> {
  await arena.share({ task, params: { ...more, step } as unknown as P, blocks: Math.ceil(more.rows / step) }, ctx);
}

const rowsOfBlock = (stride: number): number => 4 * Math.max(1, Math.floor(BLOCK_VALUES / stride));

/** What a pass over columns is told, besides what it is about. */
interface ColumnBlocks {
  readonly rows: number;
  readonly stride: number;
  /** Bytes of a row that belong to one block. */
  readonly slice: number;
}

/**
 * A pass over rows, ascending, that adds to sums of columns: a block is some columns of all rows, so that each sum is made by one
 * thread, in one order, however many there are. `first` is the first byte of the columns, `bytes` how many they are.
 */
export function columnTask<P extends ColumnBlocks>(
  name: string,
  run: (place: Place, params: P, from: number, to: number, first: number, bytes: number) => void,
): Task<P> {
  return {
    name,
    *run(place, params, block) {
      const { rows, stride, slice } = params;
      const step = rowsOfBlock(stride);
      const first = block * slice;
      for (let from = 0; from < rows; from += step) {
        run(place, params, from, Math.min(rows, from + step), first, Math.min(slice, stride - first));
        yield;
      }
    },
  };
}

/** Runs a task made by {@link columnTask}. @throws TeamLost */
export async function shareColumns<P extends ColumnBlocks>(
  arena: Arena,
  task: Task<P>,
  more: Omit<P, 'slice'> & Omit<ColumnBlocks, 'slice'>,
  ctx: JobContext,
): Promise<void> {
  const slice = LINE * Math.ceil(more.stride / LINE / arena.threads);
  await arena.share({ task, params: { ...more, slice } as unknown as P, blocks: Math.ceil(more.stride / slice) }, ctx);
}

interface Shift extends RowBlocks {
  readonly raw: Pointer;
  readonly mean: Pointer;
  readonly fast: Pointer;
}

/** fast = raw - mean. */
export const shiftRows = rowTask<Shift>('shift rows', ({ kernels }, { raw, stride, mean, fast }, from, to) =>
  kernels.shift(raw, from, to, stride, mean, fast),
);

interface Norms extends RowBlocks {
  readonly fast: Pointer;
  readonly norms: Pointer;
}

/** norms = |fast|^2. */
export const normRows = rowTask<Norms>('norms of rows', ({ kernels }, { fast, stride, norms }, from, to) =>
  kernels.norms(fast, from, to, stride, norms),
);

interface Sums extends ColumnBlocks {
  readonly raw: Pointer;
  /** A float64 a column. */
  readonly sums: Pointer;
}

/** Adds the rows to the sums. */
export const sumColumns = columnTask<Sums>('sums of columns', ({ kernels }, { raw, stride, sums }, from, to, first, bytes) =>
  kernels.columnSums(raw + first, from, to, stride, bytes, sums + 2 * first),
);

/** Adds the squared distances from the mean. */
export const squareColumns = columnTask<Sums & { readonly mean: Pointer }>(
  'squares of columns',
  ({ kernels }, { raw, stride, mean, sums }, from, to, first, bytes) =>
    kernels.columnSquares(raw + first, from, to, stride, bytes, mean + 2 * first, sums + 2 * first),
);
