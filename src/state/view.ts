import type { AnalysisResult, Segment, TrackId } from '../domain/index.ts';

export const SPEEDS = [0.5, 1, 2, 4] as const;
export type Speed = (typeof SPEEDS)[number];

/** The panel at the side, and the one below the map. */
export const SIDE_TABS = ['details', 'changes', 'movement', 'data'] as const;
export type SideTab = (typeof SIDE_TABS)[number];
export type LowerView = 'lineage' | 'levels';

/** What is being looked at; changes nothing of the result. */
export interface ViewState {
  readonly window: number;
  readonly track: TrackId | null;
  readonly hoveredTrack: TrackId | null;
  /** Node of the interest tree; never together with a track. */
  readonly node: number | null;
  readonly hoveredNode: number | null;
  /** Id of a user whose card is open. */
  readonly user: number | null;
  /** Cuts of the interest levels that the user has moved; null = those of the run. */
  readonly cuts: readonly number[] | null;
  /** Dots of the map are the fainter, the weaker their membership. */
  readonly fade: boolean;
  readonly tab: SideTab;
  readonly lower: LowerView;
  readonly playing: boolean;
  readonly speed: Speed;
}

/** The first look: the window of that name if there is one, else the first with a segment. */
export const initialView = (result: AnalysisResult | null, at?: string): ViewState => ({
  window: windowNamed(result, at) ?? result?.segments[0]?.window ?? 0,
  track: null,
  hoveredTrack: null,
  node: null,
  hoveredNode: null,
  user: null,
  cuts: null,
  fade: false,
  tab: 'details',
  lower: 'lineage',
  playing: false,
  speed: 1,
});

function windowNamed(result: AnalysisResult | null, name: string | undefined): number | null {
  const index = result?.windows.findIndex((w) => w.name === name) ?? -1;
  return index < 0 ? null : index;
}

/** A window index inside the result. */
export const clampWindow = (window: number, count: number): number => Math.max(0, Math.min(count - 1, Math.round(window)));

export const segmentsOf = (result: AnalysisResult, window: number): Segment[] =>
  result.segments.filter((segment) => segment.window === window);

/** Segments of a track, by window; a track may have several only where a result breaks the rules. */
export const segmentsOfTrack = (result: AnalysisResult, track: TrackId): Segment[] =>
  result.segments.filter((segment) => segment.track === track);

/** Users of a track in each window; null where the window is empty, 0 where the track is not there. */
export function sizesOf(result: AnalysisResult, track: TrackId): (number | null)[] {
  const sizes: (number | null)[] = result.windows.map((w) => (w.profiles === 0 ? null : 0));
  for (const s of segmentsOfTrack(result, track)) sizes[s.window] = (sizes[s.window] ?? 0) + s.size;
  return sizes;
}

/** The last window before this one that holds a segment; null for the first. */
export function windowBefore(result: AnalysisResult, window: number): number | null {
  for (let w = window - 1; w >= 0; w--) if ((result.windows[w]?.profiles ?? 0) > 0) return w;
  return null;
}

/** Change of a segment's users against its track in the last non-empty window; null where the track was not there. */
export function sizeChange(result: AnalysisResult, segment: Segment): number | null {
  const before = windowBefore(result, segment.window);
  const former = result.segments.find((s) => s.window === before && s.track === segment.track);
  return former ? segment.size - former.size : null;
}

/** Ids of the users who went farthest from their first window to their last, the farthest first; who did not move is in no list. */
export const mostChanged = ({ changes }: AnalysisResult, count: number): number[] =>
  [...changes.displacement.keys()]
    .filter((user) => (changes.displacement[user] as number) > 0)
    .sort((a, b) => (changes.displacement[b] as number) - (changes.displacement[a] as number) || a - b)
    .slice(0, count);

/** The windows in which a user has a profile that is not thin, ascending, with the segment; null for none (noise). */
export function pathOf({ profiles, segments }: AnalysisResult, user: number): { window: number; segment: Segment | null }[] {
  const rows = [...profiles.user.keys()].filter((p) => profiles.user[p] === user && !profiles.thin[p]);
  return rows
    .map((p) => ({ window: profiles.window[p] as number, segment: segments[profiles.segment[p] as number] ?? null }))
    .sort((a, b) => a.window - b.window);
}

/** Users that are not thin in no segment of a window, or of all windows; 0 where density left none over. */
export const noiseOf = ({ density }: AnalysisResult, window?: number): number =>
  (density?.windows ?? [])
    .filter((found) => window === undefined || found.window === window)
    .reduce((sum, { leftOut, joined }) => sum + leftOut - joined, 0);

/** Rows read, kept and set aside over all files; read = kept + set aside. */
export function accountingTotals(result: AnalysisResult): { read: number; kept: number; setAside: number } {
  const totals = { read: 0, kept: 0, setAside: 0 };
  for (const file of result.accounting.files) {
    totals.read += file.read;
    totals.kept += file.kept;
    totals.setAside += file.setAside.reduce((sum, reason) => sum + reason.count, 0);
  }
  return totals;
}
