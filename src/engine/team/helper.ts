import { Place } from '../wasm/place.ts';
import { readOrder, STOP, WORD } from './control.ts';
import type { AnyTask } from './task.ts';

/** What a team tells its helpers, in the order in which it was posted. */
export type ToHelper =
  | {
      readonly kind: 'join';
      readonly control: Int32Array<SharedArrayBuffer>;
      readonly thread: number;
      readonly module: WebAssembly.Module;
    }
  | { readonly kind: 'attach'; readonly id: number; readonly memory: WebAssembly.Memory };

/** Milliseconds to sleep until another look at whether a block is ready. */
const NAP = 0.05;

/**
 * A thread of a team. It lies in wait for rounds and hears messages only when the team says that there are some; so it must have
 * its thread for itself. A block that throws ends the team's use of it; what it throws goes to `failed`.
 */
export class TeamHelper {
  readonly #tasks: ReadonlyMap<string, AnyTask>;
  readonly #places = new Map<number, Place>();
  #control: Int32Array<SharedArrayBuffer> | null = null;
  #module: WebAssembly.Module | null = null;
  #thread = 0;
  #mail = 0;
  #lastRound = 0;

  constructor(
    tasks: readonly AnyTask[],
    private readonly failed: (why: string) => void,
  ) {
    this.#tasks = new Map(tasks.map((task) => [task.name, task]));
  }

  /** Comes back when the next message is there. */
  hear(message: ToHelper): void {
    if (message.kind === 'join') [this.#control, this.#module, this.#thread] = [message.control, message.module, message.thread];
    else this.#places.set(message.id, new Place(this.#module as WebAssembly.Module, message.memory));
    this.#mail++;
    this.#waitForRounds(this.#control as Int32Array<SharedArrayBuffer>);
  }

  #waitForRounds(control: Int32Array<SharedArrayBuffer>): void {
    while (Atomics.load(control, WORD.mail) === this.#mail) {
      const round = Atomics.load(control, WORD.round);
      if (round % 2 === 0 || round === this.#lastRound) Atomics.wait(control, WORD.round, round);
      else this.#enter(control, round);
    }
  }

  /** Whoever is counted as inside finds the round as it was opened: it is not changed before all are out. */
  #enter(control: Int32Array<SharedArrayBuffer>, round: number): void {
    this.#lastRound = round;
    Atomics.add(control, WORD.inside, 1);
    try {
      if (Atomics.load(control, WORD.round) === round) this.#work(control);
    } catch (error) {
      Atomics.store(control, WORD.failed, 1);
      this.failed(`A helper thread failed: ${error instanceof Error ? error.message : String(error)}.`);
    } finally {
      Atomics.sub(control, WORD.inside, 1);
      Atomics.notify(control, WORD.inside);
    }
  }

  #work(control: Int32Array<SharedArrayBuffer>): void {
    const place = this.#places.get(control[WORD.memory] as number);
    if (!place) return;
    const [name, params] = readOrder(control);
    const task = this.#tasks.get(name);
    if (!task) throw new Error(`no task is called ${name}`);
    const blocks = control[WORD.blocks] as number;
    const stopped = (): boolean => Atomics.load(control, WORD.next) >= STOP;
    for (let block = Atomics.add(control, WORD.next, 1); block < blocks; block = Atomics.add(control, WORD.next, 1)) {
      while (task.isReady && !task.isReady(place, params, block)) {
        if (stopped()) return;
        Atomics.wait(control, WORD.nap, 0, NAP);
      }
      for (const _ of task.run(place, params, block, this.#thread) ?? []) if (stopped()) return;
    }
  }
}
