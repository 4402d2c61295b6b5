import type { Migration, NetFlows } from '../domain/index.ts';

/** The users present in one window and the segment that each is in. */
export interface Memberships {
  /** Distinct, in any order. */
  readonly users: ArrayLike<number>;
  /** One a user: a track, or a segment of a global fit; -1 is noise, and a row or column like any other. */
  readonly segments: ArrayLike<number>;
}

/**
 * @param before the last window with anyone in it before `after`.
 * @param newUsers the new users of the later window ({@link lifecycles}); the others who were not in `before` are resurrecting.
 */
export function migrationMatrix(before: Memberships, after: Memberships, newUsers: ArrayLike<number>): Migration {
  const [from, to] = [namesOf(before), namesOf(after)];
  const [row, column] = [placesOf(from), placesOf(to)];
  const was = segmentByUser(before);
  const firstTimers = new Set(Array.from(newUsers));
  const zeros = (n: number): Uint32Array => new Uint32Array(n);
  const m: Migration = {
    from,
    to,
    counts: zeros(from.length * to.length),
    fromUsers: zeros(from.length),
    toUsers: zeros(to.length),
    dormant: zeros(from.length),
    new: zeros(to.length),
    resurrecting: zeros(to.length),
  };
  for (const [user, segment] of segmentByUser(after)) {
    const y = column(segment);
    const origin = was.get(user);
    add(m.toUsers, y);
    if (origin !== undefined) add(m.counts, row(origin) * to.length + y);
    else add(firstTimers.has(user) ? m.new : m.resurrecting, y);
    was.delete(user);
  }
  for (const segment of was.values()) add(m.dormant, row(segment));
  for (let i = 0; i < before.users.length; i++) add(m.fromUsers, row(before.segments[i] as number));
  return m;
}

/**
 * Per cent of each old segment's users, from.length x (to.length + 1): where they went, and in the last column those who went dormant.
 * Each row adds up to 100.
 */
export function rowPercent({ from, to, counts, dormant, fromUsers }: Migration): Float64Array {
  const width = to.length + 1;
  return Float64Array.from({ length: from.length * width }, (_, i) => {
    const [x, y] = [Math.floor(i / width), i % width];
    const users = y === to.length ? dormant[x] : counts[x * to.length + y];
    return (100 * (users as number)) / (fromUsers[x] as number);
  });
}

export function netFlows({ from, to, counts, fromUsers, toUsers }: Migration): NetFlows {
  const segments = [...new Set([...from, ...to])].sort((a, b) => a - b);
  const place = placesOf(segments);
  const between = new Int32Array(segments.length ** 2);
  const change = new Int32Array(segments.length);
  for (let i = 0; i < counts.length; i++) {
    const a = place(from[Math.floor(i / to.length)] as number);
    const b = place(to[i % to.length] as number);
    add(between, a * segments.length + b, counts[i]);
    add(between, b * segments.length + a, -(counts[i] as number));
  }
  from.forEach((name, x) => {
    add(change, place(name), -(fromUsers[x] as number));
  });
  to.forEach((name, y) => {
    add(change, place(name), toUsers[y]);
  });
  return { segments, between, change };
}

const namesOf = ({ segments }: Memberships): number[] => [...new Set(Array.from(segments))].sort((a, b) => a - b);

const placesOf = (names: readonly number[]): ((name: number) => number) => {
  const places = new Map(names.map((name, i) => [name, i]));
  return (name) => places.get(name) as number;
};

const segmentByUser = ({ users, segments }: Memberships): Map<number, number> =>
  new Map(Array.from(users, (user, i) => [user, segments[i] as number]));

function add(counts: Uint32Array | Int32Array, at: number, users = 1): void {
  counts[at] = (counts[at] as number) + users;
}
