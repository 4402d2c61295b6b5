import {
  type KChoice,
  type KPoint,
  type Matrix,
  type ProfileTable,
  portion,
  type TimeWindow,
  takeRows,
  untold,
} from '../domain/index.ts';
import { assignNearest, cpuOf } from '../engine/index.ts';
import {
  type Candidate,
  type Curve,
  chooseFits,
  curveOf,
  type FitDensity,
  type FitTask,
  type Fitted,
  fitWindow,
  numberBySize,
  type Starts,
  startsFrom,
} from './fit/index.ts';

/** The segments of one window. */
export interface WindowFit {
  readonly choice: KChoice;
  /** Unit vectors, rows = segments, by size, largest first; in global mode those of the one fit that have members here. */
  readonly centroids: Matrix;
  /** Only of fits by density, one entry a profile of the window that is not thin. */
  readonly density?: FitDensity;
}

/** What global mode has beside the fits of windows. */
export interface GlobalFit {
  /** Unit vectors of all segments, by the users of all windows, largest first. */
  readonly centroids: Matrix;
  readonly windows: readonly GlobalWindow[];
  /** Every fit that it was chosen from, ascending by k. */
  readonly tried: readonly Candidate[];
}

/** The segments that have members in a window, ascending. */
export interface GlobalWindow {
  /** Row of {@link GlobalFit.centroids}, one a segment. */
  readonly numbers: Uint32Array;
  /** The mean direction of each segment's members here, unit rows. */
  readonly means: Matrix;
}

export interface Segmentation {
  /** One a window; null for a window without a full profile. */
  readonly fits: readonly (WindowFit | null)[];
  /** Row of the segment among its window's centroids, a profile; -1 for noise, and where its window has no segment. Thin profiles are assigned, not fitted. */
  readonly numberOf: Int32Array;
  /** The k that serves all windows; null where k is fixed or nothing was compared. */
  readonly commonK: number | null;
  /** A window: where its fits were warm-started from. */
  readonly startsOf: readonly Starts[];
  /** Null in evolving mode. */
  readonly global: GlobalFit | null;
  /** A window: every fit that the chosen one was chosen from, ascending by k; none for a window without a full profile, and in global mode. */
  readonly triedOf: readonly (readonly Candidate[])[];
}

/**
 * Fits each window on its profiles that are not thin by the settings' algorithm, chooses between the fits, and assigns the thin
 * profiles to the nearest centre.
 */
export async function segmentWindows(
  vectors: Matrix,
  profiles: ProfileTable,
  windows: readonly TimeWindow[],
  task: FitTask,
): Promise<Segmentation> {
  const rowsOf = groupByWindow(profiles, windows.length);
  const tried: Candidate[][] = [];
  for (const [w, window] of windows.entries()) {
    const ctx = portion(task.ctx, w / windows.length, (w + 1) / windows.length);
    const { full } = rowsOf[w] as WindowRows;
    tried.push(
      full.length === 0
        ? []
        : await fitWindow(takeRows(vectors, full), window.name, startsFrom(lastOf(tried)), { ...task, ctx, shown: true }),
    );
    ctx.progress(1, 1, `${w + 1} of ${windows.length} windows`);
    await ctx.checkpoint();
  }
  const chosen = chooseFits(tried.map(curveOf), task.settings.kTolerance);
  const numberOf = new Int32Array(profiles.count).fill(-1);
  const fits: (WindowFit | null)[] = [];
  for (const [w, candidates] of tried.entries()) {
    const best = candidates[chosen.indexes[w] as number];
    const curve = curveOf(candidates);
    const choice = {
      window: w,
      common: curve.length > 1 ? chosen.common : null,
      curve: curve.length > 1 ? curve.map(pointOf) : [],
    };
    fits.push(best ? await settle(best.fit, choice, vectors, rowsOf[w] as WindowRows, numberOf, task) : null);
  }
  return {
    fits,
    numberOf,
    commonK: chosen.common,
    startsOf: tried.map((_, w) => startsFrom(lastOf(tried.slice(0, w)))),
    global: null,
    triedOf: tried,
  };
}

/** The candidates of the last window that has any. */
const lastOf = (tried: readonly (readonly Candidate[])[]): readonly Candidate[] | undefined =>
  tried.findLast((candidates) => candidates.length > 0);

/** Numbers the segments of the chosen fit by size and writes them into `numberOf`, thin profiles included. */
async function settle(
  fit: Fitted,
  choice: Omit<KChoice, 'k'>,
  vectors: Matrix,
  { full, thin }: WindowRows,
  numberOf: Int32Array,
  { compute, ctx }: FitTask,
): Promise<WindowFit> {
  const { labels, centroids, density } = numberBySize(fit);
  for (const [i, row] of full.entries()) numberOf[row] = labels[i] as number;
  await assignThin(vectors, thin, centroids, numberOf, { compute, ctx });
  const settled = { choice: { ...choice, k: centroids.rows }, centroids };
  return density ? { ...settled, density } : settled;
}

/** Thin profiles go to the nearest centre of their window, where it has one. */
export async function assignThin(
  vectors: Matrix,
  thin: readonly number[],
  centroids: Matrix,
  numberOf: Int32Array,
  { compute, ctx }: Pick<FitTask, 'compute' | 'ctx'>,
): Promise<void> {
  if (centroids.rows > 0) {
    const near = await assignNearest(takeRows(vectors, thin), centroids, cpuOf(compute), untold(ctx));
    for (const [i, row] of thin.entries()) numberOf[row] = near.labels[i] as number;
  }
  await ctx.checkpoint();
}

/** What the choice is made by; the rest is measured afterwards (`curves.ts`). */
export const pointOf = ({ k, silhouette }: Curve[number]): KPoint => ({
  ...{ k, silhouette },
  ...{ daviesBouldin: null, calinskiHarabasz: null, inertia: null, stability: null },
});

export interface WindowRows {
  readonly full: number[];
  readonly thin: number[];
}

export function groupByWindow(profiles: ProfileTable, windows: number): readonly WindowRows[] {
  const rows: WindowRows[] = Array.from({ length: windows }, () => ({ full: [], thin: [] }));
  for (let p = 0; p < profiles.count; p++) {
    const at = rows[profiles.window[p] as number] as WindowRows;
    (profiles.thin[p] ? at.thin : at.full).push(p);
  }
  return rows;
}
