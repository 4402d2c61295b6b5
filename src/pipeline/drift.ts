import {
  createMatrix,
  type Drift,
  deriveSeed,
  type FlowTrust,
  type JobContext,
  type KChoice,
  type Matrix,
  type Migration,
  type Movement,
  NO_TRACK,
  type ProfileTable,
  portion,
  type Settings,
  type TimeWindow,
  type TrackDrift,
  type TrackId,
  takeRows,
  type UserChanges,
  untold,
  type WindowQuality,
} from '../domain/index.ts';
import { partitionQuality } from '../engine/index.ts';
import {
  centroidShift,
  type DriftParts,
  decomposeDrift,
  type FeatureMap,
  featureMap,
  fourierFeatures,
  jensenShannonDistance,
  lifecycles,
  medianBandwidth,
  migrationMatrix,
  mmdTest,
  netFlows,
  rowPercent,
  sharesOfDrift,
  testFlows,
  userChanges,
  type WindowProfiles,
} from '../track/index.ts';
import { groupByWindow, type Segmentation } from './segment.ts';
import type { Tracked } from './track.ts';

export interface DriftTask {
  readonly profiles: ProfileTable;
  readonly windows: readonly TimeWindow[];
  /** Profiles x dims, unit rows. */
  readonly vectors: Matrix;
  readonly segmentation: Segmentation;
  readonly tracked: Tracked;
  readonly settings: Settings;
  readonly ctx: JobContext;
}

/** One window's users that are not thin, in canonical order; `segments` are their tracks. */
interface Present extends WindowProfiles {
  readonly window: number;
  readonly users: Uint32Array;
  readonly segments: Int32Array;
}

/** A change of the mean profile below this is rounding: profiles are float32. */
const NO_CHANGE = 1e-9;

/**
 * What moved between each window and the last non-empty one before it (DESIGN.md section 3, "Drift"): migration, drift and its parts.
 * The bandwidth is that of the first two windows with users and is kept, so that no number depends on a window to come.
 */
export async function measureMovements(task: DriftTask): Promise<Movement[]> {
  const { windows, settings, ctx } = task;
  const present = presentUsers(task);
  const lives = lifecycles(present.map(({ users }) => users));
  const filled = present.filter(({ users }) => users.length > 0);
  if (filled.length < 2) return [];
  const map = await kernelOf(filled.slice(0, 2), settings, untold(ctx));
  const movements: Movement[] = [];
  let features = await featuresOf(filled[0] as Present, map, ctx);
  for (const [i, after] of filled.entries()) {
    const before = filled[i - 1];
    if (!before) continue;
    const own = portion(ctx, (i - 1) / (filled.length - 1), i / (filled.length - 1));
    const fresh = await featuresOf(after, map, own);
    const seed = deriveSeed(settings.seed, `drift ${windows[before.window]?.name} ${windows[after.window]?.name}`);
    const mmd = await mmdTest(features, fresh, { permutations: settings.drift.permutations, seed }, own);
    features = fresh;
    const migration = migrationMatrix(before, after, lives[after.window]?.new ?? []);
    const drift = await driftOf(before, after, migration, task);
    movements.push({
      ...{ window: after.window, before: before.window, migration, rowPercent: rowPercent(migration) },
      ...{ flows: flowTrust(migration), net: netFlows(migration) },
      drift: { ...measured(mmd, settings.drift.permutations), ...drift },
    });
    own.progress(1, 1, `${i} of ${filled.length - 1} pairs of windows`);
    await ctx.checkpoint();
  }
  return movements;
}

function presentUsers({ profiles, windows, vectors, segmentation, tracked }: DriftTask): Present[] {
  return groupByWindow(profiles, windows.length).map(({ full }, window) => {
    const trackOf = (row: number): TrackId => {
      const number = segmentation.numberOf[row] as number;
      return number < 0 ? NO_TRACK : (tracked.trackOf[(tracked.firstOf[window] as number) + number] as number);
    };
    const users = Uint32Array.from(full, (row) => profiles.user[row] as number);
    return { window, users, rows: takeRows(vectors, full), segments: Int32Array.from(full, trackOf) };
  });
}

async function kernelOf(first: readonly Present[], { seed, drift }: Settings, ctx: JobContext): Promise<FeatureMap> {
  const cols = first[0]?.rows.cols ?? 0;
  const all = createMatrix(
    first.reduce((sum, { rows }) => sum + rows.rows, 0),
    cols,
  );
  let at = 0;
  for (const { rows } of first) {
    all.data.set(rows.data, at);
    at += rows.data.length;
  }
  const bandwidth = await medianBandwidth(all, deriveSeed(seed, 'drift'), ctx);
  return featureMap(cols, bandwidth, deriveSeed(seed, 'drift'), drift.features);
}

const featuresOf = async ({ users, rows }: Present, map: FeatureMap, ctx: JobContext) => ({
  users,
  features: await fourierFeatures(rows, map, ctx),
});

/** Without permutations there is no p, and no mean of them. */
function measured(mmd: Awaited<ReturnType<typeof mmdTest>>, permutations: number): Pick<Drift, 'mmd2' | 'p' | 'unchanged'> {
  const { mmd2, p, unchanged } = mmd as NonNullable<typeof mmd>;
  return permutations > 0 ? { mmd2, p, unchanged } : { mmd2, p: null, unchanged: null };
}

async function driftOf(
  before: Present,
  after: Present,
  { from, to, fromUsers, toUsers }: Migration,
  task: DriftTask,
): Promise<Omit<Drift, 'mmd2' | 'p' | 'unchanged'>> {
  const parts = (await decomposeDrift(before, after, untold(task.ctx))) as DriftParts;
  const change = Math.hypot(...parts.total);
  const tracks = [...new Set([...from, ...to])];
  const sizes = (names: readonly TrackId[], users: Uint32Array): number[] => tracks.map((t) => users[names.indexOf(t)] ?? 0);
  return {
    jensenShannon: jensenShannonDistance(sizes(from, fromUsers), sizes(to, toUsers)),
    change,
    shares: change < NO_CHANGE ? null : sharesOfDrift(parts),
    commonUsers: parts.commonUsers,
    tracks: trackDrifts(parts, change, [before.window, after.window], task.tracked),
  };
}

function trackDrifts(parts: DriftParts, change: number, windows: readonly [number, number], tracked: Tracked): TrackDrift[] {
  const share = (part: Float64Array): number | null =>
    change < NO_CHANGE ? null : part.reduce((sum, v, i) => sum + v * (parts.total[i] as number), 0) / change ** 2;
  const centroidOf = (track: TrackId, window: number): Float32Array | undefined =>
    tracked.segments.find((s, i) => s.window === window && tracked.trackOf[i] === track)?.centroid;
  return parts.segments.map(({ segment: track, shareBefore, shareAfter, composition, content }) => {
    const [was, is] = windows.map((window) => centroidOf(track, window));
    const shift = was && is ? centroidShift(was, is) : null;
    return { track, shareBefore, shareAfter, composition: share(composition), content: share(content), shift };
  });
}

/** Flows between segments are the family that Holm corrects over; users of no segment count among the common users only. */
function flowTrust({ from, to, counts }: Migration): FlowTrust {
  const cell = (x: number, y: number): number => counts[x * to.length + y] as number;
  const named = (names: readonly TrackId[]): number[] => [...names.keys()].filter((i) => names[i] !== NO_TRACK);
  const [rows, columns] = [named(from), named(to)];
  const tests = testFlows({
    common: counts.reduce((sum, n) => sum + n, 0),
    oldCommon: rows.map((x) => to.reduce((sum, _, y) => sum + cell(x, y), 0)),
    freshCommon: columns.map((y) => from.reduce((sum, _, x) => sum + cell(x, y), 0)),
    shared: rows.flatMap((x) => columns.map((y) => cell(x, y))),
  });
  const spread = (values: Float64Array): Float64Array => {
    const out = new Float64Array(counts.length).fill(Number.NaN);
    for (const [i, x] of rows.entries()) {
      for (const [j, y] of columns.entries()) out[x * to.length + y] = values[i * columns.length + j] as number;
    }
    return out;
  };
  return { p: spread(tests.p), adjusted: spread(tests.adjusted), expected: spread(tests.expected) };
}

/** How far each of `users` users went. */
export const measureChanges = (task: DriftTask, users: number): Promise<UserChanges> =>
  userChanges(presentUsers(task), users, untold(task.ctx));

const silhouetteOf = ({ curve, k }: KChoice): number | null => curve.find((tried) => tried.k === k)?.silhouette ?? null;

/** Over the profiles of each window that are not thin and in a segment. */
export async function measureQuality(task: DriftTask): Promise<WindowQuality[]> {
  const rowsOf = groupByWindow(task.profiles, task.windows.length);
  const { fits, numberOf } = task.segmentation;
  const out: WindowQuality[] = [];
  for (const [window, fit] of fits.entries()) {
    const rows = (rowsOf[window]?.full ?? []).filter((row) => (numberOf[row] as number) >= 0);
    if (!fit || rows.length === 0) continue;
    const labels = rows.map((row) => numberOf[row] as number);
    const quality = await partitionQuality(takeRows(task.vectors, rows), labels, untold(task.ctx));
    const { daviesBouldin, calinskiHarabasz, inertia } = quality;
    const silhouette = fit.choice.window === null ? null : silhouetteOf(fit.choice);
    out.push({ window, silhouette, daviesBouldin, calinskiHarabasz, inertia });
    task.ctx.progress(window + 1, task.windows.length);
    await task.ctx.checkpoint();
  }
  return out;
}
