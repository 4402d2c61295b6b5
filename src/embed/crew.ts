import type { Matrix } from '../domain/index.ts';
import type { Runner } from './runner.ts';
import { messageOf } from './session.ts';

/**
 * Runners of the same model file on the same kind of device, that share the work: which of them makes a vector does not change a bit of it
 * (promise P2). One that fails is let go, and its batches go to the others; what fails on the last one fails.
 */
export interface Crew {
  /** Calls that keep all runners busy. */
  readonly room: number;
  readonly size: number;
  run(ids: readonly (readonly number[])[]): Promise<Matrix>;
  add(runner: Runner): void;
  close(): void;
}

/** One batch at work and one waiting, so that a runner need not wait for the way back and forth. */
const DEPTH = 2;

/** @param mostWaitMs a driver may never answer; a batch takes some 50 ms */
export function createCrew(first: Runner, mostWaitMs: number, told: (why: string) => void): Crew {
  const busy = new Map<Runner, number>([[first, 0]]);
  let closed = false;
  const least = (): Runner => {
    const [runner] = [...busy].reduce((a, b) => (b[1] < a[1] ? b : a));
    return runner;
  };
  const crew: Crew = {
    get room() {
      return busy.size * DEPTH;
    },
    get size() {
      return busy.size;
    },
    async run(ids) {
      const runner = least();
      busy.set(runner, (busy.get(runner) ?? 0) + 1);
      try {
        return await withTimeout(runner.run(ids), mostWaitMs);
      } catch (error) {
        if (busy.size === 1 && busy.has(runner)) throw error;
        if (busy.delete(runner)) {
          runner.close();
          told(messageOf(error));
        }
        return crew.run(ids);
      } finally {
        if (busy.has(runner)) busy.set(runner, (busy.get(runner) ?? 1) - 1);
      }
    },
    add(runner) {
      if (closed) runner.close();
      else busy.set(runner, 0);
    },
    close() {
      closed = true;
      for (const runner of busy.keys()) runner.close();
    },
  };
  return crew;
}

export async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${Math.round(ms / 1000)} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
