import { deriveSeed, type Matrix, takeRows, untold } from '../../domain/index.ts';
import { silhouetteForMany } from '../../engine/index.ts';
import { type Curve, chooseFit } from './choose-k.ts';
import { consensusFits } from './consensus.ts';
import { dbscanFit, hdbscanFit } from './density.ts';
import { hierarchyFits } from './hierarchy.ts';
import { kmeansFits, kmeansOnce } from './kmeans.ts';
import { hasNoEmpty, numberBySize } from './number.ts';
import { sampleRows } from './sample.ts';
import type { Candidate, FitsByCount, FitTask, Fitted, Starts } from './types.ts';

export { type ChosenFits, type Curve, chooseFits, chooseFitsAsOf, chooseFitsBy } from './choose-k.ts';
export { SAMPLE as HIERARCHY_SAMPLE } from './hierarchy.ts';
export { centroidsOf, hasNoEmpty, numberBySize } from './number.ts';
export { thinCurve } from './reach.ts';
export { sampleRows } from './sample.ts';
export type { Candidate, FitDensity, FitTask, Fitted, Starts } from './types.ts';

const BY_COUNT: Readonly<Record<'kmeans' | 'consensus' | 'hierarchy', FitsByCount>> = {
  kmeans: kmeansFits,
  consensus: consensusFits,
  hierarchy: hierarchyFits,
};

/** The fits of some rows to choose from: one with a fixed k or by density, else one for every k that is tried. */
export async function fitWindow(x: Matrix, name: string, starts: Starts, task: FitTask): Promise<Candidate[]> {
  const { algorithm, k } = task.settings;
  if (algorithm === 'dbscan') return [{ fit: await dbscanFit(x, task), silhouette: 0 }];
  if (algorithm === 'hdbscan') return [{ fit: await hdbscanFit(x, task), silhouette: 0 }];
  const fits = BY_COUNT[algorithm];
  return k === 'auto' ? scan(x, name, starts, fits, task) : fixed(x, Math.min(k, x.rows), name, starts, fits, task);
}

async function fixed(x: Matrix, k: number, name: string, starts: Starts, fits: FitsByCount, task: FitTask): Promise<Candidate[]> {
  return (await fits(x, [k], name, starts, task)).map((fit) => ({ fit, silhouette: 0 }));
}

/**
 * A fit for every k in [kMin, kMax], with its mean silhouette. k goes up to two less than the profiles: with one less, all
 * segments but one hold a single profile, and the silhouette of those is 0 by definition. Where no k is left to try, as with
 * three profiles or with fewer than kMin + 2, there is one segment.
 *
 * A fit with an empty segment (fewer distinct profiles than k) shows fewer segments than its k and is not on the curve.
 */
async function scan(x: Matrix, name: string, starts: Starts, fits: FitsByCount, task: FitTask): Promise<Candidate[]> {
  const { kMin, kMax, silhouetteSample, seed } = task.settings;
  const first = Math.max(2, kMin);
  const last = Math.min(kMax, x.rows - 2);
  if (last < first) return fixed(x, 1, name, starts, fits, task);
  const ks = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const found = await fits(x, ks, name, starts, task);
  const filled = found.filter(hasNoEmpty);
  if (filled.length === 0) return [{ fit: found[0] as Fitted, silhouette: 0 }];
  const sample = sampleRows(x.rows, silhouetteSample, deriveSeed(seed, `silhouette ${name}`));
  const labelings = filled.map((fit) => Int32Array.from(sample, (row) => fit.labels[row] as number));
  const scores = await silhouetteForMany(takeRows(x, sample), labelings, task.compute, untold(task.ctx));
  return filled.map((fit, i) => ({ fit, silhouette: scores[i] as number }));
}

/**
 * One fit of rows alone, with the k that the rule takes for them where the windows' common k is known: what a re-fit does. Labels
 * are numbered by size.
 */
export async function fitAlone(x: Matrix, name: string, commonK: number | null, starts: Starts, task: FitTask): Promise<Fitted> {
  const candidates = await fitWindow(x, name, starts, task);
  return numberBySize((candidates[chooseFit(curveOf(candidates), commonK, task.settings.kTolerance)] as Candidate).fit);
}

/** The run's algorithm once, with a k that is given: what a bootstrap does. A consensus is made of k-means, and that is what is drawn again. */
export async function fitAgain(x: Matrix, k: number, name: string, task: FitTask): Promise<Fitted> {
  const { algorithm } = task.settings;
  if (algorithm === 'kmeans' || algorithm === 'consensus') return kmeansOnce(x, Math.min(k, x.rows), name, task);
  const again = { ...task, settings: { ...task.settings, k } };
  return ((await fitWindow(x, name, NO_STARTS, again))[0] as Candidate).fit;
}

/** The same for several k at once, ascending: what a half-sample does. None leaves more segments than rows. */
export async function fitsAgain(x: Matrix, ks: readonly number[], name: string, task: FitTask): Promise<Fitted[]> {
  const { algorithm } = task.settings;
  if (algorithm === 'hierarchy') return hierarchyFits(x, ks, name, NO_STARTS, { ...task, ctx: untold(task.ctx) });
  const fits: Fitted[] = [];
  for (const k of ks) fits.push(await fitAgain(x, k, name, task));
  return fits;
}

export const NO_STARTS: Starts = new Map();

export const startsFrom = (before: readonly Candidate[] | undefined): Starts =>
  before ? new Map(before.map(({ fit: { centroids } }) => [centroids.rows, centroids])) : NO_STARTS;

export const curveOf = (candidates: readonly Candidate[]): Curve =>
  candidates.map(({ fit, silhouette }) => ({ k: fit.centroids.rows, silhouette }));
