import {
  createRandom,
  deriveSeed,
  type JobContext,
  type Matrix,
  type ProfileTable,
  takeRows,
  untold,
  type WindowSegment,
} from '../domain/index.ts';
import { assignNearest, type Compute } from '../engine/index.ts';
import { meanStability } from '../track/index.ts';
import { centroidsOf } from './fit/index.ts';
import { jaccardsOfSample, segmentsOf } from './resample.ts';
import { groupByWindow } from './rows.ts';
import type { GlobalFit } from './segment.ts';
import type { TrustTask } from './trust.ts';

/**
 * Trust in global mode. A bootstrap draws users, each with all profiles of theirs, and fits them at once with the run's k: a segment has one
 * stability, the same in all windows.
 */
export async function globalStability(task: TrustTask, ctx: JobContext): Promise<Float64Array> {
  const { segmentation, settings, tracked } = task;
  const { centroids, windows } = segmentation.global as GlobalFit;
  const rows = Uint32Array.from(groupByWindow(task.profiles, task.windows.length).flatMap(({ full }) => full));
  const original = Int32Array.from(rows, (row) => {
    const number = segmentation.numberOf[row] as number;
    return number < 0 ? -1 : (windows[task.profiles.window[row] as number]?.numbers[number] as number);
  });
  const rowsOf = rowsByUser(rows, task.profiles);
  const runs: Float64Array[] = [];
  for (let b = 0; b < settings.trust.bootstraps && centroids.rows > 0; b++) {
    const name = `bootstrap ${b} of all windows`;
    const drawn = drawUsers(rowsOf, deriveSeed(settings.seed, name));
    const sample = takeRows(
      task.space.all,
      drawn.map((i) => rows[i] as number),
    );
    runs.push(await jaccardsOfSample(task, original, drawn, sample, centroids.rows, name, untold(ctx)));
    ctx.progress(b + 1, settings.trust.bootstraps, `${b + 1} of ${settings.trust.bootstraps} bootstraps`);
    await ctx.checkpoint();
  }
  const stability = meanStability(runs, centroids.rows);
  return Float64Array.from(tracked.segments, ({ number }) => stability[number] as number);
}

/** Indexes into `rows` of each user's profiles, users in the order of their first. */
function rowsByUser(rows: Uint32Array, profiles: ProfileTable): number[][] {
  const lists = new Map<number, number[]>();
  for (const [i, row] of rows.entries()) {
    const user = profiles.user[row] as number;
    const own = lists.get(user);
    if (own) own.push(i);
    else lists.set(user, [i]);
  }
  return [...lists.values()];
}

/** As many users as there are, with replacement; their rows, ascending. */
function drawUsers(rowsOf: readonly (readonly number[])[], seed: number): Uint32Array {
  const random = createRandom(seed);
  return Uint32Array.from(rowsOf.flatMap(() => rowsOf[random.int(rowsOf.length)] as readonly number[])).sort();
}

/**
 * One half's users in the segments of the run, each at its nearest centre (noise has no centre, so none is left): only segments with members, by
 * the numbers that they have there.
 */
export async function assignHalf(
  x: Matrix,
  profiles: ProfileTable,
  { centroids }: GlobalFit,
  compute: Compute,
  ctx: JobContext,
): Promise<WindowSegment[]> {
  const { labels } = await assignNearest(x, centroids, compute, untold(ctx));
  return segmentsOf({ labels, centroids: centroidsOf(x, labels, centroids.rows) }, profiles).filter(
    ({ members }) => members.length > 0,
  );
}

/** A half's segment has the stability of the run's segment that it is; NaN where that has no members in any window. */
export const fixedStability = (segments: readonly WindowSegment[], { tracked }: TrustTask, stability: Float64Array): number[] =>
  segments.map(({ number }) => stability[tracked.segments.findIndex((s) => s.number === number)] ?? Number.NaN);
