/** What a window's fits with different k are worth. Ascending by k. */
export type Curve = readonly { readonly k: number; readonly silhouette: number }[];

/**
 * The index into its curve that each window takes. One k serves all windows, the one whose silhouette falls short of each
 * window's best by the least on average; a window departs from it only where its own best is better by more than
 * `tolerance`. On real data the curve is often flat, and its maximum then jumps from window to window by chance: every jump
 * would be told as splits, merges and births that no user made. Ties go to the lower k.
 *
 * The common k is among those tried in at least half of the windows (a small window tries fewer). Twice the tolerance
 * hides real changes of structure; at 0 each window takes its own maximum.
 */
export function chooseFits(curves: readonly Curve[], tolerance: number): ChosenFits {
  return chooseFitsBy(curves, commonK(curves.filter((curve) => curve.length > 1)), tolerance);
}

/** By a common k that is known. */
export const chooseFitsBy = (curves: readonly Curve[], common: number | null, tolerance: number): ChosenFits => ({
  common: curves.map(() => common),
  indexes: curves.map((curve) => chooseFit(curve, common, tolerance)),
});

/** The same without look-ahead: the k that serves a window is that of the windows up to it. */
export function chooseFitsAsOf(curves: readonly Curve[], tolerance: number): ChosenFits {
  const common = curves.map((_, w) => commonK(curves.slice(0, w + 1).filter((curve) => curve.length > 1)));
  return { common, indexes: curves.map((curve, w) => chooseFit(curve, common[w] ?? null, tolerance)) };
}

export interface ChosenFits {
  /** A window: the k that serves it and all others (without look-ahead: and those before it); null where none of them has a curve. */
  readonly common: readonly (number | null)[];
  /** The index into its curve that each window takes; -1 for an empty curve. */
  readonly indexes: readonly number[];
}

/** The index into one curve by the same rule, the common k being known. */
export function chooseFit(curve: Curve, common: number | null, tolerance: number): number {
  if (curve.length === 0) return -1;
  const best = indexOfBest(curve);
  const shared = curve.findIndex(({ k }) => k === common);
  const gain = shared < 0 ? Number.POSITIVE_INFINITY : (curve[best]?.silhouette ?? 0) - (curve[shared]?.silhouette ?? 0);
  return gain > tolerance ? best : shared;
}

function commonK(curves: readonly Curve[]): number | null {
  const losses = new Map<number, { sum: number; windows: number }>();
  for (const curve of curves) {
    const best = curve[indexOfBest(curve)]?.silhouette ?? 0;
    for (const { k, silhouette } of curve) {
      const { sum, windows } = losses.get(k) ?? { sum: 0, windows: 0 };
      losses.set(k, { sum: sum + best - silhouette, windows: windows + 1 });
    }
  }
  const candidates = [...losses].filter(([, { windows }]) => windows * 2 >= curves.length).sort(([a], [b]) => a - b);
  const means = candidates.map(([k, { sum, windows }]) => ({ k, loss: sum / windows }));
  return means.reduce<{ k: number; loss: number } | null>((a, b) => (a === null || b.loss < a.loss ? b : a), null)?.k ?? null;
}

/** The first of equals. */
const indexOfBest = (curve: Curve): number =>
  curve.reduce((best, { silhouette }, i) => (silhouette > (curve[best] as Curve[number]).silhouette ? i : best), 0);
