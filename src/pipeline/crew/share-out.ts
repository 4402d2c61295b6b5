/** Another thread that does units of one kind of work; what a unit comes to does not depend on who does it. */
export interface Member<U, R> {
  /** Rejects where the thread can't go on; it is then given no more. */
  work(unit: U): Promise<R>;
}

/** Units that a member has at once: it begins the next while its last result is on the way. */
const IN_HAND = 2;

/**
 * All results, in the order of the units. This thread (`here`) and the members take the next unit each time they are free; a unit whose
 * member failed is done again here, where what is wrong with it shows. `onResult` is told how many are done, and how many of the first without a gap.
 * `here` must let messages in now and then. What it throws ends the work at once; the members are the caller's to end.
 */
export async function shareOut<U, R>(
  units: readonly U[],
  here: (unit: U) => Promise<R>,
  members: readonly Member<U, R>[],
  onResult: (done: number, results: readonly R[]) => void = () => {},
): Promise<R[]> {
  const results = new Map<number, R>();
  const again: number[] = [];
  const inOrder: R[] = [];
  let next = 0;
  const take = (): number | undefined => again.pop() ?? (next < units.length ? next++ : undefined);
  const settle = (index: number, result: R): void => {
    results.set(index, result);
    while (results.has(inOrder.length)) inOrder.push(results.get(inOrder.length) as R);
    onResult(results.size, inOrder);
  };
  const serve = async (member: Member<U, R>): Promise<void> => {
    for (let index = take(); index !== undefined; index = take()) {
      const result = await member.work(units[index] as U).catch(() => FAILED);
      if (result === FAILED) {
        again.push(index);
        return;
      }
      settle(index, result as R);
    }
  };
  const busy = new Set<Promise<void>>();
  for (const member of members) {
    for (let i = 0; i < IN_HAND; i++) {
      const lane: Promise<void> = serve(member).finally(() => busy.delete(lane));
      busy.add(lane);
    }
  }
  while (results.size < units.length) {
    const index = take();
    if (index === undefined) await Promise.race(busy);
    else settle(index, await here(units[index] as U));
  }
  return inOrder;
}

const FAILED = Symbol('a member failed');
