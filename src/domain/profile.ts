/**
 * One row a user and window with at least one event, ordered by (window, hash of user, user). The texts of profile p and
 * their weights are `textIds[offsets[p] .. offsets[p+1])` and `weights[...]`, ascending by text id.
 */
export interface ProfileTable {
  readonly count: number;
  /** Id into EventTable.users. */
  readonly user: Uint32Array;
  /** Index into the windows. */
  readonly window: Uint32Array;
  readonly events: Uint32Array;
  /** 1 where the user has fewer than `minEvents` events in the window. */
  readonly thin: Uint8Array;
  readonly offsets: Uint32Array;
  readonly textIds: Uint32Array;
  readonly weights: Float32Array;
  /** Id into EventTable.labels of the profile's most frequent label (lowest id on ties), or NO_ID. */
  readonly label: Uint32Array;
}
