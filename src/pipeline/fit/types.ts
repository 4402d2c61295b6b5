import type { JobContext, Matrix, Settings } from '../../domain/index.ts';
import type { Compute } from '../../engine/index.ts';

/** Clusters of some rows. */
export interface Fitted {
  /** 0..k-1 one a row; -1 = noise. */
  readonly labels: Int32Array;
  /** k x d, unit rows. */
  readonly centroids: Matrix;
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
}

/** One fit for each of `ks`, ascending. `name` is part of the seed. */
export type FitsByCount = (x: Matrix, ks: readonly number[], name: string, starts: Starts, task: FitTask) => Promise<Fitted[]>;
