import type { Member } from './share-out.ts';

/** To a member: first what all its units need, then a unit each time. Both survive structured clone. */
export type ToMember<S, U> =
  | { readonly kind: 'begin'; readonly state: S }
  | { readonly kind: 'unit'; readonly id: number; readonly unit: U };

export type FromMember<R> = { readonly id: number; readonly result: R } | { readonly id: number; readonly failed: string };

/** One side of a thread that is a member: a browser's worker, one of Node's, or what the thread itself sees of the other side. */
export interface CrewPort<Out, In> {
  post(message: Out): void;
  onMessage(listener: (message: In) => void): void;
}

/** A thread, as who started it sees it. */
export interface CrewThread<S, U, R> extends CrewPort<ToMember<S, U>, FromMember<R>> {
  /** Calls `listener` when the thread died. */
  onDeath(listener: () => void): void;
  end(): void;
}

/** A member on a thread, which is given `state` at once. */
export function memberOn<S, U, R>(thread: CrewThread<S, U, R>, state: S): Member<U, R> {
  const waiting = new Map<number, { readonly done: (result: R) => void; readonly fail: (why: Error) => void }>();
  let dead: Error | null = null;
  let last = 0;
  thread.onMessage((message) => {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('failed' in message) asked?.fail(new Error(message.failed));
    else asked?.done(message.result);
  });
  thread.onDeath(() => {
    dead = new Error('The thread died.');
    for (const { fail } of waiting.values()) fail(dead);
    waiting.clear();
  });
  thread.post({ kind: 'begin', state });
  return {
    work: (unit) =>
      new Promise<R>((done, fail) => {
        if (dead) return fail(dead);
        const id = ++last;
        waiting.set(id, { done, fail });
        thread.post({ kind: 'unit', id, unit });
      }),
  };
}

/** The other side: does the units one after the other. */
export function serveMember<S, U, R>(
  port: CrewPort<FromMember<R>, ToMember<S, U>>,
  work: (state: S, unit: U) => Promise<R>,
): void {
  let state: S | undefined;
  let before: Promise<void> = Promise.resolve();
  const answer = async (id: number, unit: U): Promise<void> => {
    try {
      port.post({ id, result: await work(state as S, unit) });
    } catch (error) {
      port.post({ id, failed: error instanceof Error ? error.message : String(error) });
    }
  };
  port.onMessage((message) => {
    if (message.kind === 'begin') state = message.state;
    else before = before.then(() => answer(message.id, message.unit));
  });
}
