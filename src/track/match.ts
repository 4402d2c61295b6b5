import type { EventKind, MatchingSettings } from '../domain/index.ts';
import { argmax, mutualNearest, nearestSibling } from './cosine.ts';
import { type Overlap, ratio, sharedOf, shareOfFresh, shareOfOld } from './overlap.ts';

/** An event between two windows, in indexes into the old and the new segments. */
export interface Match {
  readonly kind: EventKind;
  readonly old: readonly number[];
  readonly fresh: readonly number[];
  /** The pair whose track goes on; null where none does. */
  readonly carries: readonly [old: number, fresh: number] | null;
  /** Decided by the centroids, because too few users are common. */
  readonly byContent: boolean;
}

/** The segments that no rule has claimed yet. */
interface Free {
  readonly old: Set<number>;
  readonly fresh: Set<number>;
}

/**
 * The rules of DESIGN.md section 3 ("Tracks") in their order: split, merge, survive (by users, then by centroids where users are too
 * few), reorganise, disappear and emerge. Each old and each new segment is in exactly one match. A segment with too few
 * common users ("weak") takes no part in the rules that count users. Within a rule the lowest number comes first.
 */
export function matchSegments(overlap: Overlap, settings: MatchingSettings): Match[] {
  const free: Free = { old: new Set(overlap.old.keys()), fresh: new Set(overlap.fresh.keys()) };
  const matches: Match[] = [];
  for (const rule of [findSplits, findMerges, findSurvivors, findSameContent, findReorganised]) {
    for (const match of rule(overlap, settings, free)) {
      matches.push(match);
      for (const x of match.old) free.old.delete(x);
      for (const y of match.fresh) free.fresh.delete(y);
    }
  }
  const alone = { carries: null };
  for (const x of free.old) matches.push({ kind: 'disappear', old: [x], fresh: [], byContent: !!overlap.oldWeak[x], ...alone });
  for (const y of free.fresh) matches.push({ kind: 'emerge', old: [], fresh: [y], byContent: !!overlap.freshWeak[y], ...alone });
  return matches;
}

/** A generator, so that what one match claims is gone for the next. */
type Rule = (overlap: Overlap, settings: MatchingSettings, free: Free) => Iterable<Match>;

const strongOld = (o: Overlap, free: Free): number[] => [...free.old].filter((x) => !o.oldWeak[x]);
const strongFresh = (o: Overlap, free: Free): number[] => [...free.fresh].filter((y) => !o.freshWeak[y]);

/** Two or more Y, each f >= splitShare and b >= splitPurity, sum of f >= splitCover. The largest Y keeps the track. */
const findSplits: Rule = function* (o, settings, free) {
  for (const x of strongOld(o, free)) {
    const parts = strongFresh(o, free).filter(
      (y) => shareOfOld(o, x, y) >= settings.splitShare && shareOfFresh(o, x, y) >= settings.splitPurity,
    );
    const covered = parts.reduce((sum, y) => sum + sharedOf(o, x, y), 0);
    if (parts.length < 2 || ratio(covered, o.oldCommon[x] as number) < settings.splitCover) continue;
    const largest = parts[argmax(parts.length, (i) => sizeOf(o.fresh, parts[i]))] as number;
    yield { kind: 'split', old: [x], fresh: parts, carries: [x, largest], byContent: false };
  }
};

/** Two or more X, each b >= mergeShare and f >= mergePurity, sum of b >= mergeCover. The one that gave most users goes on. */
const findMerges: Rule = function* (o, settings, free) {
  for (const y of strongFresh(o, free)) {
    const parts = strongOld(o, free).filter(
      (x) => shareOfFresh(o, x, y) >= settings.mergeShare && shareOfOld(o, x, y) >= settings.mergePurity,
    );
    const covered = parts.reduce((sum, x) => sum + sharedOf(o, x, y), 0);
    if (parts.length < 2 || ratio(covered, o.freshCommon[y] as number) < settings.mergeCover) continue;
    const largest = parts[argmax(parts.length, (i) => sharedOf(o, parts[i] as number, y))] as number;
    yield { kind: 'merge', old: parts, fresh: [y], carries: [largest, y], byContent: false };
  }
};

/** Each other's best by common users, among all segments, with f or b >= surviveShare. */
const findSurvivors: Rule = function* (o, settings, free) {
  for (const x of strongOld(o, free)) {
    const y = argmax(o.fresh.length, (j) => sharedOf(o, x, j));
    if (y < 0 || !free.fresh.has(y) || o.freshWeak[y]) continue;
    if (argmax(o.old.length, (i) => sharedOf(o, i, y)) !== x) continue;
    if (Math.max(shareOfOld(o, x, y), shareOfFresh(o, x, y)) < settings.surviveShare) continue;
    yield survivor(x, y, false);
  }
};

/** Where either is weak: each other's nearest centroid, with a cosine above that of X to any other old segment. */
const findSameContent: Rule = function* (o, _settings, free) {
  for (const [x, y, cosine] of mutualNearest(o.old, o.fresh)) {
    if (!free.old.has(x) || !free.fresh.has(y)) continue;
    if (!o.oldWeak[x] && !o.freshWeak[y]) continue;
    if (cosine > nearestSibling(o.old, x)) yield survivor(x, y, true);
  }
};

const survivor = (x: number, y: number, byContent: boolean): Match => ({
  kind: 'survive',
  old: [x],
  fresh: [y],
  carries: [x, y],
  byContent,
});

/**
 * Several old with several new that no rule above took: the connected parts of the graph whose edges are ribbons of at least
 * splitShare of the old or mergeShare of the new, where both sides have two or more. No track goes on: none has a better claim.
 */
const findReorganised: Rule = function* (o, settings, free) {
  const linked = (x: number, y: number): boolean =>
    sharedOf(o, x, y) > 0 && (shareOfOld(o, x, y) >= settings.splitShare || shareOfFresh(o, x, y) >= settings.mergeShare);
  const olds = new Set(strongOld(o, free));
  const freshes = new Set(strongFresh(o, free));
  while (olds.size > 0) {
    const [first] = olds;
    const part = takeConnected(first as number, olds, freshes, linked);
    if (part.old.length < 2 || part.fresh.length < 2) continue;
    yield { kind: 'reorganise', ...part, carries: null, byContent: false };
  }
};

/** Takes the component of old segment `first` out of both sets; numbers ascend. */
function takeConnected(
  first: number,
  olds: Set<number>,
  freshes: Set<number>,
  linked: (x: number, y: number) => boolean,
): { old: number[]; fresh: number[] } {
  const old: number[] = [];
  const fresh: number[] = [];
  const queue = [first];
  olds.delete(first);
  for (let x = queue.pop(); x !== undefined; x = queue.pop()) {
    old.push(x);
    for (const y of [...freshes]) {
      if (!linked(x, y)) continue;
      freshes.delete(y);
      fresh.push(y);
      for (const other of [...olds]) {
        if (!linked(other, y)) continue;
        olds.delete(other);
        queue.push(other);
      }
    }
  }
  const ascending = (a: number, b: number): number => a - b;
  return { old: old.sort(ascending), fresh: fresh.sort(ascending) };
}

const sizeOf = (segments: Overlap['fresh'], i: number | undefined): number =>
  i === undefined ? 0 : (segments[i]?.members.length ?? 0);
