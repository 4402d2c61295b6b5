import {
  createMatrix,
  createRandom,
  deriveSeed,
  type JobContext,
  type KChoice,
  type Matrix,
  type ProfileTable,
  portion,
  rowOf,
  type Settings,
  shuffle,
  type TimeWindow,
  takeRows,
  untold,
} from '../domain/index.ts';
import { assignNearest, type Compute, CPU, type KMeansResult, kmeans, silhouetteForMany } from '../engine/index.ts';
import { type Curve, chooseFit, chooseFits } from './choose-k.ts';
import { mergedStart } from './merge-start.ts';

/** The segments of one window. */
export interface WindowFit {
  readonly choice: KChoice;
  /** Unit vectors, rows = segments, by size, largest first. */
  readonly centroids: Matrix;
}

export interface Segmentation {
  /** One a window; null for a window without a full profile. */
  readonly fits: readonly (WindowFit | null)[];
  /** Number of the segment within its window, a profile; -1 where its window has none. Thin profiles are assigned, not fitted. */
  readonly numberOf: Int32Array;
  /** The k that serves all windows; null where k is fixed or nothing was compared. */
  readonly commonK: number | null;
  /** A window: where its fits were warm-started from. */
  readonly startsOf: readonly Starts[];
}

/** Centroids of the window before for each k that was fitted there. */
export type Starts = ReadonlyMap<number, Matrix>;

export interface FitTask {
  readonly settings: Settings;
  readonly compute: Compute;
  readonly ctx: JobContext;
}

/**
 * Fits each window on its profiles that are not thin (spherical k-means), chooses between the fits, and assigns the thin
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
      full.length === 0 ? [] : await fitWindow(takeRows(vectors, full), window.name, startsFrom(lastOf(tried)), { ...task, ctx }),
    );
    ctx.progress(1, 1, `${w + 1} of ${windows.length} windows`);
    await ctx.checkpoint();
  }
  const chosen = chooseFits(tried.map(curveOf), task.settings.kTolerance);
  const numberOf = new Int32Array(profiles.count).fill(-1);
  const fits: (WindowFit | null)[] = [];
  for (const [w, candidates] of tried.entries()) {
    const best = candidates[chosen.indexes[w] as number];
    fits.push(best ? await settle(best.fit, curveOf(candidates), w, vectors, rowsOf[w] as WindowRows, numberOf, task) : null);
  }
  return {
    fits,
    numberOf,
    commonK: chosen.common,
    startsOf: tried.map((_, w) => startsFrom(lastOf(tried.slice(0, w)))),
  };
}

/**
 * One fit of rows alone, with the k that the rule takes for them where the windows' common k is known: what a re-fit does. Labels
 * are numbered by size.
 */
export async function fitAlone(
  x: Matrix,
  name: string,
  commonK: number | null,
  starts: Starts,
  task: FitTask,
): Promise<NumberedFit> {
  const candidates = await fitWindow(x, name, starts, task);
  return numberBySize((candidates[chooseFit(curveOf(candidates), commonK, task.settings.kTolerance)] as Candidate).fit);
}

/** One k tried in one window; the silhouette is 0 where nothing was compared. */
interface Candidate {
  readonly fit: KMeansResult;
  readonly silhouette: number;
}

const curveOf = (candidates: readonly Candidate[]): Curve =>
  candidates.map(({ fit, silhouette }) => ({ k: fit.centroids.rows, silhouette }));

/** Numbers the segments of the chosen fit by size and writes them into `numberOf`, thin profiles included. */
async function settle(
  fit: KMeansResult,
  curve: Curve,
  window: number,
  vectors: Matrix,
  { full, thin }: WindowRows,
  numberOf: Int32Array,
  { ctx }: FitTask,
): Promise<WindowFit> {
  const { labels, centroids } = numberBySize(fit);
  for (const [i, row] of full.entries()) numberOf[row] = labels[i] as number;
  const near = await assignNearest(takeRows(vectors, thin), centroids, CPU, untold(ctx));
  for (const [i, row] of thin.entries()) numberOf[row] = near.labels[i] as number;
  await ctx.checkpoint();
  return { choice: { window, k: centroids.rows, curve: curve.length > 1 ? curve : [] }, centroids };
}

interface WindowRows {
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

/** The fits to choose from: one with a fixed k. */
async function fitWindow(x: Matrix, name: string, starts: Starts, task: FitTask): Promise<Candidate[]> {
  const { k } = task.settings;
  return k === 'auto' ? scan(x, name, starts, task) : fixed(x, Math.min(k, x.rows), name, starts, task);
}

async function fixed(x: Matrix, k: number, name: string, starts: Starts, task: FitTask): Promise<Candidate[]> {
  return [{ fit: await fitBest(x, k, name, startsOf(starts, k), task), silhouette: 0 }];
}

/**
 * A fit for every k in [kMin, kMax], with its mean silhouette. k goes up to two less than the profiles: with one less, all
 * segments but one hold a single profile, and the silhouette of those is 0 by definition. Where no k is left to try, as with
 * three profiles or with fewer than kMin + 2, there is one segment.
 *
 * A fit with an empty segment (fewer distinct profiles than k) shows fewer segments than its k and is not on the curve.
 */
async function scan(x: Matrix, name: string, starts: Starts, task: FitTask): Promise<Candidate[]> {
  const { kMin, kMax, silhouetteSample, seed } = task.settings;
  const first = Math.max(2, kMin);
  const last = Math.min(kMax, x.rows - 2);
  if (last < first) return [{ fit: await fitOnce(x, 1, name, task), silhouette: 0 }];
  const fits: KMeansResult[] = [];
  for (let k = last; k >= first; k--) {
    const above = fits[0];
    const merged = above && hasNoEmpty(above) ? [mergedStart(above.labels, above.centroids)] : [];
    fits.unshift(await fitBest(x, k, name, [...startsOf(starts, k), ...merged], task));
    task.ctx.progress(last - k + 1, last - first + 2);
  }
  const filled = fits.filter(hasNoEmpty);
  if (filled.length === 0) return [{ fit: fits[0] as KMeansResult, silhouette: 0 }];
  const sample = sampleRows(x.rows, silhouetteSample, deriveSeed(seed, `silhouette ${name}`));
  const labelings = filled.map((fit) => Int32Array.from(sample, (row) => fit.labels[row] as number));
  const scores = await silhouetteForMany(takeRows(x, sample), labelings, task.compute, untold(task.ctx));
  return filled.map((fit, i) => ({ fit, silhouette: scores[i] as number }));
}

const hasNoEmpty = ({ labels, centroids }: KMeansResult): boolean => new Set(labels).size === centroids.rows;

const NO_STARTS: Starts = new Map();

const startsFrom = (before: readonly Candidate[] | undefined): Starts =>
  before ? new Map(before.map(({ fit: { centroids } }) => [centroids.rows, centroids])) : NO_STARTS;

/** The candidates of the last window that has any. */
const lastOf = (tried: readonly (readonly Candidate[])[]): readonly Candidate[] | undefined =>
  tried.findLast((candidates) => candidates.length > 0);

const startsOf = (starts: Starts, k: number): Matrix[] => [starts.get(k)].filter((start) => start !== undefined);

/**
 * The best of the restarts and of a fit from each of `starts`: where the window before ended with the same k, and the fit with one more
 * segment, two of them joined. Restarts alone miss the best optimum now and then, and a window that did would tell merges and
 * splits that no user made. On ties the restarts win, then the earlier start.
 */
async function fitBest(x: Matrix, k: number, name: string, starts: readonly Matrix[], task: FitTask): Promise<KMeansResult> {
  let best = await fitOnce(x, k, name, task);
  for (const start of starts) {
    const warm = await fitOnce(x, k, name, task, start);
    if (warm.inertia < best.inertia) best = warm;
  }
  return best;
}

/** One fit with a given k, from restarts or from `start`. */
export function fitOnce(
  x: Matrix,
  k: number,
  name: string,
  { settings, compute, ctx }: FitTask,
  start?: Matrix,
): Promise<KMeansResult> {
  const { nInit, maxIterations } = settings;
  const seed = deriveSeed(settings.seed, `k-means ${name} ${k}`);
  const options = { k, seed, nInit, maxIterations, tolerance: 1e-4, spherical: true };
  return kmeans(x, start ? { ...options, start } : options, compute, untold(ctx));
}

/** At most `limit` of `count` rows, ascending. */
export function sampleRows(count: number, limit: number, seed: number): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_, i) => i);
  return count <= limit ? rows : shuffle(rows, createRandom(seed)).subarray(0, limit).sort();
}

/** A fit whose labels go by size, without empty clusters. */
export interface NumberedFit {
  readonly labels: Int32Array;
  readonly centroids: Matrix;
}

/** Segment 0 is the largest; equal sizes keep the order of their first members. Empty clusters (more k than distinct rows) go. */
function numberBySize({ labels, centroids }: KMeansResult): NumberedFit {
  const sizes = new Uint32Array(centroids.rows);
  const first = new Int32Array(centroids.rows).fill(-1);
  for (const [i, label] of labels.entries()) {
    sizes[label] = (sizes[label] as number) + 1;
    if (first[label] === -1) first[label] = i;
  }
  const order = [...sizes.keys()]
    .filter((c) => sizes[c])
    .sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || (first[a] as number) - (first[b] as number));
  const numberOf = new Int32Array(centroids.rows);
  const sorted = createMatrix(order.length, centroids.cols);
  for (const [number, cluster] of order.entries()) {
    numberOf[cluster] = number;
    sorted.data.set(rowOf(centroids, cluster), number * centroids.cols);
  }
  return { labels: labels.map((label) => numberOf[label] as number), centroids: sorted };
}
