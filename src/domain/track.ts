export const EVENT_KINDS = ['survive', 'emerge', 'disappear', 'split', 'merge', 'resurface', 'reorganise'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Track ids count from 1 in order of first appearance, in global mode by the users of all windows, and are never reused. */
export type TrackId = number;

/** A segment of one window before it has a name: its members and its centre. */
export interface WindowSegment {
  /** Index of the window. */
  readonly window: number;
  /** Number within the window, 0 = largest; in global mode among those of all windows, by the users of all. */
  readonly number: number;
  /** User ids of the members that are not thin, ascending. */
  readonly members: Uint32Array;
  /** Unit vector. */
  readonly centroid: Float32Array;
}

/** What happened between a window and the last non-empty one before it. */
export interface TrackEvent {
  /** Index of the later window. */
  readonly window: number;
  /** Index of the earlier window. */
  readonly before: number;
  readonly kind: EventKind;
  /** All tracks concerned in the earlier window, the one that goes on included. */
  readonly from: readonly TrackId[];
  /** All tracks concerned in the later window, the one that goes on included. */
  readonly to: readonly TrackId[];
  /** Indexes into the segment list of all segments concerned, those of the earlier window first. */
  readonly segments: readonly number[];
  /** Common users that moved along the event's ribbons (for emerge and disappear: the segment's members). */
  readonly users: number;
  /** Effect size, 0..1: the share of the users that it concerns (track/effect.ts); 0 for a survival. */
  readonly effect: number;
  /** Next to a partial window, or decided by the centroids alone. */
  readonly tentative: boolean;
  /** disappear: the track that took most of it in, if one took at least half of its common users. */
  readonly host: TrackId | null;
  /** survive: change of size in per cent and cosine of the two centroids; null elsewhere. */
  readonly sizeChange: number | null;
  readonly centroidCosine: number | null;
}

/** Users common to two consecutive windows, counted from segment to segment (indexes into the segment list). */
export interface Flow {
  readonly from: number;
  readonly to: number;
  readonly users: number;
}

/** By the rule in track/trust/judge.ts: only stable events are told as findings. */
export type Verdict = 'stable' | 'tentative' | 'noise';

export interface EventTrust {
  /** (1 + r) / (R + 1), r = re-fits that show an event of its kind at least as strong; NaN without re-fits. */
  readonly p: number;
  /** Smallest stability of the segments it names; NaN where it was not measured. */
  readonly stability: number;
  readonly verdict: Verdict;
}

/** Events that are no survival, a segment, on data in which nothing changed. */
export interface FalseEventRate {
  readonly refits: number;
  /** Mean over the re-fits, before the verdict; NaN without any. */
  readonly raw: number;
  /** The same of the events that the verdict would have called stable. */
  readonly stable: number;
  /** The same of each window's re-fits; NaN for a window without any. */
  readonly perWindow: readonly { readonly raw: number; readonly stable: number }[];
}

/** How far each segment and event is to be trusted. */
export interface Trust {
  /** Mean Jaccard over the bootstraps, one a segment; NaN where it was not measured. */
  readonly stability: Float64Array;
  /** One an event, in the order of the events. */
  readonly events: readonly EventTrust[];
  readonly falseEventRate: FalseEventRate;
}

/** Before anything was measured. */
export const UNMEASURED: Trust = {
  stability: new Float64Array(),
  events: [],
  falseEventRate: { refits: 0, raw: Number.NaN, stable: Number.NaN, perWindow: [] },
};
