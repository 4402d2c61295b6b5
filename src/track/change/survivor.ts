import { type Matrix, type SurvivorChange, takeRows } from '../../domain/index.ts';
import { centreOf, type UserRows, unionOf } from './centre.ts';
import { compactnessChange } from './compactness.ts';
import { shiftChange } from './shift.ts';
import { type ShareCounts, shareChange } from './size.ts';

/** The users of a window that are not thin, and their profiles. */
export interface WindowUsers {
  /** Row of each user in `rows`. */
  readonly rowOf: ReadonlyMap<number, number>;
  /** Unit rows. */
  readonly rows: Matrix;
}

/** A window and the one before it that it is compared with. */
export interface WindowPair {
  readonly before: WindowUsers;
  readonly after: WindowUsers;
  /** Users of both. */
  readonly commonUsers: number;
}

/** One row a user, in any order. */
export const windowUsers = (users: Uint32Array, rows: Matrix): WindowUsers => ({
  rowOf: new Map(Array.from(users, (user, row) => [user, row])),
  rows,
});

export const pairWindows = (before: WindowUsers, after: WindowUsers): WindowPair => ({
  before,
  after,
  commonUsers: countIn(before.rowOf.keys(), after.rowOf),
});

/**
 * The changes of a segment that goes on (DESIGN.md section 3, "survive"), each with a 95 % interval over users: share of the users, compactness
 * and shift of the centroid. The last two are left out where a side has fewer than two users or no direction.
 * @param oldMembers In the earlier window, ascending, `freshMembers` in the later one; who is not among the window's users does not count.
 */
export function survivorChanges(
  { before, after, commonUsers }: WindowPair,
  oldMembers: Uint32Array,
  freshMembers: Uint32Array,
): SurvivorChange[] {
  const old = oldMembers.filter((user) => before.rowOf.has(user));
  const fresh = freshMembers.filter((user) => after.rowOf.has(user));
  const union = [...unionOf(old, fresh)];
  const counts: ShareCounts = {
    users: [before.rowOf.size, after.rowOf.size],
    commonUsers,
    members: [old.length, fresh.length],
    commonMembers: union.filter(([i, j]) => i >= 0 && j >= 0).length,
    oldPresent: countIn(old, after.rowOf),
    freshPresent: countIn(fresh, before.rowOf),
  };
  return [shareChange(counts), ...contentChanges(membersOf(before, old), membersOf(after, fresh), union)];
}

function contentChanges(old: Matrix, fresh: Matrix, union: readonly UserRows[]): SurvivorChange[] {
  const [was, is] = [centreOf(old), centreOf(fresh)];
  if (!was || !is) return [];
  return [compactnessChange(was, is, union), shiftChange({ centre: was, rows: old }, { centre: is, rows: fresh }, union)];
}

const membersOf = ({ rowOf, rows }: WindowUsers, users: Uint32Array): Matrix =>
  takeRows(
    rows,
    users.map((user) => rowOf.get(user) as number),
  );

function countIn(users: Iterable<number>, among: ReadonlyMap<number, number>): number {
  let count = 0;
  for (const user of users) if (among.has(user)) count++;
  return count;
}
