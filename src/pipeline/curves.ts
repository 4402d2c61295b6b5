import {
  deriveSeed,
  type JobContext,
  type KChoice,
  type KPoint,
  type Matrix,
  type ProfileTable,
  type Settings,
  type TimeWindow,
  takeRows,
  untold,
} from '../domain/index.ts';
import { adjustedRandIndex, type Compute, partitionQuality } from '../engine/index.ts';
import { type Candidate, fitsAgain, sampleRows } from './fit/index.ts';
import type { Reuse } from './memory.ts';
import { groupByWindow } from './rows.ts';
import type { Segmentation, WindowFit } from './segment.ts';
import type { Space } from './space.ts';

export interface CurvesTask {
  readonly profiles: ProfileTable;
  readonly windows: readonly TimeWindow[];
  readonly space: Space;
  readonly segmentation: Segmentation;
  readonly settings: Settings;
  readonly compute: Compute;
  /** A run that data are added to: windows that are not touched keep what was measured. */
  readonly reuse?: Reuse | null;
  readonly ctx: JobContext;
}

/**
 * Davies-Bouldin, Calinski-Harabasz and inertia of every fit that was tried, beside the silhouette it was chosen by. Over all profiles of a
 * window, not a sample: two passes over the rows are little beside the fit itself.
 */
export async function measureCurves(task: Omit<CurvesTask, 'settings' | 'compute' | 'windows'>): Promise<Segmentation> {
  const { segmentation, space, profiles, ctx } = task;
  const rowsOf = groupByWindow(profiles, segmentation.fits.length);
  if (segmentation.global) return measureOneCurve(task, segmentation.global.tried);
  const fits: (WindowFit | null)[] = [];
  for (const [w, fit] of segmentation.fits.entries()) {
    const curve = fit
      ? await withQuality(fit.choice.curve, segmentation.triedOf[w] ?? [], space.own(w, rowsOf[w]?.full ?? []), ctx)
      : [];
    fits.push(fit && { ...fit, choice: { ...fit.choice, curve } });
    ctx.progress(w + 1, segmentation.fits.length);
    await ctx.checkpoint();
  }
  return { ...segmentation, fits };
}

/** Of global mode, whose windows share one choice. */
async function measureOneCurve(
  { segmentation, space, profiles, ctx }: Omit<CurvesTask, 'settings' | 'compute' | 'windows'>,
  tried: readonly Candidate[],
): Promise<Segmentation> {
  const shared = segmentation.fits.find((fit) => fit !== null)?.choice;
  if (!shared) return segmentation;
  const curve = await withQuality(shared.curve, tried, takeRows(space.all, allFull(profiles, segmentation.fits.length)), ctx);
  const choice = { ...shared, curve };
  return { ...segmentation, fits: segmentation.fits.map((fit) => fit && { ...fit, choice }) };
}

/** Window by window, as the one fit of global mode has them. */
const allFull = (profiles: ProfileTable, windows: number): number[] =>
  groupByWindow(profiles, windows).flatMap(({ full }) => full);

/** @param x The profiles that were fitted. */
async function withQuality(curve: readonly KPoint[], tried: readonly Candidate[], x: Matrix, ctx: JobContext): Promise<KPoint[]> {
  const out: KPoint[] = [];
  for (const [i, point] of curve.entries()) {
    const { labels } = (tried[i] as Candidate).fit;
    const { daviesBouldin, calinskiHarabasz, inertia } = await partitionQuality(x, labels, untold(ctx));
    out.push({ ...point, daviesBouldin, calinskiHarabasz, inertia });
  }
  return out;
}

/**
 * The choices with the stability of every k tried: the mean adjusted Rand index between the window's fit and fits of random halves of its
 * users, on the users of the half (Ben-Hur, Elisseeff & Guyon 2002, with the index of Hubert & Arabie 1985, which chance alone
 * brings to 0 for every k). Null for a k of which a half has too few users. The halves are fitted as the bootstraps of trust are.
 * @param onWindow Told of all choices after each window.
 */
export async function measureKStability(
  task: CurvesTask,
  choices: readonly KChoice[],
  onWindow: (choices: readonly KChoice[]) => void,
): Promise<readonly KChoice[]> {
  if (task.settings.kStabilityRuns === 0 || choices.every(({ curve }) => curve.length === 0)) return choices;
  const rowsOf = groupByWindow(task.profiles, task.windows.length);
  const out = [...choices];
  for (const [i, choice] of choices.entries()) {
    if (choice.curve.length > 0) {
      const rows = choice.window === null ? allFull(task.profiles, task.windows.length) : (rowsOf[choice.window]?.full ?? []);
      const stability = keptStability(task.reuse, choice) ?? (await stabilityOf(task, choice, rows));
      out[i] = { ...choice, curve: choice.curve.map((point, at) => ({ ...point, stability: stability[at] ?? null })) };
      onWindow([...out]);
    }
    task.ctx.progress(i + 1, choices.length, `stability of k in ${i + 1} of ${choices.length} windows`);
    await task.ctx.checkpoint();
  }
  return out;
}

/** Of a window that new data did not touch, where it was measured. */
function keptStability(reuse: Reuse | null | undefined, { window }: KChoice): (number | null)[] | null {
  if (!reuse || window === null || window >= reuse.from) return null;
  const former = reuse.state.result.kChoices.find((choice) => choice.window === window);
  return former?.curve.some(({ stability }) => stability !== null) ? former.curve.map(({ stability }) => stability) : null;
}

/** One a point of the curve. */
async function stabilityOf(task: CurvesTask, { window, curve }: KChoice, rows: readonly number[]): Promise<(number | null)[]> {
  const { settings, segmentation, space, windows } = task;
  const tried = (window === null ? segmentation.global?.tried : segmentation.triedOf[window]) ?? [];
  const of = window === null ? 'all windows' : windows[window]?.name;
  const size = Math.ceil(rows.length / 2);
  const ks = curve.map(({ k }) => k).filter((k) => k <= size);
  const sums = new Float64Array(ks.length);
  for (let run = 0; run < settings.kStabilityRuns; run++) {
    const name = `half ${run} of ${of}`;
    const drawn = sampleRows(rows.length, size, deriveSeed(settings.seed, name));
    const half = drawn.map((i) => rows[i] as number);
    const x = window === null ? takeRows(space.all, half) : space.own(window, half);
    for (const [i, { labels }] of (await fitsAgain(x, ks, name, task)).entries()) {
      const whole = (tried[i] as Candidate).fit.labels;
      sums[i] =
        (sums[i] as number) +
        adjustedRandIndex(
          labels,
          Int32Array.from(drawn, (row) => whole[row] as number),
        );
    }
    await task.ctx.checkpoint();
  }
  return curve.map((_, i) => (i < ks.length ? (sums[i] as number) / settings.kStabilityRuns : null));
}
