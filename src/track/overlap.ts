import type { MatchingSettings, WindowSegment } from '../domain/index.ts';

/** Two windows side by side: how many users each old segment shares with each new one. */
export interface Overlap {
  readonly old: readonly WindowSegment[];
  readonly fresh: readonly WindowSegment[];
  /** `shared[x * fresh.length + y]` = |X n Y|. */
  readonly shared: Uint32Array;
  /** |X n common| of each old segment, |Y n common| of each new one. */
  readonly oldCommon: Uint32Array;
  readonly freshCommon: Uint32Array;
  /** 1 where too few common users are left to tell by users what became of a segment, or where it came from. */
  readonly oldWeak: Uint8Array;
  readonly freshWeak: Uint8Array;
}

export const sharedOf = (o: Overlap, x: number, y: number): number => o.shared[x * o.fresh.length + y] as number;

/** f(X,Y) = |X n Y| / |X n common|: the share of the old segment's common users that went to the new one. */
export const shareOfOld = (o: Overlap, x: number, y: number): number => ratio(sharedOf(o, x, y), o.oldCommon[x] as number);

/** b(X,Y) = |X n Y| / |Y n common|: the share of the new segment's common users that came from the old one. */
export const shareOfFresh = (o: Overlap, x: number, y: number): number => ratio(sharedOf(o, x, y), o.freshCommon[y] as number);

export const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Counts by user id; present users and members ascend, members of one window do not overlap. */
export function measureOverlap(
  old: readonly WindowSegment[],
  fresh: readonly WindowSegment[],
  oldPresent: Uint32Array,
  freshPresent: Uint32Array,
  settings: MatchingSettings,
): Overlap {
  const oldUsers = new Set(oldPresent);
  const common = new Set(freshPresent.filter((user) => oldUsers.has(user)));
  const freshOf = new Map<number, number>();
  fresh.forEach((segment, y) => {
    for (const user of segment.members) freshOf.set(user, y);
  });
  const shared = new Uint32Array(old.length * fresh.length);
  old.forEach((segment, x) => {
    for (const user of segment.members) {
      const y = freshOf.get(user);
      if (y !== undefined) shared[x * fresh.length + y] = (shared[x * fresh.length + y] as number) + 1;
    }
  });
  const count = (segment: WindowSegment): number => segment.members.reduce((n, user) => n + (common.has(user) ? 1 : 0), 0);
  const oldCommon = Uint32Array.from(old, count);
  const freshCommon = Uint32Array.from(fresh, count);
  const weak = (common: Uint32Array, segments: readonly WindowSegment[]): Uint8Array =>
    Uint8Array.from(segments, (segment, i) => (isWeak(common[i] as number, segment.members.length, settings) ? 1 : 0));
  return { old, fresh, shared, oldCommon, freshCommon, oldWeak: weak(oldCommon, old), freshWeak: weak(freshCommon, fresh) };
}

const isWeak = (common: number, size: number, settings: MatchingSettings): boolean =>
  common < settings.minCommonUsers || common < settings.minCommonShare * size;
