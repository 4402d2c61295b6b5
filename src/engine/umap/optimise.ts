import { createRandom, type JobContext } from '../../domain/index.ts';
import { fitCurve } from './curve.ts';
import { forceTables } from './forces.ts';
import type { FuzzyGraph } from './fuzzy.ts';
import { openWalkCpu } from './walk.cpu.ts';
import { ratesOf } from './walk.ts';
import { openWalkWasm } from './walk.wasm.ts';

export interface OptimiseOptions {
  /** Smallest distance of neighbours in the layout, in layout units. */
  readonly minDist: number;
  /** How far apart rows without a tie are drawn, in layout units; 1 if not given. */
  readonly spread?: number;
  readonly epochs: number;
  readonly seed: number;
}

/** A layout in the making. It stops whenever its owner stops calling; nothing needs to be freed. */
export interface Umap {
  /** rows x 2, changed in place by every step: copy it to keep it. */
  readonly positions: Float32Array;
  /** Epochs done, of `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  /** Does that many epochs more, or as many as are left. The cut into steps does not change the outcome. */
  step(epochs: number): void;
  /** Does the epochs that are left, in pieces of a few milliseconds with a checkpoint after each; tells every epoch. */
  run(ctx: JobContext): Promise<void>;
}

/** Ties in one piece: all of them drawn takes some 10 ms. */
const PIECE_TIES = 1 << 16;

/**
 * Stochastic gradient descent on UMAP's cross entropy (McInnes, Healy & Melville 2018, algorithm 5). A tie of weight w is
 * drawn in floor(epochs w / max w) epochs, evenly spread, as in umap-learn; each time it pulls its two rows together, and five
 * random rows push the first away. The learning rate falls from 1 to 0. Moves are made at once and in a fixed order on one
 * thread, with integer random numbers: the same bits twice, by WASM or without. It begins at a copy of `start` (rows x 2).
 */
export function createUmap(graph: FuzzyGraph, start: Float32Array, options: OptimiseOptions): Umap {
  const { epochs } = options;
  const { walk, positions } = openWalk(graph, start.slice(), options);
  let epoch = 0;
  let row = 0;
  const piece = (): void => {
    const end = endOfPiece(graph, row);
    walk(row, end, epoch + 1, 1 - epoch / epochs);
    row = end === graph.rows ? 0 : end;
    if (row === 0) epoch++;
  };
  return {
    positions,
    epochs,
    get epoch() {
      return epoch;
    },
    step(count) {
      const target = Math.min(epochs, epoch + count);
      while (epoch < target) piece();
    },
    async run(ctx) {
      while (epoch < epochs) {
        piece();
        if (row === 0) ctx.progress(epoch, epochs);
        await ctx.checkpoint();
      }
    },
  };
}

/** The row after the last of a piece that begins at `row`; a row is never cut. */
function endOfPiece({ rows, offsets }: FuzzyGraph, row: number): number {
  const limit = (offsets[row] as number) + PIECE_TIES;
  let end = Math.min(rows, row + 1);
  while (end < rows && (offsets[end + 1] as number) <= limit) end++;
  return end;
}

/** The faster descent that is to be had, and the positions it works on. */
function openWalk(graph: FuzzyGraph, start: Float32Array, { minDist, spread, seed }: OptimiseOptions) {
  const random = createRandom(seed);
  const word = (): number => random.int(0x100000000) | 0;
  const input = {
    ...{ positions: start, offsets: graph.offsets, tails: graph.tails, rates: ratesOf(graph.weights) },
    ...forceTables(fitCurve(minDist, spread)),
    // Both words 0 would stay 0 for ever.
    state: [word() | 1, word()] as const,
  };
  return openWalkWasm(input) ?? { walk: openWalkCpu(input), positions: start };
}
