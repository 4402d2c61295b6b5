/**
 * Where the users stand in one window, in the terms of growth accounting: each user seen up to then is in exactly one list, and the
 * first three together are the users present. Ascending.
 */
export interface WindowLifecycle {
  readonly window: number;
  /** The last window before it with anyone present; null for the first. */
  readonly before: number | null;
  /** Present for the first time. */
  readonly new: Uint32Array;
  /** Present, and in the window before. */
  readonly returning: Uint32Array;
  /** Present, not in the window before, but in an earlier one. */
  readonly resurrecting: Uint32Array;
  /** Not present, but in an earlier window. */
  readonly dormant: Uint32Array;
}

/**
 * One entry a window; null for an empty one, which tells nothing of anyone: the next window is held against the last with anyone in
 * it, as tracks are. Window t depends on windows up to t only.
 * @param present a window: user ids, distinct, in any order. Pass the users that are not thin, as for tracks, or a thin
 *   window between two others makes a user resurrect.
 */
export function lifecycles(present: readonly ArrayLike<number>[]): (WindowLifecycle | null)[] {
  const seen = new Set<number>();
  let before: { window: number; users: Set<number> } | null = null;
  return present.map((list, window) => {
    if (list.length === 0) return null;
    const users = new Set(Array.from(list));
    const last = before?.users ?? new Set<number>();
    const entry: WindowLifecycle = {
      window,
      before: before?.window ?? null,
      new: ascending(users, (user) => !seen.has(user)),
      returning: ascending(users, (user) => last.has(user)),
      resurrecting: ascending(users, (user) => seen.has(user) && !last.has(user)),
      dormant: ascending(seen, (user) => !users.has(user)),
    };
    for (const user of users) seen.add(user);
    before = { window, users };
    return entry;
  });
}

const ascending = (users: Iterable<number>, test: (user: number) => boolean): Uint32Array =>
  Uint32Array.from([...users].filter(test)).sort();
