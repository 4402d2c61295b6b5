import type { JobContext } from '../domain/index.ts';

/** Multiply-adds between two checkpoints: a few milliseconds of a JavaScript loop on an ordinary core. */
const BLOCK_WORK = 4e6;

/** How many items of `work` multiply-adds each fit between two checkpoints; at least one. */
export const itemsPerBlock = (work: number): number => Math.max(1, Math.floor(BLOCK_WORK / Math.max(1, work)));

/** Runs `run(start, end)` over [0, count) in ascending blocks, with a checkpoint after each. */
export async function forBlocks(count: number, work: number, ctx: JobContext, run: (start: number, end: number) => void) {
  const step = itemsPerBlock(work);
  for (let start = 0; start < count; start += step) {
    run(start, Math.min(count, start + step));
    await ctx.checkpoint();
  }
}
