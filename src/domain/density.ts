/** What a fit by density leaves over in one window, and how far it reaches there. */
export interface WindowDensity {
  readonly window: number;
  /** DBSCAN's; null for HDBSCAN, which needs none. */
  readonly reach: Reach | null;
  /** Users that are not thin whom the fit left in no segment. */
  readonly leftOut: number;
  /** Those of them who joined their nearest segment after the fit (`density.reassign`); the others are the window's noise. */
  readonly joined: number;
}

/** The eps that a window was fitted with, and the curve that it can be judged by. */
export interface Reach {
  readonly eps: number;
  /** Eps that the curve's bend proposes. */
  readonly knee: number;
  readonly curve: DistanceCurve;
}

/** Distances of the rows of a window to their minPts-th nearest (each row its own first), ascending, thinned to at most 200 points. */
export interface DistanceCurve {
  readonly distance: Float32Array;
  /** One a distance, ascending to 1: the share of rows that are core where eps is that distance. */
  readonly share: Float32Array;
}

/** What density tells of the windows and of the profiles; these in the order of ProfileTable, thin ones having none of it. */
export interface Density {
  /** One a window that was fitted. */
  readonly windows: readonly WindowDensity[];
  /** For a profile that the fit left out the segment of its window that is nearest (index into AnalysisResult.segments); -1 elsewhere. */
  readonly nearest: Int32Array;
  /** Cosine to the centre of that segment; NaN where there is none. */
  readonly similarity: Float32Array;
  /** HDBSCAN: how firmly the profile is in its segment, 0..1, 0 for who was left out; NaN for DBSCAN. */
  readonly strength: Float32Array;
  /** HDBSCAN: outlier score (GLOSH), 0..1, the higher the farther out; NaN for DBSCAN. */
  readonly outlier: Float32Array;
}
