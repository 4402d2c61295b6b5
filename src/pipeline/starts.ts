import type { JobContext } from '../domain/index.ts';
import { type Candidate, centroidsOf, hasNoEmpty, NO_STARTS, type Starts, startsFrom } from './fit/index.ts';
import type { WindowRows } from './rows.ts';
import type { Space, SpaceTask } from './space.ts';

/** The fits of one window to choose from, and the profiles that they are of. */
export interface TriedWindow {
  readonly rows: WindowRows;
  readonly candidates: readonly Candidate[];
}

/**
 * Where the fits of a window start from: where those of the last window that has any ended. In another basis the centroids there are
 * those of the same members, seen from this window; only k-means asks for them.
 */
export async function warmStarts(
  window: number,
  before: readonly TriedWindow[],
  space: Space,
  { settings, ctx }: Pick<SpaceTask, 'settings' | 'ctx'>,
): Promise<Starts> {
  const last = before.findLast(({ candidates }) => candidates.length > 0);
  if (settings.lookAhead || !last) return startsFrom(last?.candidates);
  return settings.algorithm === 'kmeans' ? seenStarts(window, last, space, ctx) : NO_STARTS;
}

async function seenStarts(window: number, { rows, candidates }: TriedWindow, space: Space, ctx: JobContext): Promise<Starts> {
  const seen = await space.seenFrom(window, rows.full, ctx);
  const starts = new Map<number, ReturnType<typeof centroidsOf>>();
  for (const { fit } of candidates.filter((candidate) => hasNoEmpty(candidate.fit))) {
    starts.set(fit.centroids.rows, centroidsOf(seen, fit.labels, fit.centroids.rows));
    await ctx.checkpoint();
  }
  return starts;
}
