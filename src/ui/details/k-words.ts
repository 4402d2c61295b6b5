import type { KRow } from '../../charts/index.ts';
import type { AnalysisResult, KChoice } from '../../domain/index.ts';
import { decimal, plural, share } from '../common/format.ts';

const rangeOf = ({ curve }: KChoice): string => `${curve[0]?.k} to ${curve.at(-1)?.k}`;

/** What was chosen from what, and by which part of the rule. */
export function choiceWords(choice: KChoice): string {
  const { curve, k, common, window } = choice;
  const taken = curve.find((p) => p.k === k);
  // Segments that k-means left empty are dropped, so the number that is left need not be one that was tried.
  if (!taken) return `${rangeOf(choice)} were tried; ${k} are left of the number chosen, because the others stayed empty.`;
  const own = curve.reduce((best, p) => (p.silhouette > best.silhouette ? p : best)).k;
  if (window === null) {
    return `${k} over all windows, chosen from ${rangeOf(choice)} by the highest silhouette. A window shows those that have users in it.`;
  }
  const why =
    k !== common
      ? `its own best, which beats the common ${common ?? 'k'} by more than the tolerance`
      : own === k
        ? 'the common k, and its own best'
        : `the common k; its own best, ${own}, is not better by more than the tolerance`;
  return `${k}, chosen from ${rangeOf(choice)}: ${why}.`;
}

/** Where there is no curve: why, and what there is to say. */
export function noCurveWords({ settings, profiles }: AnalysisResult, { k, window }: KChoice): string {
  const { algorithm, density } = settings;
  if (algorithm === 'hdbscan' || algorithm === 'dbscan') {
    const here = [...profiles.window.keys()].filter((p) => profiles.window[p] === window && !profiles.thin[p]);
    const noise = here.filter((p) => (profiles.segment[p] as number) < 0).length;
    const least = algorithm === 'hdbscan' ? ` of ${density.minClusterSize} users or more` : '';
    return `${plural(k, 'segment')}${least}, found by density: no k is chosen, so there are no curves. ${share(noise, here.length)} of the users are in none.`;
  }
  if (settings.k !== 'auto') return `${k}, fixed in the settings, so no other number was tried.`;
  return `${k}: there are too few different users to compare several numbers.`;
}

/** The value at the chosen k, and the k that the curve itself would take. */
export function markWords({ measure, chosen, best }: KRow): string {
  const at = chosen ? figure(chosen.value) : '';
  if (!best) return [at, measure === 'inertia' ? 'no elbow' : ''].filter(Boolean).join(' · ');
  return [at, `${measure === 'inertia' ? 'elbow' : 'best'} ${best.k}`].filter(Boolean).join(' · ');
}

/** Small figures with two digits after the point, large ones without. */
export const figure = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : decimal(value);
