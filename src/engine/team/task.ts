import type { JobContext } from '../../domain/index.ts';
import type { Place } from '../wasm/place.ts';

/**
 * Work that is cut into blocks which any thread may take. What a block computes, and in which order it adds, depends on the
 * block alone: so one thread and several give the same bits.
 */
export interface Task<P> {
  /** Under this name every thread finds it. */
  readonly name: string;
  /**
   * Does one block, in the memory of `place`; `params` are finite numbers and lists of them. `thread` (0: who shares the work
   * out) says no more than which scratch is its own. Where it yields it may be left for good, when the job was cancelled.
   */
  run(place: Place, params: P, block: number, thread: number): Iterable<void> | void;
  /** Whether the earlier blocks that this one builds on are done. Blocks are taken in ascending order. */
  isReady?(place: Place, params: P, block: number): boolean;
}

/** A task whatever its parameters: what was written down as one kind is read as the same. */
export type AnyTask = Task<unknown>;

/** All blocks of a task, to be shared out. */
export interface Work<P> {
  readonly task: Task<P>;
  readonly params: P;
  readonly blocks: number;
  /** Told how many blocks were taken. */
  readonly onBlock?: (taken: number) => void;
  /** Done first by who shares the work out, while the helpers have begun. */
  readonly meanwhile?: () => void;
}

/** One block after the other, with checkpoints. */
export async function runAlone<P>(
  place: Place,
  { task, params, blocks, onBlock, meanwhile }: Work<P>,
  ctx: JobContext,
): Promise<void> {
  meanwhile?.();
  for (let block = 0; block < blocks; block++) {
    for (const _ of task.run(place, params, block, 0) ?? []) await ctx.checkpoint();
    onBlock?.(block + 1);
    await ctx.checkpoint();
  }
}
