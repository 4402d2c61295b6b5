import type { RecordedModel } from './manifest.ts';
import { DTYPES, type ModelWish } from './model.ts';
import type { LeastChanges } from './track.ts';

/** How the profiles of a window are divided into segments. */
export const ALGORITHMS = ['kmeans', 'hdbscan', 'dbscan', 'hierarchy', 'consensus'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/**
 * Which profiles a fit is made of. 'evolving': those of one window, again and again, so that segments may split and merge. 'global': those of
 * all windows at once; segments are fixed and users move between them.
 */
export const MODES = ['evolving', 'global'] as const;
export type Mode = (typeof MODES)[number];

/** Every choice that changes a result. All of them are keys of the run manifest. */
export interface Settings {
  /** hour | day | week | month | quarter | year | PnD | PTnH, the last two with an optional /step of the same form. */
  readonly windows: string;
  /** IANA name. */
  readonly timeZone: string;
  /** False: what is told of a window is made of data up to its end only, so that later data leave it as it is; the tree of levels is the exception. */
  readonly lookAhead: boolean;
  /** A user with fewer events in a window is thin. */
  readonly minEvents: number;
  /** null = no decay. */
  readonly halfLifeDays: number | null;
  /** Weight texts by idf = ln((1 + N) / (1 + df)) + 1 over users. */
  readonly idf: boolean;
  /** a(type); types not named weigh 1. */
  readonly typeWeights: Readonly<Record<string, number>>;
  readonly behaviour: BehaviourSettings;
  readonly words: WordSettings;
  readonly embedding: ModelWish;
  /** Dimensions kept by PCA. */
  readonly dims: number;
  readonly mode: Mode;
  readonly algorithm: Algorithm;
  readonly k: number | 'auto';
  /** Range tried by k = auto. */
  readonly kMin: number;
  readonly kMax: number;
  /** k = auto: how much better, in silhouette, a window's own best k must be to depart from the k of all windows. */
  readonly kTolerance: number;
  /** k-means restarts; the lowest inertia wins. */
  readonly nInit: number;
  readonly maxIterations: number;
  /**
   * k-means goes by mini-batches where it fits more profiles than these: in a fraction of the time, to an inertia that is a little higher (measured in
   * engine/kmeans). Up to the default a fit takes seconds at most, and the full one is worth them.
   */
  readonly miniBatchAbove: number;
  /** Half-samples that a consensus is made of. */
  readonly consensusRuns: number;
  /** Half-samples of each window that the stability of every k tried is measured on; 0 = not at all. */
  readonly kStabilityRuns: number;
  readonly density: DensitySettings;
  /** Profiles a window that the silhouette is measured on, at most. */
  readonly silhouetteSample: number;
  readonly seed: number;
  readonly device: 'auto' | 'cpu' | 'webgpu';
  readonly layout: LayoutSettings;
  readonly matching: MatchingSettings;
  readonly trust: TrustSettings;
  /** Smallest change of a segment that goes on which is told (domain/track.ts). */
  readonly change: LeastChanges;
  readonly drift: DriftSettings;
  readonly levels: LevelSettings;
  readonly membership: MembershipSettings;
  /** Make and follow the segments again under other choices, and see which changes are told again. */
  readonly sensitivity: boolean;
}

/** Parts of what users do that can be joined to what they read (profile/behaviour). */
export const BEHAVIOURS = ['counts', 'rates', 'frequency', 'duration', 'numbers', 'recency', 'entropy'] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** A profile is [sqrt(1 - weight) * texts, sqrt(weight / p) * features], p features, robust-scaled. */
export interface BehaviourSettings {
  /** 0 = texts alone. */
  readonly weight: number;
  readonly features: readonly Behaviour[];
}

/** How texts are cut into words, for labels, TF-IDF and the lexical model. */
export interface WordSettings {
  /** Leave out the stop words of the languages that the texts are in. */
  readonly stopWords: boolean;
  /** ISO 639-1 codes whose stop words are left out; 'auto' = of the languages found. */
  readonly languages: 'auto' | readonly string[];
  /** The user's own, lower-cased. */
  readonly extra: readonly string[];
}

export interface LayoutSettings {
  readonly neighbours: number;
  readonly minDist: number;
  readonly epochs: number;
  /** The layout is fitted on at most this many profiles, the rest is placed by its neighbours. */
  readonly maxFit: number;
  /** 0..1: weight of the tie between a user's profiles in consecutive windows; 0 = windows are laid out as if users had no past. */
  readonly alignment: number;
}

/** For 'dbscan' and 'hdbscan'. */
export interface DensitySettings {
  /** DBSCAN's reach, a Euclidean distance of unit rows; 'auto' is the knee of each window's k-distance curve. */
  readonly eps: number | 'auto';
  /** Neighbours of a core profile, itself included. */
  readonly minPts: number;
  /** HDBSCAN: users that make a segment. */
  readonly minClusterSize: number;
  /** HDBSCAN: the most stable clusters, or those that never split. */
  readonly selection: 'eom' | 'leaf';
  /**
   * Least cosine to the centre of its nearest segment at which a profile that the fit left out joins that segment; null = noise stays
   * noise. Who joined is a member like any other (sizes, matching, trust) but does not shape the centre.
   */
  readonly reassign: number | null;
}

/** How trust is measured, and the thresholds of the verdict (track/trust). */
export interface TrustSettings {
  /** No-change re-fits of a run, over all windows. */
  readonly refits: number;
  /** Bootstraps of the users of each window. */
  readonly bootstraps: number;
  /** Largest p of a stable event, and of a tentative one. */
  readonly stableP: number;
  readonly noiseP: number;
  /** Largest p of a stable change of a segment that goes on. Stricter than for events: three changes are asked of every such segment. */
  readonly changeP: number;
  /** Least stability of the segments of a stable event, and of a tentative one. */
  readonly stable: number;
  readonly unstable: number;
}

/** How the drift between two windows is tested (track/drift). */
export interface DriftSettings {
  /** Random Fourier features that stand for the kernel; even: cosines and sines. */
  readonly features: number;
  /** Permutations of users; the smallest p is 1 / (permutations + 1). */
  readonly permutations: number;
}

export const LEVEL_LINKAGES = ['ward', 'average', 'bisecting'] as const;
export type LevelLinkage = (typeof LEVEL_LINKAGES)[number];

/** The tree of the segments of all windows, and where it is cut into interest levels (explain/levels.ts). */
export interface LevelSettings {
  /** Levels, coarse to fine; fewer where there are fewer tracks. */
  readonly count: number;
  /** From the bottom up (Ward, or average linkage), or from the top down (bisecting k-means). */
  readonly linkage: LevelLinkage;
  /** What `cuts` are: numbers of groups, ascending, or heights as shares of the root's, descending. */
  readonly cut: 'count' | 'height';
  /** One a level, coarse first; empty = by rule. */
  readonly cuts: readonly number[];
}

/** P(segment | user) = softmax(cosine / temperature) (track/membership.ts). */
export interface MembershipSettings {
  /**
   * Lower: nearer to one segment a user; higher: nearer to all alike. At .25 the median P of the strongest was .80 on the sample and .85
   * on a year of a shop's sales; at .1 .998 and .99, which tells no second interest, at .3 .69 on the sample.
   */
  readonly temperature: number;
  /** Least P of a secondary interest. */
  readonly secondaryShare: number;
}

/** Thresholds of the tracking rules, by the names they have there. */
export interface MatchingSettings {
  readonly splitShare: number;
  readonly splitPurity: number;
  readonly splitCover: number;
  readonly mergeShare: number;
  readonly mergePurity: number;
  readonly mergeCover: number;
  readonly surviveShare: number;
  readonly minCommonUsers: number;
  readonly minCommonShare: number;
}

export const DEFAULT_SETTINGS: Settings = {
  windows: 'month',
  timeZone: 'UTC',
  lookAhead: true,
  minEvents: 3,
  halfLifeDays: null,
  idf: false,
  typeWeights: {},
  behaviour: { weight: 0, features: BEHAVIOURS },
  words: { stopWords: true, languages: 'auto', extra: [] },
  embedding: { model: 'auto', dtype: 'auto', device: 'auto' },
  dims: 64,
  mode: 'evolving',
  algorithm: 'kmeans',
  k: 'auto',
  kMin: 2,
  kMax: 20,
  kTolerance: 0.01,
  nInit: 4,
  maxIterations: 100,
  miniBatchAbove: 100_000,
  consensusRuns: 20,
  kStabilityRuns: 3,
  density: { eps: 'auto', minPts: 5, minClusterSize: 15, selection: 'eom', reassign: null },
  silhouetteSample: 1500,
  seed: 1,
  device: 'auto',
  layout: { neighbours: 15, minDist: 0.1, epochs: 200, maxFit: 5000, alignment: 0.5 },
  matching: {
    splitShare: 0.25,
    splitPurity: 0.5,
    splitCover: 0.7,
    mergeShare: 0.25,
    mergePurity: 0.5,
    mergeCover: 0.7,
    surviveShare: 0.5,
    minCommonUsers: 10,
    minCommonShare: 0.2,
  },
  trust: { refits: 99, bootstraps: 50, stableP: 0.05, noiseP: 0.2, changeP: 0.03, stable: 0.75, unstable: 0.6 },
  change: { size: 0.1, compactness: 0.01, shift: 0.002 },
  drift: { features: 512, permutations: 199 },
  levels: { count: 3, linkage: 'ward', cut: 'count', cuts: [] },
  membership: { temperature: 0.25, secondaryShare: 0.2 },
  sensitivity: true,
};

/** The model that is wanted: never on the GPU if the user chose the CPU. */
export const modelWish = ({ embedding, device }: Pick<Settings, 'embedding' | 'device'>): ModelWish =>
  device === 'cpu' && embedding.device === 'auto' ? { ...embedding, device: 'wasm' } : embedding;

/** What a replay asks for: where the wish is 'auto', the model, dtype and device of the run that is replayed; another model is asked for as it is. */
export function pinnedModel(wish: ModelWish, recorded: RecordedModel | null): ModelWish {
  if (recorded === null || (wish.model !== 'auto' && wish.model !== recorded.id)) return wish;
  const dtype = DTYPES.find((known) => known === recorded.dtype);
  const device = recorded.device === 'wasm' || recorded.device === 'webgpu' ? recorded.device : null;
  return {
    model: recorded.id,
    dtype: wish.dtype === 'auto' ? (dtype ?? 'auto') : wish.dtype,
    device: wish.device === 'auto' ? (device ?? 'auto') : wish.device,
  };
}

/** Inclusive. */
export interface NumberBounds {
  /** As the user reads it. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

const whole = (name: string, min: number, max: number): NumberBounds => ({ name, min, max, whole: true });
const real = (name: string, min: number, max: number): NumberBounds => ({ name, min, max, whole: false });
const share = (name: string): NumberBounds => real(name, 0, 1);

/**
 * What a number among the settings may be, by its path; held by the page, the manifest and the command line. Below the lower
 * bounds nothing can be computed (a silhouette of fewer than 10 profiles or a map of fewer than 50 says nothing); the upper
 * ones stop slips of the keyboard that would run for days.
 */
export const SETTING_BOUNDS = {
  minEvents: whole('minimum events', 1, 1_000_000),
  halfLifeDays: real('half-life in days', 0.01, 36_500),
  'behaviour.weight': share('weight of behaviour'),
  dims: whole('dimensions', 2, 4096),
  k: whole('number of segments', 1, 1000),
  kMin: whole('smallest k', 2, 1000),
  kMax: whole('largest k', 2, 1000),
  kTolerance: share('silhouette gain to leave the common k'),
  nInit: whole('restarts', 1, 1000),
  maxIterations: whole('iterations', 1, 100_000),
  miniBatchAbove: whole('profiles from which on k-means goes by mini-batches', 100, 1_000_000_000),
  consensusRuns: whole('half-samples of a consensus', 2, 1000),
  kStabilityRuns: whole('half-samples for the stability of k', 0, 1000),
  'density.eps': real('eps', 0, 2),
  'density.minPts': whole('neighbours of a core', 1, 100_000),
  'density.minClusterSize': whole('users that make a segment', 2, 1_000_000),
  'density.reassign': share('similarity from which noise joins its nearest segment'),
  silhouetteSample: whole('profiles for the silhouette', 10, 100_000),
  seed: whole('seed', 0, 0xffff_ffff),
  'layout.neighbours': whole('neighbours', 2, 200),
  'layout.minDist': share('least distance'),
  'layout.epochs': whole('epochs', 1, 10_000),
  'layout.maxFit': whole('profiles fitted at most', 50, 100_000),
  'layout.alignment': share('alignment of windows'),
  'matching.splitShare': share('split: share of the old'),
  'matching.splitPurity': share('split: share of each new'),
  'matching.splitCover': share('split: cover of the old'),
  'matching.mergeShare': share('merge: share of the new'),
  'matching.mergePurity': share('merge: share of each old'),
  'matching.mergeCover': share('merge: cover of the new'),
  'matching.surviveShare': share('survive: overlap'),
  'matching.minCommonUsers': whole('fewest common users', 1, 1_000_000),
  'matching.minCommonShare': share('least share of common users'),
  'trust.refits': whole('no-change re-fits', 0, 100_000),
  'trust.bootstraps': whole('bootstraps', 0, 100_000),
  'trust.stableP': share('largest p of a stable event'),
  'trust.noiseP': share('largest p of a tentative event'),
  'trust.changeP': share('largest p of a stable change'),
  'trust.stable': share('stability of a stable event'),
  'trust.unstable': share('stability of a tentative event'),
  'change.size': share('least change of size'),
  'change.compactness': share('least change of compactness'),
  'change.shift': real('least shift of the centroid', 0, 2),
  'drift.features': whole('random features', 2, 8192),
  'drift.permutations': whole('permutations of users', 0, 100_000),
  'levels.count': whole('interest levels', 2, 4),
  'membership.temperature': real('temperature of memberships', 0.001, 10),
  'membership.secondaryShare': share('share of a secondary interest'),
} as const satisfies Readonly<Record<string, NumberBounds>>;

export type BoundedSetting = keyof typeof SETTING_BOUNDS;

export interface SettingProblem {
  /** `group.key` for a setting of a group. */
  readonly path: string;
  /** What was found, and what may be set. */
  readonly what: string;
  readonly hint: string;
}

/** Numbers out of their bounds and weights that are none, in the order of {@link SETTING_BOUNDS}; empty where all is well. */
export function settingProblems(settings: Settings): SettingProblem[] {
  const paths = Object.keys(SETTING_BOUNDS) as BoundedSetting[];
  const problems = paths.flatMap((path) => outOfBounds(path, valueAt(settings, path)) ?? []);
  const { k, kMin, kMax, typeWeights } = settings;
  if (k === 'auto' && kMin > kMax) {
    problems.push({ path: 'kMax', what: `The smallest k (${kMin}) is above the largest (${kMax}).`, hint: 'Swap them.' });
  }
  if (settings.drift.features % 2 === 1) {
    const what = `The setting "random features" is ${settings.drift.features}.`;
    problems.push({ path: 'drift.features', what, hint: 'Set an even number: half are cosines, half sines.' });
  }
  problems.push(...modeProblems(settings));
  if (!areCuts(settings.levels)) problems.push(badCuts(settings.levels));
  for (const [type, weight] of Object.entries(typeWeights)) {
    if (Number.isFinite(weight) && weight >= 0) continue;
    problems.push({ path: 'typeWeights', what: `The weight of "${type}" is ${weight}.`, hint: 'Set a number of 0 or more.' });
  }
  return problems;
}

const NULLABLE: readonly BoundedSetting[] = ['halfLifeDays', 'density.reassign'];

/** One fit over all windows looks ahead by its nature: every window shapes the segments of those before it. */
export function modeProblems({ mode, lookAhead }: Pick<Settings, 'mode'> & { readonly lookAhead?: boolean }): SettingProblem[] {
  if (mode !== 'global' || lookAhead !== false) return [];
  const what = 'Segments of all windows at once (global) cannot do without looking ahead: later windows shape earlier segments.';
  return [{ path: 'mode', what, hint: 'Choose evolving segments, or allow the look ahead.' }];
}

/** None, or up to four, each below the one before it in the tree. */
function areCuts({ cut, cuts }: LevelSettings): boolean {
  const fits = (at: number): boolean => (cut === 'count' ? Number.isInteger(at) && at >= 1 : at > 0 && at < 1);
  const finer = (at: number, i: number): boolean => i === 0 || (at - (cuts[i - 1] as number)) * (cut === 'count' ? 1 : -1) > 0;
  return cuts.length <= 4 && cuts.every((at, i) => fits(at) && finer(at, i));
}

const badCuts = ({ cut, cuts }: LevelSettings): SettingProblem => ({
  path: 'levels.cuts',
  what: `The cuts of the interest levels are ${cuts.join(', ')}.`,
  hint:
    cut === 'count'
      ? 'Set up to four whole numbers of groups, each larger than the one before.'
      : 'Set up to four shares of the height, between 0 and 1, each smaller than the one before.',
});

function outOfBounds(path: BoundedSetting, value: unknown): SettingProblem | null {
  // Chosen by the run; no decay, no re-assignment: the absence of a number.
  if (((path === 'k' || path === 'density.eps') && value === 'auto') || (NULLABLE.includes(path) && value === null)) return null;
  const { name, min, max, whole: integer } = SETTING_BOUNDS[path];
  if (typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value))) return null;
  const kind = integer ? 'a whole number' : 'a number';
  return { path, what: `The setting "${name}" is ${value}.`, hint: `Set ${kind} from ${min} to ${max}.` };
}

const valueAt = (settings: Settings, path: BoundedSetting): unknown =>
  path.split('.').reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>>)[key], settings);
