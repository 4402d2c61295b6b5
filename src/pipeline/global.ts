import { type Matrix, type ProfileTable, type TimeWindow, takeRows } from '../domain/index.ts';
import {
  type Candidate,
  centroidsOf,
  chooseFits,
  curveOf,
  type FitDensity,
  type FitTask,
  fitWindow,
  NO_STARTS,
  numberBySize,
} from './fit/index.ts';
import { groupByWindow, type WindowRows } from './rows.ts';
import { assignThin, type GlobalWindow, pointOf, type Segmentation, type WindowFit } from './segment.ts';
import type { Space } from './space.ts';

/** Part of the seeds of the one fit. */
const ALL = 'all windows';

/**
 * Global mode: one fit by the settings' algorithm over all profiles that are not thin, so that a segment is the same in every window and
 * users move between segments. A segment without a member in a window is absent from it. Thin profiles go to the nearest centre of those present.
 */
export async function segmentGlobally(
  { all: vectors }: Space,
  profiles: ProfileTable,
  windows: readonly TimeWindow[],
  task: FitTask,
): Promise<Segmentation> {
  const rowsOf = groupByWindow(profiles, windows.length);
  const full = rowsOf.flatMap((rows) => rows.full);
  const candidates = full.length === 0 ? [] : await fitWindow(takeRows(vectors, full), ALL, NO_STARTS, task);
  const curve = curveOf(candidates);
  const { common, indexes } = chooseFits([curve], task.settings.kTolerance);
  const best = candidates[indexes[0] as number]?.fit ?? nothing(vectors);
  const { labels, centroids, density } = numberBySize(best);
  const choice = {
    ...{ window: null, k: centroids.rows, common: null },
    curve: curve.length > 1 ? curve.map(pointOf) : [],
  };
  const numberOf = new Int32Array(profiles.count).fill(-1);
  const fits: (WindowFit | null)[] = [];
  const present: GlobalWindow[] = [];
  let at = 0;
  for (const rows of rowsOf) {
    const [start, end] = [at, at + rows.full.length];
    at = end;
    const own = labels.subarray(start, end);
    const window = presentIn(own, takeRows(vectors, rows.full));
    const centres = takeRows(centroids, window.numbers);
    await placeRows(vectors, rows, own, window, centres, numberOf, task);
    present.push(window);
    const fit = { choice, centroids: centres, anchors: window.means };
    const told = density ? { ...fit, density: densityOf(density, window.numbers, start, end) } : fit;
    fits.push(rows.full.length === 0 ? null : told);
  }
  return {
    ...{ fits, numberOf, commonK: windows.map(() => common[0] ?? null), startsOf: windows.map(() => NO_STARTS) },
    ...{ triedOf: windows.map(() => []), global: { centroids, windows: present, tried: candidates } },
  };
}

/** What the one fit tells of a window's rows; the nearest segment is named where it has members in the window. */
const densityOf = (density: FitDensity, numbers: Uint32Array, start: number, end: number): FitDensity => ({
  reach: density.reach,
  nearest: denseLabels(density.nearest.subarray(start, end), numbers),
  similarity: density.similarity.slice(start, end),
  strength: density.strength.slice(start, end),
  outlier: density.outlier.slice(start, end),
});

const nothing = ({ cols }: Matrix): Candidate['fit'] => ({
  labels: new Int32Array(),
  centroids: { rows: 0, cols, data: new Float32Array() },
});

/** @param labels One a row of `x`; -1 = noise. */
function presentIn(labels: Int32Array, x: Matrix): GlobalWindow {
  const numbers = Uint32Array.from(new Set(labels.filter((label) => label >= 0))).sort();
  return { numbers, means: centroidsOf(x, denseLabels(labels, numbers), numbers.length) };
}

const denseLabels = (labels: Int32Array, numbers: Uint32Array): Int32Array => labels.map((label) => numbers.indexOf(label));

async function placeRows(
  vectors: Matrix,
  { full, thin }: WindowRows,
  labels: Int32Array,
  { numbers }: GlobalWindow,
  centroids: Matrix,
  numberOf: Int32Array,
  task: FitTask,
): Promise<void> {
  for (const [i, number] of denseLabels(labels, numbers).entries()) numberOf[full[i] as number] = number;
  await assignThin(takeRows(vectors, thin), thin, centroids, numberOf, task);
}
