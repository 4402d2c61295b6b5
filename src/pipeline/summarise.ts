import {
  type AnalysisResult,
  createMatrix,
  type EventTable,
  type Flow,
  type JobContext,
  type Matrix,
  openWordCutter,
  type ProfilePositions,
  type ProfileTable,
  portion,
  type Segment,
  type Settings,
  type TextLanguages,
  type TimeWindow,
  type Track,
  type TrackId,
  type WindowSummary,
} from '../domain/index.ts';
import {
  chooseExemplars,
  distinctNames,
  interestLevels,
  meanTextVector,
  pickTerms,
  type ScoredTerm,
  scoreTerms,
  trackTerms,
} from '../explain/index.ts';
import type { Segmentation } from './segment.ts';
import type { Tracked } from './track.ts';

/** Label words a segment. */
const TERMS = 8;
const EXEMPLARS = 5;

export interface SummaryTask {
  readonly events: EventTable;
  readonly profiles: ProfileTable;
  readonly windows: readonly TimeWindow[];
  readonly segmentation: Segmentation;
  readonly tracked: Tracked;
  /** Distinct texts x dims. */
  readonly texts: Matrix;
  readonly settings: Settings;
  /** Whose stop words no label has. */
  readonly languages: TextLanguages;
  /** Tracks that have a name already. */
  readonly names?: ReadonlyMap<TrackId, string>;
  readonly ctx: JobContext;
}

type Summary = Pick<AnalysisResult, 'windows' | 'segments' | 'tracks' | 'events' | 'flows' | 'kChoices' | 'levels'> & {
  readonly profiles: Omit<ProfilePositions, 'x' | 'y'>;
};

/** Puts numbers and words together: what the views show. */
export async function summarise(task: SummaryTask): Promise<Summary> {
  const { profiles, segmentation, tracked, events } = task;
  const segmentOf = segmentIndexes(profiles, segmentation.numberOf, tracked.firstOf);
  const members = await collectMembers({ ...task, ctx: portion(task.ctx, 0, 0.2) }, segmentOf);
  const cut = await openWordCutter(task.settings.words, task.languages);
  const scored = await scoreTerms(events.texts, members, cut, portion(task.ctx, 0.2, 0.6));
  const describing = portion(task.ctx, 0.6, 0.9);
  const segments: Segment[] = [];
  for (const [index, m] of members.entries()) {
    segments.push(describeSegment(index, m, scored[index] ?? [], task));
    describing.progress(index + 1, members.length);
    await describing.checkpoint();
  }
  const tracks = describeTracks(segments, scored, task);
  return {
    windows: summariseWindows(task),
    segments: addMoves(segments, tracked.flows),
    tracks,
    levels: await interestLevels({
      ...{ segments, tracks, scored, settings: task.settings, ctx: portion(task.ctx, 0.9, 1) },
      centroids: centroidsOf(tracked),
      windowNames: task.windows.map(({ name }) => name),
    }),
    events: tracked.events,
    flows: tracked.flows,
    kChoices: [...new Set(segmentation.fits.flatMap((fit) => (fit ? [fit.choice] : [])))],
    profiles: {
      count: profiles.count,
      user: profiles.user,
      window: profiles.window,
      thin: profiles.thin,
      events: profiles.events,
      segment: segmentOf,
    },
  };
}

/** Segments x dims. */
function centroidsOf({ segments }: Tracked): Matrix {
  const all = createMatrix(segments.length, segments[0]?.centroid.length ?? 0);
  for (const [i, { centroid }] of segments.entries()) all.data.set(centroid, i * all.cols);
  return all;
}

/** Index into the list of all segments, a profile; -1 for noise. */
function segmentIndexes(profiles: ProfileTable, numberOf: Int32Array, firstOf: Uint32Array): Int32Array {
  return numberOf.map((number, p) => (number < 0 ? -1 : (firstOf[profiles.window[p] as number] as number) + number));
}

interface Members {
  readonly window: number;
  /** Text id -> number of the segment's users that are not thin and have it. */
  readonly texts: Map<number, number>;
  thin: number;
}

async function collectMembers({ profiles, tracked, ctx }: SummaryTask, segmentOf: Int32Array): Promise<Members[]> {
  const members = tracked.segments.map(({ window }): Members => ({ window, texts: new Map(), thin: 0 }));
  for (let p = 0; p < profiles.count; p++) {
    const segment = members[segmentOf[p] as number];
    if (!segment) continue;
    if (profiles.thin[p]) segment.thin++;
    else countTexts(segment.texts, p, profiles);
    if (p % 512 !== 0) continue;
    ctx.progress(p, profiles.count);
    await ctx.checkpoint();
  }
  return members;
}

function countTexts(texts: Map<number, number>, p: number, profiles: ProfileTable): void {
  for (let i = profiles.offsets[p] as number; i < (profiles.offsets[p + 1] as number); i++) {
    const text = profiles.textIds[i] as number;
    texts.set(text, (texts.get(text) ?? 0) + 1);
  }
}

function describeSegment(
  index: number,
  { window, texts: counts, thin }: Members,
  scored: readonly ScoredTerm[],
  task: SummaryTask,
): Segment {
  const { tracked, texts: vectors, events } = task;
  const { number, members } = tracked.segments[index]!;
  const centroid = meanTextVector(vectors, counts);
  return {
    index,
    window,
    number,
    track: tracked.trackOf[index] as number,
    size: members.length,
    thin,
    terms: pickTerms(scored, TERMS),
    exemplars: chooseExemplars({ texts: events.texts, counts, vectors, centroid, count: EXEMPLARS }),
    entered: 0,
    left: 0,
  };
}

/** Users of a segment that no segment of the neighbouring window gave, or took. */
function addMoves(segments: readonly Segment[], flows: readonly Flow[]): Segment[] {
  const came = new Map<number, number>();
  const went = new Map<number, number>();
  for (const { from, to, users } of flows) {
    went.set(from, (went.get(from) ?? 0) + users);
    came.set(to, (came.get(to) ?? 0) + users);
  }
  const first = segments[0]?.window;
  const last = segments.at(-1)?.window;
  return segments.map((s) => ({
    ...s,
    entered: s.window === first ? 0 : s.size - (came.get(s.index) ?? 0),
    left: s.window === last ? 0 : s.size - (went.get(s.index) ?? 0),
  }));
}

/**
 * A name is made of the words of all windows of its track, without look-ahead of the first alone. Ids go by first appearance, and names
 * are told apart from those of lower ids, so that the name of a track does not depend on later ones.
 */
function describeTracks(
  segments: readonly Segment[],
  scored: readonly (readonly ScoredTerm[])[],
  { settings: { lookAhead }, names: given }: SummaryTask,
): Track[] {
  const ids = [...new Set(segments.map((s) => s.track))].sort((a, b) => a - b);
  const own = ids.map((id) => segments.filter((s) => s.track === id));
  const naming = lookAhead ? own : own.map((list) => list.slice(0, 1));
  const names = distinctNames(
    naming.map((list) => trackTerms(list.map((s) => scored[s.index] ?? []))),
    ids.map((id) => given?.get(id)),
  );
  return ids.map((id, i) => {
    const list = own[i] as Segment[];
    const windows = list.map((s) => s.window);
    const size = list.reduce((n, s) => n + s.size, 0);
    return { id, name: names[i] as string, firstWindow: Math.min(...windows), lastWindow: Math.max(...windows), size };
  });
}

function summariseWindows({ profiles, windows }: SummaryTask): WindowSummary[] {
  const counts = windows.map(() => ({ events: 0, profiles: 0, thin: 0 }));
  for (let p = 0; p < profiles.count; p++) {
    const at = counts[profiles.window[p] as number]!;
    at.events += profiles.events[p] as number;
    if (profiles.thin[p]) at.thin++;
    else at.profiles++;
  }
  return windows.map((w, i) => ({ ...w, ...counts[i]! }));
}
