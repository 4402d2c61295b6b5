import { CancelledError, isCancelled, type JobContext } from '../domain/index.ts';

/** What a stretch of work did between its checkpoints. */
export interface Gaps {
  /** The longest time between two checkpoints, in milliseconds of this process's processors. */
  readonly longestMs: number;
  /** Where it ended: the stack of the checkpoint, or 'end' for the piece after the last. */
  readonly where: string;
  /** Processor time of all of it, in milliseconds. */
  readonly totalMs: number;
  /** Whether it came to its end, or was stopped by the budget. */
  readonly finished: boolean;
}

/**
 * Runs `work` until it is done or has used `budgetMs`, and notes the longest stretch in which a cancel would not have been
 * heard. In processor time, since the clock also tells what others do on the machine: the compiler's and the garbage
 * collector's helper threads count too, so the true stretch is rather shorter.
 */
export async function gapsOf(work: (ctx: JobContext) => Promise<unknown>, budgetMs: number): Promise<Gaps> {
  const start = processorMs();
  let last = start;
  let longestMs = 0;
  let where = '';
  const note = (name: () => string): number => {
    const now = processorMs();
    if (now - last > longestMs) [longestMs, where] = [now - last, name()];
    // The time of naming is not the work's.
    last = processorMs();
    return now;
  };
  const checkpoint = async (): Promise<void> => {
    if (note(stackHere) - start > budgetMs) throw new CancelledError();
  };
  const finished = await work({ progress: () => {}, checkpoint }).then(
    () => true,
    (error: unknown) => {
      if (isCancelled(error)) return false;
      throw error;
    },
  );
  if (finished) note(() => 'end');
  return { longestMs, where, totalMs: last - start, finished };
}

function stackHere(): string {
  return (new Error().stack ?? '').split('\n').slice(3, 8).join('\n');
}

/** Processor time of this process so far, in milliseconds. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
