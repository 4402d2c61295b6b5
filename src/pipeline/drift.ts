import {
  type AnalysisResult,
  createMatrix,
  type Drift,
  deriveSeed,
  type FlowTrust,
  type JobContext,
  type KChoice,
  type Migration,
  type Movement,
  NO_TRACK,
  type ProfileTable,
  portion,
  type Settings,
  type TimeWindow,
  type TrackDrift,
  type TrackId,
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
  type WindowFeatures,
  type WindowProfiles,
} from '../track/index.ts';
import type { Reuse } from './memory.ts';
import { groupByWindow } from './rows.ts';
import type { Segmentation } from './segment.ts';
import type { Space } from './space.ts';
import type { Tracked } from './track.ts';

export interface DriftTask {
  readonly profiles: ProfileTable;
  readonly windows: readonly TimeWindow[];
  readonly space: Space;
  readonly segmentation: Segmentation;
  readonly tracked: Tracked;
  readonly settings: Settings;
  /** A run that data are added to: what was told of windows that are not touched stays. */
  readonly reuse?: Reuse | null;
  readonly ctx: JobContext;
}

/** One window's users that are not thin, in canonical order; `segments` are their tracks, `profiles` their rows of the table. */
interface Present {
  readonly window: number;
  readonly profiles: readonly number[];
  readonly users: Uint32Array;
  readonly segments: Int32Array;
}

/** Where they are, as one window sees them. */
type Seen = Present & WindowProfiles;

/** A change of the mean profile below this is rounding: profiles are float32. */
const NO_CHANGE = 1e-9;

/** Quality of each window, how far each of `users` users went, what moved between windows, and the kernel's bandwidth. */
export async function measureDrift(task: DriftTask, users: number) {
  const quality = await measureQuality({ ...task, ctx: portion(task.ctx, 0, 0.1) });
  const changes = await measureChanges({ ...task, ctx: untold(task.ctx) }, users);
  return { quality, changes, ...(await measureMovements({ ...task, ctx: portion(task.ctx, 0.1, 1) })) };
}

/**
 * What moved between each window and the last non-empty one before it (DESIGN.md section 3, "Drift"): migration, drift and its parts, both
 * windows as the later one sees them. The bandwidth is that of the first two windows with users and is kept, so that no number depends on
 * a window to come.
 */
async function measureMovements(task: DriftTask): Promise<{ movements: Movement[]; bandwidth: number | null }> {
  const { windows, settings, ctx, reuse } = task;
  const present = presentUsers(task);
  const lives = lifecycles(present.map(({ users }) => users));
  const filled = present.filter(({ users }) => users.length > 0);
  const movements = keptBefore(reuse, ({ movements }) => movements);
  const kernel = kernels(task, filled[1]?.window ?? 0);
  for (const [i, after] of filled.entries()) {
    const former = filled[i - 1];
    if (!former || (reuse && after.window < reuse.from)) continue;
    const own = portion(ctx, (i - 1) / (filled.length - 1), i / (filled.length - 1));
    const [before, fresh] = [await see(former, after.window, task), await see(after, after.window, task)];
    const [was, is] = await kernel.of(before, fresh, own);
    const seed = deriveSeed(settings.seed, `drift ${windows[before.window]?.name} ${windows[after.window]?.name}`);
    const mmd = await mmdTest(was, is, { permutations: settings.drift.permutations, seed }, own);
    const migration = migrationMatrix(before, fresh, lives[after.window]?.new ?? []);
    const drift = await driftOf(before, fresh, migration, task);
    movements.push({
      ...{ window: after.window, before: before.window, migration, rowPercent: rowPercent(migration) },
      ...{ flows: flowTrust(migration), net: netFlows(migration) },
      drift: { ...measured(mmd, settings.drift.permutations), ...drift },
    });
    own.progress(1, 1, `${i} of ${filled.length - 1} pairs of windows`);
    await ctx.checkpoint();
  }
  return { movements, bandwidth: kernel.bandwidth() };
}

/** What the run before told of windows that are not touched. */
const keptBefore = <T extends { readonly window: number }>(
  reuse: Reuse | null | undefined,
  pick: (result: AnalysisResult) => readonly T[],
): T[] => (reuse ? pick(reuse.state.result).filter(({ window }) => window < reuse.from) : []);

function presentUsers({ profiles, windows, segmentation, tracked }: DriftTask): Present[] {
  return groupByWindow(profiles, windows.length).map(({ full }, window) => {
    const trackOf = (row: number): TrackId => {
      const number = segmentation.numberOf[row] as number;
      return number < 0 ? NO_TRACK : (tracked.trackOf[(tracked.firstOf[window] as number) + number] as number);
    };
    const users = Uint32Array.from(full, (row) => profiles.user[row] as number);
    return { window, profiles: full, users, segments: Int32Array.from(full, trackOf) };
  });
}

const see = async (present: Present, from: number, { space, ctx }: DriftTask): Promise<Seen> => ({
  ...present,
  rows: await space.seenFrom(from, present.profiles, untold(ctx)),
});

/**
 * The features of two windows under one map. The bandwidth is found for the first pair, whose later window is `second`, and stays when data
 * are added: with look-ahead always, without it where that window is not touched. With look-ahead all pairs have one map, and the later
 * window's features serve the next pair too; without it the vectors of the next pair are others, and so may be their number of dimensions.
 */
function kernels({ settings, reuse }: DriftTask, second: number) {
  let bandwidth = reuse && (settings.lookAhead || second < reuse.from) ? reuse.state.bandwidth : null;
  let last: (WindowFeatures & { readonly window: number }) | null = null;
  const of = async (before: Seen, after: Seen, ctx: JobContext): Promise<[WindowFeatures, WindowFeatures]> => {
    bandwidth ??= await bandwidthOf([before, after], settings, untold(ctx));
    const map = featureMap(after.rows.cols, bandwidth, deriveSeed(settings.seed, 'drift'), settings.drift.features);
    const was = settings.lookAhead && last?.window === before.window ? last : await featuresOf(before, map, ctx);
    last = { ...(await featuresOf(after, map, ctx)), window: after.window };
    return [was, last];
  };
  return { of, bandwidth: () => bandwidth };
}

async function bandwidthOf(first: readonly Seen[], { seed }: Settings, ctx: JobContext): Promise<number> {
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
  return medianBandwidth(all, deriveSeed(seed, 'drift'), ctx);
}

const featuresOf = async ({ users, rows }: Seen, map: FeatureMap, ctx: JobContext) => ({
  users,
  features: await fourierFeatures(rows, map, ctx),
});

/** Without permutations there is no p, and no mean of them. */
function measured(mmd: Awaited<ReturnType<typeof mmdTest>>, permutations: number): Pick<Drift, 'mmd2' | 'p' | 'unchanged'> {
  const { mmd2, p, unchanged } = mmd as NonNullable<typeof mmd>;
  return permutations > 0 ? { mmd2, p, unchanged } : { mmd2, p: null, unchanged: null };
}

async function driftOf(
  before: Seen,
  after: Seen,
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

/** How far each of `users` users went, in the space common to all windows. */
async function measureChanges(task: DriftTask, users: number): Promise<UserChanges> {
  const windows: WindowProfiles[] = [];
  for (const present of presentUsers(task)) {
    windows.push({ ...present, rows: await task.space.common(present.profiles, untold(task.ctx)) });
  }
  return userChanges(windows, users, untold(task.ctx));
}

const silhouetteOf = ({ curve, k }: KChoice): number | null => curve.find((tried) => tried.k === k)?.silhouette ?? null;

/** Over the profiles of each window that are not thin and in a segment. */
async function measureQuality(task: DriftTask): Promise<WindowQuality[]> {
  const rowsOf = groupByWindow(task.profiles, task.windows.length);
  const { fits, numberOf } = task.segmentation;
  const out = keptBefore(task.reuse, ({ quality }) => quality);
  for (const [window, fit] of fits.entries()) {
    if (task.reuse && window < task.reuse.from) continue;
    const rows = (rowsOf[window]?.full ?? []).filter((row) => (numberOf[row] as number) >= 0);
    if (!fit || rows.length === 0) continue;
    const labels = rows.map((row) => numberOf[row] as number);
    const quality = await partitionQuality(task.space.own(window, rows), labels, untold(task.ctx));
    const { daviesBouldin, calinskiHarabasz, inertia } = quality;
    const silhouette = fit.choice.window === null ? null : silhouetteOf(fit.choice);
    out.push({ window, silhouette, daviesBouldin, calinskiHarabasz, inertia });
    task.ctx.progress(window + 1, task.windows.length);
    await task.ctx.checkpoint();
  }
  return out;
}
