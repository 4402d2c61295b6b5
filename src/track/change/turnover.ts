import type { Random } from '../../domain/index.ts';
import type { WindowUsers } from './survivor.ts';

/**
 * How many of a window's users are in the next one that has any, on average over the windows: common users / mean of the two counts. 1 where there is
 * no such pair.
 * @param present Users of each window, ascending.
 */
export function stayRate(present: readonly Uint32Array[]): number {
  const filled = present.filter((users) => users.length > 0);
  let [common, users] = [0, 0];
  for (const [i, after] of filled.entries()) {
    const before = filled[i - 1];
    if (!before) continue;
    const were = new Set(before);
    for (const user of after) if (were.has(user)) common++;
    users += (before.length + after.length) / 2;
  }
  return users > 0 ? common / users : 1;
}

/**
 * Two samples of the same users, with users left out of either at random so that of each sample the share `stay` is in the other: who
 * comes and goes between two windows does so between the halves of a re-fit, too. Without it no segment of a re-fit would grow by
 * the users that happen to be there.
 */
export function comeAndGo(a: WindowUsers, b: WindowUsers, stay: number, random: Random): [WindowUsers, WindowUsers] {
  const alone = (1 - stay) / (2 - stay);
  const [onlyA, onlyB] = [new Set<number>(), new Set<number>()];
  for (const user of [...a.rowOf.keys()].sort((x, y) => x - y)) {
    const dice = random.next();
    if (dice < alone) onlyA.add(user);
    else if (dice < 2 * alone) onlyB.add(user);
  }
  return [without(a, onlyB), without(b, onlyA)];
}

const without = ({ rowOf, rows }: WindowUsers, gone: ReadonlySet<number>): WindowUsers => ({
  rows,
  rowOf: new Map([...rowOf].filter(([user]) => !gone.has(user))),
});
