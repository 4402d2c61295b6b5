import type { Flow, TrackEvent } from '../domain/index.ts';
import type { Match } from './match.ts';
import { measureOverlap, type Overlap } from './overlap.ts';
import { type Column, columnsOf, flowsOf, type TrackInput, type TrackResult, toEvent } from './segments.ts';

/**
 * Tracks of segments that are the same in every window (one fit over all of them): the track is the segment, whatever its users do, so that
 * none can split, merge or be reorganised. Of two consecutive windows with a segment: it *survives* where it has members in both,
 * *disappears* where they are all gone, *emerges* where it has its first, and *resurfaces* where it had some before the earlier one. What it is
 * is known and not inferred, so that few common users make no event tentative; a partial window beside it does.
 */
export function trackFixed({ windows, segments, presentUsers, settings }: TrackInput): TrackResult {
  const trackOf = Int32Array.from(segments, ({ number }) => number + 1);
  const events: TrackEvent[] = [];
  const flows: Flow[] = [];
  const seen = new Set<number>();
  let before: Column | null = null;
  for (const column of columnsOf(segments)) {
    if (before) {
      const present = ({ window }: Column): Uint32Array => presentUsers[window] ?? new Uint32Array();
      const overlap = measureOverlap(before.segments, column.segments, present(before), present(column), settings);
      const partial = !!(windows[before.window]?.partial || windows[column.window]?.partial);
      for (const match of matchFixed(overlap, (number) => seen.has(number))) {
        events.push(toEvent(match, before, column, overlap, trackOf, partial));
      }
      flows.push(...flowsOf(before, column, overlap));
    }
    for (const { number } of column.segments) seen.add(number);
    before = column;
  }
  return { trackOf, events, flows };
}

/**
 * Segments of the same number are the same: survivals, then those that are gone, those that came, and those that came back, each by number.
 * @param seen Whether a segment had members before the two windows.
 */
export function matchFixed({ old, fresh }: Overlap, seen: (number: number) => boolean = () => false): Match[] {
  const freshAt = new Map(fresh.map(({ number }, y) => [number, y]));
  const survivors: Match[] = [];
  const gone: Match[] = [];
  for (const [x, { number }] of old.entries()) {
    const y = freshAt.get(number);
    freshAt.delete(number);
    if (y === undefined) gone.push({ kind: 'disappear', old: [x], fresh: [], carries: null, byContent: false });
    else survivors.push({ kind: 'survive', old: [x], fresh: [y], carries: [x, y], byContent: false });
  }
  const came = (kind: 'emerge' | 'resurface'): Match[] =>
    [...freshAt]
      .filter(([number]) => seen(number) === (kind === 'resurface'))
      .map(([, y]) => ({ kind, old: [], fresh: [y], carries: null, byContent: false }));
  return [...survivors, ...gone, ...came('emerge'), ...came('resurface')];
}
