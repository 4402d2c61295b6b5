export interface DbscanOptions {
  /** Rows at most this far apart, Euclidean, are neighbours. */
  readonly eps: number;
  /** Neighbours that make a row core, itself included; at least 1. */
  readonly minPts: number;
  /**
   * Cells of a k-means to start from, 0 (the default) = none: rows are then visited cell by cell, and tiles of them that lie farther than
   * eps from each other are not measured. The same result; used on the CPU only.
   */
  readonly cells?: number;
}

export interface Dbscan {
  /** One a row: 0..clusters-1, numbered by the lowest core row of each; -1 is noise. */
  readonly labels: Int32Array;
  /** One a row: 1 where it is core. */
  readonly core: Uint8Array;
  readonly clusters: number;
}
