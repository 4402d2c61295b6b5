import { type JobContext, nextTask } from '../../domain/index.ts';
import type { Place } from '../wasm/place.ts';
import { newControl, STOP, WORD, writeOrder } from './control.ts';
import type { ToHelper } from './helper.ts';
import type { Work } from './task.ts';

/** Milliseconds to wait for helpers before messages are heard. */
const PATIENCE = 0.2;

/** A thread for a {@link TeamHelper}: a browser's worker or one of Node's. */
export interface HelperThread {
  post(message: ToHelper): void;
  /** Calls `listener` when the thread died or says that it can't go on. */
  onEnd(listener: (why: string) => void): void;
  end(): void;
}

/** A thread of the team is gone, and what it was at is half done: begin again without the team. */
export class TeamLost extends Error {}

/**
 * Threads that run kernels on the same memory beside the one that owns the team. Owned by who opened it, who closes it. Not for a
 * page's main thread, which must not wait.
 */
export class Team {
  /** All that share the work: the owner and its helpers. */
  readonly threads: number;
  /** Why the helpers are gone; null while they are there. */
  lost: string | null = null;
  readonly #control = newControl();
  readonly #helpers: readonly HelperThread[];
  #lastMemory = 0;
  #open = false;

  constructor(module: WebAssembly.Module, helpers: readonly HelperThread[]) {
    this.#helpers = helpers;
    this.threads = 1 + helpers.length;
    for (const [i, helper] of helpers.entries()) {
      helper.onEnd((why) => this.#lose(why));
      helper.post({ kind: 'join', control: this.#control, thread: i + 1, module });
    }
    Atomics.add(this.#control, WORD.mail, 1);
  }

  /** Lets the helpers work on a memory, under the number that comes back. */
  attach(memory: WebAssembly.Memory): number {
    const id = ++this.#lastMemory;
    this.#tell({ kind: 'attach', id, memory });
    return id;
  }

  /** Ends the helpers; may be called twice. Jobs that are under way go on without them. */
  close(): void {
    this.#lose('The helper threads were ended.');
  }

  /** Whether a round can be opened now: one at a time, a job beside it does its own work alone. */
  get isFree(): boolean {
    return this.lost === null && !this.#open;
  }

  /**
   * Runs all blocks of a task on the memory with number `id`, this thread's at `place`. Blocks go in ascending order to whoever
   * is free.
   * @throws TeamLost
   */
  async run<P>(id: number, place: Place, work: Work<P>, ctx: JobContext): Promise<void> {
    const control = this.#control;
    this.#openRound(id, work);
    try {
      work.meanwhile?.();
      await this.#takeBlocks(place, work, ctx);
      await this.#end(ctx);
    } catch (error) {
      Atomics.store(control, WORD.next, STOP);
      // The round is closed for the next one; what failed first is what is told, and a team lost meanwhile shows in the next round.
      if (!(error instanceof TeamLost)) await this.#end(null).catch(() => undefined);
      throw error;
    } finally {
      this.#open = false;
    }
  }

  #openRound<P>(id: number, { task, params, blocks }: Work<P>): void {
    const control = this.#control;
    writeOrder(control, task.name, params);
    control[WORD.memory] = id;
    control[WORD.blocks] = blocks;
    Atomics.store(control, WORD.next, 0);
    Atomics.add(control, WORD.round, 1);
    Atomics.notify(control, WORD.round);
    this.#open = true;
  }

  async #takeBlocks<P>(place: Place, { task, params, blocks, onBlock }: Work<P>, ctx: JobContext): Promise<void> {
    for (let block = this.#take(); block < blocks; block = this.#take()) {
      while (task.isReady && !task.isReady(place, params, block)) await this.#breathe(ctx);
      for (const _ of task.run(place, params, block, 0) ?? []) await ctx.checkpoint();
      onBlock?.(block + 1);
      await ctx.checkpoint();
      if (this.lost !== null) throw new TeamLost(this.lost);
    }
  }

  #take = (): number => Atomics.add(this.#control, WORD.next, 1);

  /** Closes the round and waits for those inside. */
  async #end(ctx: JobContext | null): Promise<void> {
    const control = this.#control;
    if (Atomics.load(control, WORD.round) % 2 !== 0) Atomics.add(control, WORD.round, 1);
    Atomics.notify(control, WORD.round);
    while (Atomics.load(control, WORD.inside) > 0) await this.#breathe(ctx);
    // Why, it tells in a message, which is heard in a moment.
    while (Atomics.load(control, WORD.failed) === 1) await this.#breathe(ctx);
  }

  /** A moment for the helpers; if nobody came out in it, time for the news that one of them died. */
  async #breathe(ctx: JobContext | null): Promise<void> {
    const inside = Atomics.load(this.#control, WORD.inside);
    if (inside > 0 && Atomics.wait(this.#control, WORD.inside, inside, PATIENCE) !== 'timed-out') return;
    await nextTask();
    if (this.lost !== null) throw new TeamLost(this.lost);
    await ctx?.checkpoint();
  }

  #tell(message: ToHelper): void {
    if (this.lost !== null) return;
    for (const helper of this.#helpers) helper.post(message);
    Atomics.add(this.#control, WORD.mail, 1);
    // Who waits looks at its mail when the word it waits on changes; while a round is open it changes by itself.
    if (!this.#open) Atomics.add(this.#control, WORD.round, 2);
    Atomics.notify(this.#control, WORD.round);
  }

  #lose(why: string): void {
    if (this.lost !== null) return;
    this.lost = why;
    for (const helper of this.#helpers) helper.end();
  }
}
