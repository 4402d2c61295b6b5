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

/** What may change of a segment that goes on: its share of the users, how close they are, and where its centre lies. */
export const CHANGE_MEASURES = ['size', 'compactness', 'shift'] as const;
export type ChangeMeasure = (typeof CHANGE_MEASURES)[number];

/** One change of a segment that goes on, with its 95 % interval over users, for memberships as they were found (track/change). */
export interface SurvivorChange {
  readonly measure: ChangeMeasure;
  /**
   * size: share of the window's users that are not thin; compactness: mean cosine of its members to their centroid, less what each
   * member's own part in the centroid adds; shift: null.
   */
  readonly before: number | null;
  readonly after: number | null;
  /** after - before; shift: 1 - cosine of the two centroids beyond `chance`, 0..2. */
  readonly amount: number;
  readonly low: number;
  readonly high: number;
  /** The amount in standard errors as they are without a change; its sign is that of the amount. */
  readonly strength: number;
  /** shift: the 1 - cosine that two samples of as many users show though nothing moved; else 0. */
  readonly chance: number;
}

export const CHANGE_KINDS = ['grow', 'shrink', 'tighten', 'loosen', 'shift'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What a change is called, by its direction. */
export function changeKind({ measure, amount }: SurvivorChange): ChangeKind {
  if (measure === 'shift') return 'shift';
  if (measure === 'size') return amount < 0 ? 'shrink' : 'grow';
  return amount < 0 ? 'loosen' : 'tighten';
}

/** Smallest change of each measure that is told: size as a share of the share before, the others in their own unit. */
export type LeastChanges = Readonly<Record<ChangeMeasure, number>>;

/** Whether a change is more than its interval leaves open, and no less than the least that is told. */
export function isMaterial({ measure, before, amount, low, high }: SurvivorChange, least: LeastChanges): boolean {
  const effect = measure === 'size' && before ? amount / before : amount;
  return (low > 0 || high < 0) && Math.abs(effect) >= least[measure];
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
  /** survive: its changes, at most one a measure, those left out that cannot be measured; empty elsewhere. */
  readonly changes: readonly SurvivorChange[];
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

/** Trust of one change of a segment that goes on. */
export interface ChangeTrust {
  readonly measure: ChangeMeasure;
  /**
   * That some segment which goes on between these windows would change by as many standard errors by chance: the larger of (1 + r) / (R + 1), r = re-fits
   * in which one does, and of the p for users drawn anew; NaN without re-fits.
   */
  readonly p: number;
  readonly verdict: Verdict;
}

/** Changes of segments that go on, on data in which nothing changed. */
export interface FalseChangeRate {
  /** Segments that go on, over all re-fits. */
  readonly survivors: number;
  /** Share of them of which the verdict would have called a change stable; NaN without any. */
  readonly stable: number;
  readonly byMeasure: Readonly<Record<ChangeMeasure, number>>;
}

/** How far each segment and event is to be trusted. */
export interface Trust {
  /** Mean Jaccard over the bootstraps, one a segment; NaN where it was not measured. */
  readonly stability: Float64Array;
  /** One an event, in the order of the events. */
  readonly events: readonly EventTrust[];
  /** One an event, of which each entry is that of the event's change of the same place. */
  readonly changes: readonly (readonly ChangeTrust[])[];
  readonly falseEventRate: FalseEventRate;
  readonly falseChangeRate: FalseChangeRate;
}

/** Before anything was measured. */
export const UNMEASURED: Trust = {
  stability: new Float64Array(),
  events: [],
  changes: [],
  falseEventRate: { refits: 0, raw: Number.NaN, stable: Number.NaN, perWindow: [] },
  falseChangeRate: {
    survivors: 0,
    stable: Number.NaN,
    byMeasure: { size: Number.NaN, compactness: Number.NaN, shift: Number.NaN },
  },
};
