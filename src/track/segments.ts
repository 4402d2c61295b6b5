import type { EventKind, Flow, MatchingSettings, TimeWindow, TrackEvent, TrackId, WindowSegment } from '../domain/index.ts';
import { argmax, cosineTable, mutualNearest, nearestSibling } from './cosine.ts';
import { effectOf } from './effect.ts';
import { type Match, matchSegments } from './match.ts';
import { measureOverlap, type Overlap, sharedOf, shareOfOld } from './overlap.ts';

export interface TrackInput {
  readonly windows: readonly TimeWindow[];
  /** Ordered by (window, number). */
  readonly segments: readonly WindowSegment[];
  /** A window: users that are not thin, ascending, noise included. */
  readonly presentUsers: readonly Uint32Array[];
  readonly settings: MatchingSettings;
}

export interface TrackResult {
  /** One entry a segment. */
  readonly trackOf: Int32Array;
  /** By window, then by kind in the order of the rules, then by number. */
  readonly events: TrackEvent[];
  /** By (from, to); only where users flow. */
  readonly flows: Flow[];
}

/** The segments of one window that has any, at `offset` of the whole list. */
export interface Column {
  readonly window: number;
  readonly offset: number;
  readonly segments: readonly WindowSegment[];
}

/** Where a track was last seen: segment `index` of `column`. */
interface LastState {
  readonly column: Column;
  readonly index: number;
}

/**
 * Links the segments of consecutive windows to tracks (DESIGN.md section 3, after MONIC, Spiliopoulou et al. 2006). A window is
 * compared with the last one before it that has a segment. The first such window opens tracks without events.
 *
 * Of a new segment left over: it *resurfaces* as a track that vanished before the earlier window, if the two are each other's nearest
 * by centroid (the segment among all of its window, the track's last state among all vanished tracks) and their cosine is above
 * the largest that the last state had to another segment of its own window; else it *emerges*. Merged and reorganised tracks count as vanished.
 *
 * An event is tentative next to a partial window, and where centroids alone decided: a resurfacing, and any event of a
 * segment with too few common users. A host is only named where users are enough to tell. Ids count from 1; new ids of
 * a window go by segment number.
 */
export function trackSegments({ windows, segments, presentUsers, settings }: TrackInput): TrackResult {
  const trackOf = new Int32Array(segments.length);
  const events: TrackEvent[] = [];
  const flows: Flow[] = [];
  const last = new Map<TrackId, LastState>();
  let nextId = 1;
  let before: Column | null = null;
  for (const column of columnsOf(segments)) {
    const present = (c: Column): Uint32Array => presentUsers[c.window] ?? new Uint32Array();
    const step = before && matchColumns(before, column, present(before), present(column), settings, trackOf, last);
    const kept = step?.kept ?? new Map<number, TrackId>();
    for (let y = 0; y < column.segments.length; y++) trackOf[column.offset + y] = kept.get(y) ?? nextId++;
    if (before && step) {
      const partial = !!(windows[before.window]?.partial || windows[column.window]?.partial);
      for (const match of step.matches) events.push(toEvent(match, before, column, step.overlap, trackOf, partial));
      flows.push(...flowsOf(before, column, step.overlap));
    }
    column.segments.forEach((_, index) => {
      last.set(trackOf[column.offset + index] as number, { column, index });
    });
    before = column;
  }
  return { trackOf, events, flows };
}

export function columnsOf(segments: readonly WindowSegment[]): Column[] {
  const columns: { window: number; offset: number; segments: WindowSegment[] }[] = [];
  segments.forEach((segment, i) => {
    const current = columns.at(-1);
    if (current?.window === segment.window) current.segments.push(segment);
    else columns.push({ window: segment.window, offset: i, segments: [segment] });
  });
  return columns;
}

interface Step {
  readonly overlap: Overlap;
  readonly matches: readonly Match[];
  /** New segments that go on with a track. */
  readonly kept: Map<number, TrackId>;
}

function matchColumns(
  before: Column,
  column: Column,
  oldPresent: Uint32Array,
  freshPresent: Uint32Array,
  settings: MatchingSettings,
  trackOf: Int32Array,
  last: ReadonlyMap<TrackId, LastState>,
): Step {
  const overlap = measureOverlap(before.segments, column.segments, oldPresent, freshPresent, settings);
  const kept = new Map<number, TrackId>();
  const matches = matchSegments(overlap, settings);
  for (const { carries } of matches) if (carries) kept.set(carries[1], trackOf[before.offset + carries[0]] as number);
  const returned = findReturns(column, before, last);
  const resolved = matches.map((match): Match => {
    const track = match.kind === 'emerge' ? returned.get(match.fresh[0] as number) : undefined;
    if (track === undefined) return match;
    kept.set(match.fresh[0] as number, track);
    return { ...match, kind: 'resurface', byContent: true };
  });
  const rank = (kind: EventKind): number => RULE_ORDER.indexOf(kind);
  // The sort is stable: within a kind the order of the rules stays.
  return { overlap, matches: resolved.sort((a, b) => rank(a.kind) - rank(b.kind) || lowest(a) - lowest(b)), kept };
}

const RULE_ORDER: readonly EventKind[] = ['split', 'merge', 'survive', 'reorganise', 'disappear', 'emerge', 'resurface'];
const lowest = (match: Match): number => match.old[0] ?? match.fresh[0] ?? 0;

/** Which segments of `column` have the content of which vanished track. */
function findReturns(column: Column, before: Column, last: ReadonlyMap<TrackId, LastState>): Map<number, TrackId> {
  const vanished = [...last].filter(([, state]) => state.column.window < before.window);
  const states = vanished.map(([, { column: c, index }]) => c.segments[index] as WindowSegment);
  const returns = new Map<number, TrackId>();
  for (const [i, y, cosine] of mutualNearest(states, column.segments)) {
    const [id, state] = vanished[i] as [TrackId, LastState];
    if (cosine > nearestSibling(state.column.segments, state.index)) returns.set(y, id);
  }
  return returns;
}

export function toEvent(
  match: Match,
  before: Column,
  column: Column,
  overlap: Overlap,
  trackOf: Int32Array,
  partial: boolean,
): TrackEvent {
  const oldTrack = (x: number): TrackId => trackOf[before.offset + x] as number;
  const freshTrack = (y: number): TrackId => trackOf[column.offset + y] as number;
  const ids = (list: TrackId[]): TrackId[] => list.sort((a, b) => a - b);
  return {
    window: column.window,
    before: before.window,
    kind: match.kind,
    from: ids(match.old.map(oldTrack)),
    to: ids(match.fresh.map(freshTrack)),
    segments: [...match.old.map((x) => before.offset + x), ...match.fresh.map((y) => column.offset + y)],
    users: usersOf(match, overlap),
    effect: effectOf(match, overlap),
    tentative: partial || match.byContent,
    host: hostOf(match, overlap, freshTrack),
    ...changeOf(match, overlap),
    changes: [],
  };
}

function usersOf({ old, fresh }: Match, o: Overlap): number {
  const alone = fresh.length === 0 ? o.old[old[0] as number] : old.length === 0 ? o.fresh[fresh[0] as number] : undefined;
  if (alone) return alone.members.length;
  return old.reduce((sum, x) => sum + fresh.reduce((n, y) => n + sharedOf(o, x, y), 0), 0);
}

/** The new segment that took in at least half of the common users. */
function hostOf(match: Match, o: Overlap, freshTrack: (y: number) => TrackId): TrackId | null {
  const x = match.old[0];
  if (match.kind !== 'disappear' || x === undefined || o.oldWeak[x]) return null;
  const y = argmax(o.fresh.length, (j) => sharedOf(o, x, j));
  return y >= 0 && shareOfOld(o, x, y) >= 0.5 ? freshTrack(y) : null;
}

function changeOf(match: Match, o: Overlap): Pick<TrackEvent, 'sizeChange' | 'centroidCosine'> {
  const x = o.old[match.old[0] ?? -1];
  const y = o.fresh[match.fresh[0] ?? -1];
  if (match.kind !== 'survive' || !x || !y) return { sizeChange: null, centroidCosine: null };
  const growth = (100 * (y.members.length - x.members.length)) / x.members.length;
  return { sizeChange: growth, centroidCosine: cosineTable([x], [y])[0] as number };
}

export function flowsOf(before: Column, column: Column, overlap: Overlap): Flow[] {
  const flows: Flow[] = [];
  for (let x = 0; x < before.segments.length; x++) {
    for (let y = 0; y < column.segments.length; y++) {
      const users = sharedOf(overlap, x, y);
      if (users > 0) flows.push({ from: before.offset + x, to: column.offset + y, users });
    }
  }
  return flows;
}
