import {
  type AnalysisResult,
  CHANGE_KINDS,
  type ChangeKind,
  changeKind,
  EVENT_KINDS,
  type EventKind,
  isMaterial,
  type SurvivorChange,
  type TrackEvent,
  type TrackId,
  type Verdict,
} from '../domain/index.ts';

export type ToldKind = Exclude<EventKind, 'survive'> | ChangeKind;

/** All that may be told, in the order in which it is offered. */
export const TOLD_KINDS: readonly ToldKind[] = [...EVENT_KINDS.filter((kind) => kind !== 'survive'), ...CHANGE_KINDS];

/** One thing that happened between two windows: an event that is no survival, or one change of a segment that goes on. */
export interface Told {
  readonly kind: ToldKind;
  readonly event: TrackEvent;
  /** Of a survival; null for any other event. */
  readonly change: SurvivorChange | null;
  /** Null, and NaN, before they are measured. */
  readonly verdict: Verdict | null;
  readonly p: number;
  readonly stability: number;
}

/**
 * Events that are no survival, and of those that are the changes whose interval excludes "unchanged" and that are large enough to be told; by window, then in the
 * order of the events.
 */
export function toldOf({ events, trust, settings }: AnalysisResult): Told[] {
  return events.flatMap((event, i): Told[] => {
    const { p, stability, verdict } = trust.events[i] ?? { p: Number.NaN, stability: Number.NaN, verdict: null };
    if (event.kind !== 'survive') return [{ kind: event.kind, event, change: null, verdict, p, stability }];
    return event.changes.flatMap((change, c): Told[] => {
      if (!isMaterial(change, settings.change)) return [];
      const own = trust.changes[i]?.[c];
      return [{ kind: changeKind(change), event, change, verdict: own?.verdict ?? null, p: own?.p ?? Number.NaN, stability }];
    });
  });
}

/** Whether it is told as a finding: only what is stable is. */
export const isFinding = ({ verdict }: Told): boolean => verdict === 'stable';

/** What is told of a track: all events, and of its changes the findings. */
export const toldOfTrack = (result: AnalysisResult, track: TrackId): Told[] =>
  toldOf(result).filter((told) => concerns(told.event, track) && (told.change === null || isFinding(told)));

/** How the track went on into the window: the changes of its survival, with their trust; null where it did not survive into it. */
export function survivalInto(result: AnalysisResult, track: TrackId, window: number) {
  const at = result.events.findIndex((e) => e.kind === 'survive' && e.window === window && e.to.includes(track));
  const event = result.events[at];
  return event
    ? { event, changes: event.changes.map((change, c) => ({ change, trust: result.trust.changes[at]?.[c] ?? null })) }
    : null;
}

const concerns = ({ from, to }: TrackEvent, track: TrackId): boolean => from.includes(track) || to.includes(track);
