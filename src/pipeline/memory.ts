import type {
  AnalysisResult,
  Appended,
  ColumnMapping,
  ComputeInfo,
  EventTable,
  Intake,
  Matrix,
  ModelInfo,
  ProfileTable,
  Settings,
  TextEmbedder,
  TrackId,
} from '../domain/index.ts';
import type { PcaModel } from '../engine/index.ts';
import { type FrozenRarity, freezeRarity } from '../profile/index.ts';
import type { Refit } from '../track/index.ts';
import type { FrozenBehaviour } from './behaviour.ts';
import type { Candidate, Starts } from './fit/index.ts';
import { firstTouched, type WindowPrint } from './prints.ts';
import type { Segmentation } from './segment.ts';
import type { Space } from './space.ts';

/**
 * What a run leaves for one that adds data to it, and for searches in its result. Nothing of it is ever changed. Where the measuring of its trust was stopped, the result's is
 * unmeasured, there are no re-fits, and the next run measures that too.
 */
export interface RunState {
  readonly result: AnalysisResult;
  /** By window, as are all lists here. */
  readonly prints: readonly WindowPrint[];
  readonly texts: readonly string[];
  /** Texts that a lexical model counted its words over. */
  readonly corpus: readonly string[];
  /** texts x dims. */
  readonly vectors: Matrix;
  /** idf as it was, with look-ahead; null where texts weigh alike, and without look-ahead, where it goes by window. */
  readonly rarity: FrozenRarity | null;
  /** The features of behaviour and their scales, which with look-ahead stay; null where texts alone make a profile. */
  readonly behaviour: FrozenBehaviour | null;
  readonly models: readonly (PcaModel | null)[];
  /** Profiles x dims in the one basis; null without look-ahead. */
  readonly reduced: Matrix | null;
  readonly candidates: readonly (readonly Candidate[])[];
  readonly startsOf: readonly Starts[];
  readonly commonK: readonly (number | null)[];
  readonly profiles: ProfileTable;
  /** Profiles in the basis of their window, unit rows. */
  readonly owned: readonly Matrix[];
  /** Unit rows, by the number of the segment; null for a window without one. */
  readonly centroids: readonly (Matrix | null)[];
  /** Of the drift's kernel; null where no two windows were compared. */
  readonly bandwidth: number | null;
  /** By window and ordinal (`keyOfRefit`). */
  readonly refits: ReadonlyMap<string, Refit>;
}

/** Holds the state of the last run that came to a result; one that fails or is cancelled before leaves it. */
export interface RunMemory {
  state: RunState | null;
}

/** What a run has at hand when its state is made. */
export interface RunRemains extends Pick<RunState, 'prints' | 'bandwidth' | 'corpus'> {
  readonly events: EventTable;
  readonly profiles: ProfileTable;
  /** texts x dims. */
  readonly texts: Matrix;
  readonly space: Space;
  readonly segmentation: Segmentation;
  readonly behaviour: FrozenBehaviour | null;
  readonly reuse: Reuse | null;
}

export function stateOf(result: AnalysisResult, refits: RunState['refits'], remains: RunRemains): RunState {
  const { events, profiles, texts, space, segmentation, behaviour, reuse, prints, bandwidth, corpus } = remains;
  const { lookAhead, idf } = result.settings;
  const { triedOf: candidates, startsOf, commonK } = segmentation;
  return {
    ...{ result, prints, bandwidth, corpus, refits, candidates, startsOf, commonK },
    ...{ texts: events.texts, vectors: texts, models: space.models, reduced: lookAhead ? space.all : null },
    behaviour: behaviour && { plan: behaviour.plan, scales: behaviour.scales },
    ...{ profiles, owned: space.owned, centroids: segmentation.fits.map((fit) => fit?.centroids ?? null) },
    rarity: lookAhead && idf ? (reuse?.state.rarity ?? freezeRarity(events)) : null,
  };
}

/** What a run that adds data takes over. */
export interface Reuse {
  readonly state: RunState;
  /** The first window that new data touch: those before are as they were. */
  readonly from: number;
}

/** What the run at hand is made with. */
export interface RunConditions {
  readonly mapping: ColumnMapping;
  readonly intake: Intake;
  readonly settings: Settings;
  readonly info: ComputeInfo;
  readonly embedder: TextEmbedder;
}

/**
 * Why nothing of the run before can be taken over, in the user's words; null where it can. Vectors of another model or fits of another device
 * are not those that this run would make.
 */
async function unlike(state: RunState | null, now: RunConditions): Promise<string | null> {
  if (!state) return 'The run before is no longer in memory: something else was run after it, or it broke off.';
  const { result } = state;
  if (now.settings.mode === 'global') return 'The segments of all windows are one fit, which added data make anew.';
  if (
    JSON.stringify([result.settings, result.mapping, result.intake]) !== JSON.stringify([now.settings, now.mapping, now.intake])
  ) {
    return 'Settings or columns are not those of the run before.';
  }
  if (result.compute.device !== now.info.device) {
    return `The run before was computed on ${result.compute.device}, this one is on ${now.info.device}.`;
  }
  return sameModel(result.model, await now.embedder.describe()) ? null : 'The model is not that of the run before.';
}

/** The hash too: another model may have been dropped under the same name. */
export const sameModel = (a: ModelInfo, b: ModelInfo): boolean =>
  a.id === b.id && a.sha256 === b.sha256 && a.dtype === b.dtype && a.device === b.device;

/** @returns a sentence where the first window is touched, since nothing is left then. */
function reuseOf(state: RunState, prints: readonly WindowPrint[]): Reuse | string {
  const from = firstTouched(state.prints, prints);
  return from > 0 ? { state, from } : 'The added data reach back to the first window or before it.';
}

/** The names that tracks keep: those that began in a window that stays, with look-ahead; without it they stay by themselves. */
export const keptNames = (reuse: Reuse | null, { lookAhead }: Settings): ReadonlyMap<TrackId, string> =>
  new Map(
    reuse && lookAhead
      ? reuse.state.result.tracks.filter((t) => t.firstWindow < reuse.from).map(({ id, name }) => [id, name])
      : [],
  );

/** What a run that adds data takes over, or why it takes over nothing; both null for a run on its own. */
export interface ReusePlan {
  readonly reuse: Reuse | null;
  readonly whole: string | null;
}

export async function planReuse(state: RunState | null, prints: readonly WindowPrint[], now: RunConditions): Promise<ReusePlan> {
  const whole = await unlike(state, now);
  if (whole !== null) return { reuse: null, whole };
  const reuse = reuseOf(state as RunState, prints);
  return typeof reuse === 'string' ? { reuse: null, whole: reuse } : { reuse, whole: null };
}

/** How the result tells of it; `embedded` texts were new. */
export function appendedOf({ reuse, whole }: ReusePlan, embedded: number): Appended | null {
  if (!reuse) return whole === null ? null : { from: 0, embedded, whole, former: [] };
  const { appended, tracks } = reuse.state.result;
  return { from: reuse.from, embedded, whole: null, former: [...(appended?.former ?? []), tracks] };
}

/** With look-ahead a run of all files at once is another one, and a manifest records no order of files. */
export const appendNote = (reuse: Reuse | null, { lookAhead }: Settings): string | null =>
  reuse && lookAhead
    ? 'Data were added to a finished run, whose main directions, text weights, scales of behaviour and common number of segments stayed as they were. A replay of the manifest takes all files at once and may differ; without look-ahead it would be the same.'
    : null;
