import type { TrackId } from './track.ts';

/** Stands among tracks for the users of no segment (noise). */
export const NO_TRACK = -1;

/**
 * Users from segment to segment between two windows, with those who came and went in the margins. A row and its `dormant` add up to
 * `fromUsers`; a column, its `new` and its `resurrecting` to `toUsers`; all cells together are the returning users. Segments go by
 * their tracks; {@link NO_TRACK} is a row or column like any other.
 */
export interface Migration {
  /** Segments of the earlier window, ascending, and of the later one. */
  readonly from: readonly TrackId[];
  readonly to: readonly TrackId[];
  /** `counts[x * to.length + y]`: users who were in from[x] and are in to[y]. */
  readonly counts: Uint32Array;
  readonly fromUsers: Uint32Array;
  readonly toUsers: Uint32Array;
  /** One a row: users of the earlier window who are not in the later one. */
  readonly dormant: Uint32Array;
  /** One a column: users who were not in the earlier window, and in none before it; or in some before it. */
  readonly new: Uint32Array;
  readonly resurrecting: Uint32Array;
}

/** Users gained and lost between segments that are named alike in both windows. */
export interface NetFlows {
  /** Segments of either window, ascending. */
  readonly segments: readonly TrackId[];
  /** `between[a * n + b]`: users from a to b less users from b to a; antisymmetric. */
  readonly between: Int32Array;
  /** One a segment: users after less users before, those who came and went included. */
  readonly change: Int32Array;
}

/** One entry a cell of `counts`; NaN for users of no segment, who are no flow. */
export interface FlowTrust {
  /** Exact hypergeometric p: at least as many users, if they chose their new segment without regard to the old one. */
  readonly p: Float64Array;
  /** The same after Holm's correction over all flows of the two windows. */
  readonly adjusted: Float64Array;
  /** Users that chance alone would bring. */
  readonly expected: Float64Array;
}

/** Parts of the change of the mean profile, along its direction: they add up to 1; one that worked against it is negative. */
export interface DriftShares {
  /** Users who came or went. */
  readonly activity: number;
  /** Users who changed their segment. */
  readonly composition: number;
  /** Segments whose users changed what they look at. */
  readonly content: number;
}

/** A segment's own part; null where it was in one of the windows only, or the mean profile did not change. */
export interface TrackDrift {
  readonly track: TrackId;
  /** Of the common users. */
  readonly shareBefore: number;
  readonly shareAfter: number;
  /** Add up over the segments to those of {@link DriftShares}. */
  readonly composition: number | null;
  readonly content: number | null;
  /** 1 - cosine of its two fitted centroids: 0 (the same) to 2. */
  readonly shift: number | null;
}

/** How far two windows are apart, and by what. */
export interface Drift {
  /** Squared maximum mean discrepancy of the profiles; above 0 also where nothing changed. */
  readonly mmd2: number;
  /** Of the permutations, the share at least as far apart; null without permutations. */
  readonly p: number | null;
  /** Mean of the permutations: the `mmd2` that chance alone shows. */
  readonly unchanged: number | null;
  /** Jensen-Shannon distance of the segments' shares of users, 0..1; users of no segment are a share of their own. */
  readonly jensenShannon: number | null;
  /** Length of the change of the mean profile. */
  readonly change: number;
  /** Null where the mean profile did not change. */
  readonly shares: DriftShares | null;
  /** Users in both windows. */
  readonly commonUsers: number;
  /** Segments that the common users have in either window, ascending by track. */
  readonly tracks: readonly TrackDrift[];
}

/** Between a window and the last non-empty one before it, over users that are not thin. */
export interface Movement {
  readonly window: number;
  readonly before: number;
  readonly migration: Migration;
  /** from.length x (to.length + 1): where each old segment's users went, in per cent, the last column those who went dormant. */
  readonly rowPercent: Float64Array;
  readonly flows: FlowTrust;
  readonly net: NetFlows;
  readonly drift: Drift;
}

/** How tight and how far apart the segments of a window are, over users in a segment that are not thin. Null where not known. */
export interface WindowQuality {
  readonly window: number;
  /** Mean silhouette of the chosen k; known where several k were compared. */
  readonly silhouette: number | null;
  /** Lower is better. */
  readonly daviesBouldin: number | null;
  /** Higher is better. */
  readonly calinskiHarabasz: number | null;
  /** Sum of squared distances to the segment's mean. */
  readonly inertia: number;
}

/** How each user changed over the windows with a profile of theirs that is not thin; one entry a user. */
export interface UserChanges {
  /** Their first and last such window; -1 without any. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** 1 - cosine of the profiles of these two, 0..2; NaN for a user of fewer than two windows. */
  readonly displacement: Float64Array;
  /** The same of each step from window to window, summed. */
  readonly travelled: Float64Array;
  /** Steps on which the segment changed; no segment (noise) counts as one. */
  readonly moves: Uint32Array;
}
