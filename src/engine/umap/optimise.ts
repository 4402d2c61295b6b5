import { createRandom, type JobContext } from '../../domain/index.ts';
import { fitCurve } from './curve.ts';
import { forceTables, HIGHEST_BITS, LOWEST_BITS, TABLE_SHIFT, TABLE_STEP } from './forces.ts';
import type { FuzzyGraph } from './fuzzy.ts';

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

/** Samples without a tie for each sample of a tie. */
const NEGATIVE_RATE = 5;
/** Largest move of a coordinate in one sample, before the learning rate. */
const CLIP = 4;
/** Ties in one piece: all of them drawn takes some 10 ms. */
const PIECE_TIES = 1 << 16;

/**
 * Stochastic gradient descent on UMAP's cross entropy (McInnes, Healy & Melville 2018, algorithm 5). A tie of weight w is
 * drawn in floor(epochs w / max w) epochs, evenly spread, as in umap-learn; each time it pulls its two rows together, and five
 * random rows push the first away. The learning rate falls from 1 to 0. Moves are made at once and in a fixed order on one
 * thread, with integer random numbers (xoroshiro64*, Blackman & Vigna): the same bits twice.
 * `start` (rows x 2) is where it begins; the array becomes `positions`.
 */
export function createUmap(graph: FuzzyGraph, start: Float32Array, options: OptimiseOptions): Umap {
  const { epochs } = options;
  const walk = createWalk(graph, start, options);
  let epoch = 0;
  let row = 0;
  const piece = (): void => {
    const end = endOfPiece(graph, row);
    walk(row, end, epoch + 1);
    row = end === graph.rows ? 0 : end;
    if (row === 0) epoch++;
  };
  return {
    positions: start,
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

/** The descent over rows [from, to) in epoch 1..epochs. One long function: its state must stay in registers. */
function createWalk({ rows, offsets, tails, weights }: FuzzyGraph, positions: Float32Array, options: OptimiseOptions) {
  const { minDist, spread, epochs, seed } = options;
  const { pull, push } = forceTables(fitCurve(minDist, spread));
  const largest = weights.reduce((max, w) => Math.max(max, w), 0);
  const rates = weights.map((w) => w / largest);
  const [value, bits] = sharedBits();
  const random = createRandom(seed);
  let [s0, s1] = [random.int(0x100000000) | 1, random.int(0x100000000) | 0];
  const perDraw = rows / 0x100000000;

  return (from: number, to: number, epoch: number): void => {
    const alpha = 1 - (epoch - 1) / epochs;
    const clip = CLIP * alpha;
    let [a0, a1] = [s0, s1];
    for (let i = from; i < to; i++) {
      let x = positions[2 * i] as number;
      let y = positions[2 * i + 1] as number;
      for (let e = offsets[i] as number; e < (offsets[i + 1] as number); e++) {
        const rate = rates[e] as number;
        if (((epoch * rate) | 0) === (((epoch - 1) * rate) | 0)) continue;
        const j = 2 * (tails[e] as number);
        let dx = x - (positions[j] as number);
        let dy = y - (positions[j + 1] as number);
        value[0] = dx * dx + dy * dy;
        let at = bits[0] as number;
        at = (at < LOWEST_BITS ? LOWEST_BITS : at > HIGHEST_BITS ? HIGHEST_BITS : at) - LOWEST_BITS;
        let entry = at >> TABLE_SHIFT;
        let low = pull[entry] as number;
        let force = alpha * (low + (at & ((1 << TABLE_SHIFT) - 1)) * TABLE_STEP * ((pull[entry + 1] as number) - low));
        let mx = force * dx;
        let my = force * dy;
        mx = mx > clip ? clip : mx < -clip ? -clip : mx;
        my = my > clip ? clip : my < -clip ? -clip : my;
        x -= mx;
        y -= my;
        positions[j] = (positions[j] as number) + mx;
        positions[j + 1] = (positions[j + 1] as number) + my;
        // All five from the same position: the processor then works on them side by side.
        let px = 0;
        let py = 0;
        for (let sample = 0; sample < NEGATIVE_RATE; sample++) {
          const draw = Math.imul(a0, 0x9e3779bb) >>> 0;
          a1 ^= a0;
          a0 = ((a0 << 26) | (a0 >>> 6)) ^ a1 ^ (a1 << 9);
          a1 = (a1 << 13) | (a1 >>> 19);
          const other = 2 * ((draw * perDraw) | 0);
          dx = x - (positions[other] as number);
          dy = y - (positions[other + 1] as number);
          value[sample] = dx * dx + dy * dy;
          at = bits[sample] as number;
          at = (at < LOWEST_BITS ? LOWEST_BITS : at > HIGHEST_BITS ? HIGHEST_BITS : at) - LOWEST_BITS;
          entry = at >> TABLE_SHIFT;
          low = push[entry] as number;
          force = alpha * (low + (at & ((1 << TABLE_SHIFT) - 1)) * TABLE_STEP * ((push[entry + 1] as number) - low));
          mx = force * dx;
          my = force * dy;
          px += mx > clip ? clip : mx < -clip ? -clip : mx;
          py += my > clip ? clip : my < -clip ? -clip : my;
        }
        x += px;
        y += py;
      }
      positions[2 * i] = x;
      positions[2 * i + 1] = y;
    }
    [s0, s1] = [a0, a1];
  };
}

/** A float32 and the same four bytes as an integer. */
function sharedBits(): [Float32Array, Int32Array] {
  const value = new Float32Array(NEGATIVE_RATE);
  return [value, new Int32Array(value.buffer)];
}
