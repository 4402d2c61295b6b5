import type { LabelAgreement } from './agreement.ts';
import type { BehaviourSummary } from './behaviour.ts';
import type { KChoice } from './choice.ts';
import type { Density } from './density.ts';
import type { Accounting, ColumnMapping } from './event.ts';
import type { Intake } from './intake.ts';
import type { InterestLevels } from './levels.ts';
import type { SoftMembership } from './membership.ts';
import type { EmbedReport, ModelInfo, TextLanguages } from './model.ts';
import type { Movement, UserChanges, WindowQuality } from './movement.ts';
import type { Sensitivity } from './sensitivity.ts';
import type { Settings } from './settings.ts';
import type { Flow, TrackEvent, TrackId, Trust } from './track.ts';
import type { TimeWindow } from './window.ts';

/** One segment of one window, as it is shown. */
export interface Segment {
  /** Index into AnalysisResult.segments. */
  readonly index: number;
  readonly window: number;
  /** Number within the window, 0 = largest; in global mode among those of all windows, by the users of all. */
  readonly number: number;
  readonly track: TrackId;
  /** Users that are not thin. */
  readonly size: number;
  readonly thin: number;
  /** Label words, best first (c-TF-IDF). */
  readonly terms: readonly string[];
  /** Example texts: the items nearest the segment's centre among those its users have. */
  readonly exemplars: readonly string[];
  /** Users of the earlier non-empty window's segments do not hold: came in from outside / left to outside. */
  readonly entered: number;
  readonly left: number;
}

export interface Track {
  readonly id: TrackId;
  /** The label words over all its windows, joined for display. */
  readonly name: string;
  readonly firstWindow: number;
  readonly lastWindow: number;
  /** Users summed over its windows. */
  readonly size: number;
}

export interface WindowSummary extends TimeWindow {
  readonly events: number;
  /** Users that are not thin. */
  readonly profiles: number;
  readonly thin: number;
}

/** What the numbers ran on. */
export interface ComputeInfo {
  /** 'cpu', 'webgpu', or 'webgpu, then cpu' where the device failed in the middle. */
  readonly device: string;
  readonly adapter: string;
  /** Threads of the processor that share the work. */
  readonly threads: number;
  readonly note: string;
}

/** One entry a profile, in the order of ProfileTable. */
export interface ProfilePositions {
  readonly count: number;
  /** Index into AnalysisResult.users. */
  readonly user: Uint32Array;
  readonly window: Uint32Array;
  readonly thin: Uint8Array;
  readonly events: Uint32Array;
  /** Index into AnalysisResult.segments, or -1 for noise. */
  readonly segment: Int32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** How a run that added data took up the run before it. */
export interface Appended {
  /** The first window that was computed again: those before are as they were. */
  readonly from: number;
  /** Texts that were embedded; the others kept their vectors. */
  readonly embedded: number;
  /** Why all windows were computed again, in the user's words; null where some stayed. */
  readonly whole: string | null;
  /** The tracks of the runs before, oldest first: they chose their colours before those of this run. */
  readonly former: readonly (readonly Track[])[];
}

/** Everything that the views show and the exports are made from. Survives structured clone. */
export interface AnalysisResult {
  readonly settings: Settings;
  readonly mapping: ColumnMapping;
  readonly intake: Intake;
  readonly accounting: Accounting;
  readonly users: readonly string[];
  readonly windows: readonly WindowSummary[];
  readonly profiles: ProfilePositions;
  /** Ordered by (window, number). */
  readonly segments: readonly Segment[];
  readonly tracks: readonly Track[];
  readonly events: readonly TrackEvent[];
  readonly flows: readonly Flow[];
  readonly trust: Trust;
  /** One a window with users and one before it that has some, by window. */
  readonly movements: readonly Movement[];
  readonly changes: UserChanges;
  readonly levels: InterestLevels;
  readonly membership: SoftMembership;
  /** One a window with a segment. */
  readonly quality: readonly WindowQuality[];
  readonly kChoices: readonly KChoice[];
  /** Null where texts alone made the profiles. */
  readonly behaviour: BehaviourSummary | null;
  /** Null unless the segments were found by density. */
  readonly density: Density | null;
  readonly sensitivity: Sensitivity;
  /** Empty without a label column. */
  readonly agreement: readonly LabelAgreement[];
  /** Dimensions kept: at most those of the settings, fewer with few profiles. */
  readonly dims: number;
  /** Share of variance that the kept dimensions explain. */
  readonly explainedVariance: number;
  readonly distinctTexts: number;
  readonly model: ModelInfo;
  readonly embedding: EmbedReport;
  readonly languages: TextLanguages;
  readonly compute: ComputeInfo;
  /** Null for a run on its own. */
  readonly appended: Appended | null;
  /** Things the user should know, in their words. */
  readonly warnings: readonly string[];
  /** Milliseconds a stage, for the CLI and the benchmark; not part of any export. */
  readonly timings: Readonly<Record<string, number>>;
}

/**
 * What a run tells before its end: the result as soon as there is one, its trust not measured yet (no entries), and then the trust, the
 * curves of k with their stability, and the sensitivity as far as they are known. Survives structured clone.
 */
export type ResultPart =
  | { readonly kind: 'result'; readonly result: AnalysisResult }
  | { readonly kind: 'trust'; readonly trust: Trust }
  | { readonly kind: 'choices'; readonly kChoices: readonly KChoice[] }
  | { readonly kind: 'sensitivity'; readonly sensitivity: Sensitivity };
