import { type KChoice, type KPoint, type Matrix, type ProfileTable, portion, type TimeWindow, untold } from '../domain/index.ts';
import { assignNearest, cpuOf } from '../engine/index.ts';
import {
  type Candidate,
  type ChosenFits,
  type Curve,
  centroidsOf,
  chooseFits,
  chooseFitsAsOf,
  chooseFitsBy,
  curveOf,
  type FitDensity,
  type FitTask,
  fitWindow,
  NO_STARTS,
  numberBySize,
  type Starts,
} from './fit/index.ts';
import type { Reuse } from './memory.ts';
import { groupByWindow, type WindowRows } from './rows.ts';
import type { Space } from './space.ts';
import { type TriedWindow, warmStarts } from './starts.ts';

/** The segments of one window. */
export interface WindowFit {
  readonly choice: KChoice;
  /** Unit vectors, rows = segments, by size, largest first; in global mode those of the one fit that have members here. */
  readonly centroids: Matrix;
  /** The centres in the space that is common to all windows, by which tracks are followed. */
  readonly anchors: Matrix;
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
  /** A window: the k that serves all windows (without look-ahead those up to it); null where k is fixed or nothing was compared. */
  readonly commonK: readonly (number | null)[];
  /** A window: where its fits were warm-started from. */
  readonly startsOf: readonly Starts[];
  /** Null in evolving mode. */
  readonly global: GlobalFit | null;
  /** A window: every fit that the chosen one was chosen from, ascending by k; none for a window without a full profile, and in global mode. */
  readonly triedOf: readonly (readonly Candidate[])[];
}

export interface SegmentTask extends FitTask {
  /** A run that data are added to: windows that are not touched keep their fits, and with look-ahead the common k stays. */
  readonly reuse?: Reuse | null;
}

/**
 * Fits each window on its profiles that are not thin by the settings' algorithm, chooses between the fits, and assigns the thin
 * profiles to the nearest centre.
 */
export async function segmentWindows(
  space: Space,
  profiles: ProfileTable,
  windows: readonly TimeWindow[],
  task: SegmentTask,
): Promise<Segmentation> {
  const tried: TriedWindow[] = [];
  const startsOf: Starts[] = [];
  const { reuse } = task;
  for (const [w, rows] of groupByWindow(profiles, windows.length).entries()) {
    const ctx = portion(task.ctx, w / windows.length, (w + 1) / windows.length);
    const fitted =
      reuse && w < reuse.from
        ? { starts: reuse.state.startsOf[w] as Starts, candidates: reuse.state.candidates[w] as readonly Candidate[] }
        : await fitNext(windows[w] as TimeWindow, rows, tried, space, { ...task, ctx });
    tried.push({ rows, candidates: fitted.candidates });
    startsOf.push(fitted.starts);
    ctx.progress(1, 1, `${w + 1} of ${windows.length} windows`);
    await ctx.checkpoint();
  }
  const chosen = choose(
    tried.map(({ candidates }) => curveOf(candidates)),
    task,
  );
  const numberOf = new Int32Array(profiles.count).fill(-1);
  const fits: (WindowFit | null)[] = [];
  for (const [w, { candidates, rows }] of tried.entries()) {
    const best = candidates[chosen.indexes[w] as number];
    const curve = curveOf(candidates);
    const choice = {
      window: w,
      common: curve.length > 1 ? (chosen.common[w] ?? null) : null,
      curve: curve.length > 1 ? curve.map(pointOf) : [],
    };
    fits.push(best ? await settle(best, choice, space, rows, numberOf, task) : null);
  }
  return { fits, numberOf, commonK: chosen.common, startsOf, global: null, triedOf: tried.map(({ candidates }) => candidates) };
}

/** Fits the window after those that were tried. */
async function fitNext(
  { name }: TimeWindow,
  rows: WindowRows,
  tried: readonly TriedWindow[],
  space: Space,
  task: FitTask,
): Promise<{ starts: Starts; candidates: Candidate[] }> {
  if (rows.full.length === 0) return { starts: NO_STARTS, candidates: [] };
  const starts = await warmStarts(tried.length, tried, space, { ...task, ctx: untold(task.ctx) });
  return { starts, candidates: await fitWindow(space.own(tried.length, rows.full), name, starts, { ...task, shown: true }) };
}

function choose(curves: readonly Curve[], { settings, reuse }: SegmentTask): ChosenFits {
  const { lookAhead, kTolerance } = settings;
  if (!lookAhead) return chooseFitsAsOf(curves, kTolerance);
  return reuse ? chooseFitsBy(curves, reuse.state.commonK[0] ?? null, kTolerance) : chooseFits(curves, kTolerance);
}

/** Numbers the segments of the chosen fit by size and writes them into `numberOf`, thin profiles included. */
async function settle(
  { fit }: Candidate,
  choice: Omit<KChoice, 'k'> & { readonly window: number },
  space: Space,
  { full, thin }: WindowRows,
  numberOf: Int32Array,
  { settings, compute, ctx }: FitTask,
): Promise<WindowFit> {
  const { labels, centroids, density } = numberBySize(fit);
  for (const [i, row] of full.entries()) numberOf[row] = labels[i] as number;
  await assignThin(space.own(choice.window, thin), thin, centroids, numberOf, { compute, ctx });
  // With look-ahead the fitted centres themselves are comparable.
  const anchors = settings.lookAhead ? centroids : centroidsOf(await space.common(full, untold(ctx)), labels, centroids.rows);
  const settled = { choice: { ...choice, k: centroids.rows }, centroids, anchors };
  return density ? { ...settled, density } : settled;
}

/** Thin profiles (`x`, one row each of `thin`) go to the nearest centre of their window, where it has one. */
export async function assignThin(
  x: Matrix,
  thin: readonly number[],
  centroids: Matrix,
  numberOf: Int32Array,
  { compute, ctx }: Pick<FitTask, 'compute' | 'ctx'>,
): Promise<void> {
  if (centroids.rows > 0) {
    const near = await assignNearest(x, centroids, cpuOf(compute), untold(ctx));
    for (const [i, row] of thin.entries()) numberOf[row] = near.labels[i] as number;
  }
  await ctx.checkpoint();
}

/** What the choice is made by; the rest is measured afterwards (`curves.ts`). */
export const pointOf = ({ k, silhouette }: Curve[number]): KPoint => ({
  ...{ k, silhouette },
  ...{ daviesBouldin: null, calinskiHarabasz: null, inertia: null, stability: null },
});
