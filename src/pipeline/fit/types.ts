import type { JobContext, Matrix, Reach, Settings } from '../../domain/index.ts';
import type { Compute } from '../../engine/index.ts';

/** Clusters of some rows. */
export interface Fitted {
  /** 0..k-1 one a row; -1 = noise. */
  readonly labels: Int32Array;
  /** k x d, unit rows. */
  readonly centroids: Matrix;
  /** Only of fits by density. */
  readonly density?: FitDensity;
}

/** What fits by density tell besides, one entry a row. */
export interface FitDensity {
  /** DBSCAN's; null for HDBSCAN, and where nothing asked for it. */
  readonly reach: Reach | null;
  /** For a row that was left out the cluster whose centroid is nearest; -1 elsewhere, and where there is no cluster. */
  readonly nearest: Int32Array;
  /** Cosine to that centroid, NaN elsewhere. */
  readonly similarity: Float32Array;
  /** HDBSCAN's probability and outlier score; NaN for DBSCAN. */
  readonly strength: Float32Array;
  readonly outlier: Float32Array;
}

/** One fit to choose from; the silhouette is 0 where nothing was compared. */
export interface Candidate {
  readonly fit: Fitted;
  readonly silhouette: number;
}

/** Centroids of the window before for each k that was fitted there. */
export type Starts = ReadonlyMap<number, Matrix>;

export interface FitTask {
  readonly settings: Settings;
  readonly compute: Compute;
  readonly ctx: JobContext;
  /** Whether the fit is to be looked at: DBSCAN then has its curve also where eps is given. */
  readonly shown?: boolean;
  /** DBSCAN's eps times this, whether it is set or found; 1 where absent. */
  readonly epsScale?: number;
}

/** One fit for each of `ks`, ascending. `name` is part of the seed. */
export type FitsByCount = (x: Matrix, ks: readonly number[], name: string, starts: Starts, task: FitTask) => Promise<Fitted[]>;
