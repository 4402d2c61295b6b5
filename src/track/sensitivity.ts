import type { EventKind, Outcome, TimeWindow, TrackEvent, WindowSegment } from '../domain/index.ts';

/** What one way of making and following the segments told. */
export interface Story {
  readonly windows: readonly Pick<TimeWindow, 'start' | 'end'>[];
  /** A window: users with a profile that is not thin, ascending. */
  readonly present: readonly Uint32Array[];
  /** Ordered by window. */
  readonly segments: readonly WindowSegment[];
  readonly events: readonly TrackEvent[];
}

/** The least Jaccard coefficient of the users concerned for two events to be about the same users. */
export const SAME_USERS = 0.5;
/** Least share of the users concerned that must be there to be seen, for silence to say anything. */
export const SEEN = 0.5;

/**
 * Which of `changes`, events of `run`, the `other` story tells again. A change *survives* if there is an event
 * - of its kind; a return and an emergence are one kind, as they are for p (track/trust): which it is hangs on windows long past;
 * - at its time: with the same windows, in its window or a neighbouring one; with others, where either of the event's two windows
 *   overlaps the window of the change;
 * - about the same users: Jaccard of the users concerned at least {@link SAME_USERS}, among those that both stories could have told of.
 *
 * It is *unmeasured* where no two windows of the other story at that time show at least {@link SEEN} of its users, and else *lost*.
 * @returns One outcome a change.
 */
export function survivals(run: Story, changes: readonly TrackEvent[], other: Story, sameWindows: boolean): Outcome[] {
  const pairs = pairsOf(other);
  return changes.map((change) => {
    const users = usersConcerned(change, run.segments);
    const able = ableToTell(change.kind, change, run.present);
    const atTime = pairs.filter((pair) => isAtTime(change, pair, run, other, sameWindows));
    const seeing = atTime.filter((pair) => {
      const seen = common(users, ableToTell(change.kind, pair, other.present));
      return seen.length > 0 && seen.length >= SEEN * users.length;
    });
    if (seeing.length === 0) return 'unmeasured';
    const again = other.events.some(
      (event) =>
        sameKind(event.kind, change.kind) &&
        seeing.some(({ window }) => window === event.window) &&
        alike(users, able, usersConcerned(event, other.segments), ableToTell(event.kind, event, other.present)) >= SAME_USERS,
    );
    return again ? 'survives' : 'lost';
  });
}

/**
 * The users that an event is about, ascending: the members of a segment that comes or goes, else those who are in one of its segments both
 * before and after.
 */
export function usersConcerned({ kind, before, segments }: TrackEvent, all: readonly WindowSegment[]): Uint32Array {
  const members = (old: boolean): Uint32Array => {
    const own = segments.flatMap((s) => all[s] ?? []).filter(({ window }) => (window === before) === old);
    return Uint32Array.from(new Set(own.flatMap((segment) => [...segment.members]))).sort();
  };
  if (kind === 'disappear') return members(true);
  return isArrival(kind) ? members(false) : common(members(true), members(false));
}

const isArrival = (kind: EventKind): boolean => kind === 'emerge' || kind === 'resurface';
const sameKind = (a: EventKind, b: EventKind): boolean => a === b || (isArrival(a) && isArrival(b));

/** Two windows that follow one another in a story. */
type Pair = Pick<TrackEvent, 'before' | 'window'>;

/** Windows with a segment, each with the one before. */
function pairsOf({ segments }: Story): Pair[] {
  const filled = [...new Set(segments.map(({ window }) => window))];
  return filled.slice(1).map((window, i) => ({ before: filled[i] as number, window }));
}

/** The users that an event of this kind between two windows can concern. */
function ableToTell(kind: EventKind, { before, window }: Pair, present: Story['present']): Uint32Array {
  const [old, fresh] = [present[before] ?? new Uint32Array(), present[window] ?? new Uint32Array()];
  if (kind === 'disappear') return old;
  return isArrival(kind) ? fresh : common(old, fresh);
}

function isAtTime(change: TrackEvent, pair: Pair, run: Story, other: Story, sameWindows: boolean): boolean {
  if (sameWindows) return Math.abs(pair.window - change.window) <= 1;
  const own = run.windows[change.window];
  return [pair.before, pair.window].some((w) => {
    const window = other.windows[w];
    return !!own && !!window && window.start < own.end && own.start < window.end;
  });
}

/** Jaccard of two lists of users, each left to those that the other story could have told of. */
function alike(a: Uint32Array, ableA: Uint32Array, b: Uint32Array, ableB: Uint32Array): number {
  const [left, right] = [common(a, ableB), common(b, ableA)];
  const both = common(left, right).length;
  const all = left.length + right.length - both;
  return all === 0 ? 0 : both / all;
}

/** Of two ascending lists without repeats. */
function common(a: Uint32Array, b: Uint32Array): Uint32Array {
  const out: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i] as number, b[j] as number];
    if (x === y) out.push(x);
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return Uint32Array.from(out);
}
