import type { EventKind, MatchingSettings, SurvivorChange, WindowSegment } from '../../domain/index.ts';
import { pairWindows, survivorChanges, type WindowUsers } from '../change/index.ts';
import { effectOf } from '../effect.ts';
import { type Match, matchSegments } from '../match.ts';
import { measureOverlap, type Overlap } from '../overlap.ts';

/** An event that a re-fit tells though nothing changed: both halves are of one window. */
export interface RefitEvent {
  readonly kind: EventKind;
  /** As that of a real event. */
  readonly effect: number;
  /** Smallest stability of the segments that it names, each that of its most alike segment of the window; NaN where unknown. */
  readonly stability: number;
}

/** A segment that goes on from one half to the other, and what chance changed of it. */
export interface RefitSurvivor {
  readonly changes: readonly SurvivorChange[];
  /** As that of {@link RefitEvent}. */
  readonly stability: number;
}

/** What one no-change re-fit told. */
export interface Refit {
  readonly window: number;
  /** Segments of both halves, halved: what the events are counted against. */
  readonly segments: number;
  /** All that is no survival. */
  readonly events: readonly RefitEvent[];
  readonly survivors: readonly RefitSurvivor[];
}

export interface Half {
  readonly segments: readonly WindowSegment[];
  /** Stability of each, by {@link alikeStability}. */
  readonly stability: readonly number[];
  /** Those that count for the changes of survivors. */
  readonly users: WindowUsers;
}

/**
 * One no-change re-fit (DESIGN.md section 3, "Trust"): the segments of two random halves of the same users' events of a window
 * are matched by the rules for two windows. Whatever is no survival is a false event, since nothing changed.
 * Both halves hold the same users (`present`, ascending).
 * @param match The rules; others where segments are fixed.
 */
export function matchHalves(
  window: number,
  a: Half,
  b: Half,
  present: Uint32Array,
  settings: MatchingSettings,
  match: (overlap: Overlap, settings: MatchingSettings) => Match[] = matchSegments,
): Refit {
  const overlap = measureOverlap(a.segments, b.segments, present, present, settings);
  const matches = match(overlap, settings);
  const stability = ({ old, fresh }: Match): number =>
    Math.min(...old.map((x) => a.stability[x] as number), ...fresh.map((y) => b.stability[y] as number));
  const pair = pairWindows(a.users, b.users);
  const changes = ({ old, fresh }: Match): SurvivorChange[] =>
    survivorChanges(pair, a.segments[old[0] as number]!.members, b.segments[fresh[0] as number]!.members);
  return {
    window,
    segments: (a.segments.length + b.segments.length) / 2,
    events: matches
      .filter(({ kind }) => kind !== 'survive')
      .map((match) => ({ kind: match.kind, effect: effectOf(match, overlap), stability: stability(match) })),
    survivors: matches
      .filter(({ kind }) => kind === 'survive')
      .map((match) => ({ changes: changes(match), stability: stability(match) })),
  };
}

/** The stability of the segment among `known` that shares the most users with each of `segments`, by Jaccard. */
export function alikeStability(
  segments: readonly WindowSegment[],
  known: readonly WindowSegment[],
  stabilityOf: (known: number) => number,
): number[] {
  return segments.map(({ members }) => {
    let [best, at] = [-1, -1];
    for (const [i, other] of known.entries()) {
      const alike = jaccard(members, other.members);
      if (alike > best) [best, at] = [alike, i];
    }
    return at < 0 ? Number.NaN : stabilityOf(at);
  });
}

/** |A n B| / |A u B| of two ascending lists without repeats; 0 for two empty ones. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let [i, j, both] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] as number, b[j] as number];
    if (x === y) both++;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  const all = a.length + b.length - both;
  return all === 0 ? 0 : both / all;
}
