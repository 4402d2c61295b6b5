import type { Match } from './match.ts';
import { type Overlap, ratio, sharedOf } from './overlap.ts';

/**
 * Effect size of an event, 0..1, comparable between windows of different size.
 * - split, merge: the share of the common users that went to, or came from, a part other than the one whose track goes on;
 * - reorganise: the share of the common users on its ribbons;
 * - emerge, resurface: the segment's users beside those that its largest source gave, as a share of the new window's segmented users;
 *   disappear: beside those that its largest heir took, of the old window's. A part of another segment is no birth, however large.
 * - survive: 0; what changed in a survivor is told by its own numbers.
 * Common users are those in a segment of both windows.
 */
export function effectOf(match: Match, o: Overlap): number {
  const { kind, old, fresh, carries } = match;
  if (kind === 'survive') return 0;
  if (fresh.length === 0) {
    const [x] = old as readonly [number];
    return ratio(sizeOf(o.old, [x]) - most(o.fresh.length, (y) => sharedOf(o, x, y)), sizeOf(o.old, [...o.old.keys()]));
  }
  if (old.length === 0) {
    const [y] = fresh as readonly [number];
    return ratio(sizeOf(o.fresh, [y]) - most(o.old.length, (x) => sharedOf(o, x, y)), sizeOf(o.fresh, [...o.fresh.keys()]));
  }
  let moved = 0;
  for (const x of old) {
    for (const y of fresh) if (carries?.[0] !== x || carries[1] !== y) moved += sharedOf(o, x, y);
  }
  return ratio(
    moved,
    o.shared.reduce((sum, users) => sum + users, 0),
  );
}

const sizeOf = (segments: Overlap['old'], which: readonly number[]): number =>
  which.reduce((sum, i) => sum + (segments[i]?.members.length ?? 0), 0);

const most = (count: number, of: (i: number) => number): number => {
  let largest = 0;
  for (let i = 0; i < count; i++) largest = Math.max(largest, of(i));
  return largest;
};
