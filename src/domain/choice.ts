/** What the fit with one k is worth. */
export interface KPoint {
  readonly k: number;
  /** Mean silhouette, over at most `silhouetteSample` profiles; higher is better. */
  readonly silhouette: number;
  /** Over all profiles of the window that are not thin. Lower is better; null where undefined. */
  readonly daviesBouldin: number | null;
  /** Higher is better; null where undefined. */
  readonly calinskiHarabasz: number | null;
  /** Sum of squared distances to the own segment's mean; falls with k, so that its elbow counts. Null before it is measured. */
  readonly inertia: number | null;
  /** Mean adjusted Rand index of the fit and those of random halves of the users, at most 1; null where it was not measured. */
  readonly stability: number | null;
}

/** How k was chosen in one window, or once for all. */
export interface KChoice {
  /** Null for the one choice of global mode. */
  readonly window: number | null;
  readonly k: number;
  /** The k that serves all windows; null where k is fixed or nothing was compared. */
  readonly common: number | null;
  /** One for each k tried, ascending; empty with a fixed k and where density decides. */
  readonly curve: readonly KPoint[];
}

/** What k = auto does, for people; the pipeline's README says it at length. */
export const AUTO_K_RULE =
  'One k serves all windows, the one whose silhouette falls short of each window’s best by the least; a window takes its own best only where that is better by more than the tolerance.';

/**
 * The elbow of a falling, convex curve: the point farthest below the chord between its ends, both axes scaled to 0..1 (Satopaa et al.
 * 2011, "kneedle"); the first of equals. Null for fewer than three points and where none lies below the chord.
 * @param points Ascending by x.
 */
export function elbowOf(points: readonly { readonly x: number; readonly y: number }[]): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 3 || first.y <= last.y) return null;
  const below = points.map(({ x, y }) => 1 - (x - first.x) / (last.x - first.x) - (y - last.y) / (first.y - last.y));
  const most = Math.max(...below);
  // Rounding alone bends a straight line by less.
  return most > 1e-9 ? (points[below.indexOf(most)]?.x ?? null) : null;
}
