import {
  type JobContext,
  type ProfileTable,
  rowOf,
  type Settings,
  type TimeWindow,
  type WindowSegment,
} from '../domain/index.ts';
import { stayRate, trackFixed, trackSegments } from '../track/index.ts';
import { groupByWindow } from './rows.ts';
import type { Segmentation } from './segment.ts';

export interface TrackTask {
  readonly profiles: ProfileTable;
  readonly windows: readonly TimeWindow[];
  readonly segmentation: Segmentation;
  readonly settings: Settings;
  readonly ctx: JobContext;
}

/** Segments in order of (window, number), and what became of them. */
export interface Tracked extends ReturnType<typeof trackSegments> {
  readonly segments: readonly WindowSegment[];
  /** Index of a window's first segment. */
  readonly firstOf: Uint32Array;
  /** A window: the share of users that stay from one window to the next, over all windows or, without look-ahead, those up to it. */
  readonly stayOf: readonly number[];
}

/** Hands the segments of all windows, with their members that are not thin, to the tracking rules. */
export async function trackWindows({ profiles, windows, segmentation, settings, ctx }: TrackTask): Promise<Tracked> {
  const rowsOf = groupByWindow(profiles, windows.length);
  const segments: WindowSegment[] = [];
  const firstOf = new Uint32Array(windows.length);
  const presentUsers: Uint32Array[] = [];
  for (const [w, fit] of segmentation.fits.entries()) {
    const full = rowsOf[w]?.full ?? [];
    const userOf = (row: number): number => profiles.user[row] as number;
    firstOf[w] = segments.length;
    presentUsers.push(Uint32Array.from(full, userOf).sort());
    const numbers = segmentation.global?.windows[w]?.numbers;
    for (let s = 0; s < (fit?.centroids.rows ?? 0); s++) {
      const rows = full.filter((row) => segmentation.numberOf[row] === s);
      segments.push({
        window: w,
        number: numbers ? (numbers[s] as number) : s,
        members: Uint32Array.from(rows, userOf).sort(),
        centroid: rowOf(fit!.anchors, s),
      });
    }
    ctx.progress(w + 1, windows.length);
    await ctx.checkpoint();
  }
  const trackBy = segmentation.global ? trackFixed : trackSegments;
  const tracked = trackBy({ windows, segments, presentUsers, settings: settings.matching });
  return { ...tracked, segments, firstOf, stayOf: stayRates(presentUsers, settings.lookAhead) };
}

const stayRates = (present: readonly Uint32Array[], lookAhead: boolean): number[] =>
  present.map((_, w) => stayRate(lookAhead ? present : present.slice(0, w + 1)));
