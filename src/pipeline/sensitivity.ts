import {
  deriveSeed,
  type JobContext,
  makeWindows,
  type ProfileTable,
  portion,
  type Sensitivity,
  type Settings,
  type TimeWindow,
  toAppError,
  UNTRIED,
  untold,
  type Variant,
  type VariantGroup,
} from '../domain/index.ts';
import { buildProfiles, otherLengths, poolVectors } from '../profile/index.ts';
import { type Story, survivals } from '../track/index.ts';
import { joinOwn } from './behaviour.ts';
import { type Candidate, type Fitted, fitWindow, HIERARCHY_SAMPLE, NO_STARTS, numberBySize } from './fit/index.ts';
import { segmentBy } from './modes.ts';
import { groupByWindow } from './rows.ts';
import type { Segmentation, segmentWindows } from './segment.ts';
import { keepBasis, type Space } from './space.ts';
import { spanOf } from './span.ts';
import { trackWindows } from './track.ts';
import type { TrustTask } from './trust.ts';

/** That of the trust, of a run with look-ahead. Other choices are made from nothing: no fit of a run that data were added to is taken over. */
export interface SensitivityTask extends Omit<TrustTask, 'reuse' | 'onPartial'> {
  readonly reuse?: never;
  /** Told what is known after each variant, and before the first. */
  readonly onPartial?: (sensitivity: Sensitivity) => void;
}

/** A variant that is still to be made. */
interface Plan {
  readonly group: VariantGroup;
  readonly name: string;
  readonly make: (ctx: JobContext) => Promise<Made>;
}

interface Made extends Story {
  readonly sameWindows: boolean;
  /** A window: whether its segments were made otherwise than the run's; absent: all of them were. */
  readonly varied?: readonly boolean[];
}

const OTHER_SEEDS = 4;
/** A k chosen anew is at most so far from those that the run chose. Trying all of them again would take three times as long. */
const K_REACH = 2;
const K_STEPS = [-2, -1, 1, 2];
const EPS_FACTORS = [0.9, 1.1];
const SIZE_FACTORS = [0.75, 1.5];

/**
 * Segments made and followed again with one choice changed, and which changes each of these stories tells again (track/sensitivity): every
 * window's k one or two lower and higher, or DBSCAN's eps and HDBSCAN's least size smaller and larger; other seeds, where chance plays a
 * part; windows half and twice as long, their profiles pooled anew, with the features of behaviour in scales of their own. With other seeds and windows k is chosen again. The map from text to
 * reduced vector is that of the run. Nothing is made where nothing changed.
 */
export async function measureSensitivity(task: SensitivityTask): Promise<Sensitivity> {
  const { tracked, windows, profiles, ctx } = task;
  const changes = [...tracked.events.keys()].filter((i) => tracked.events[i]?.kind !== 'survive');
  if (changes.length === 0) return UNTRIED;
  const run: Story = { windows, present: presentOf(profiles, windows.length), ...tracked };
  const plans = planVariants(task);
  const variants: Variant[] = plans.map(({ group, name }) => ({ group, name, outcomes: null }));
  const told = (): Sensitivity => ({ changes, variants: [...variants] });
  task.onPartial?.(told());
  for (const [i, plan] of plans.entries()) {
    const made = await plan.make(portion(ctx, i / plans.length, (i + 1) / plans.length));
    variants[i] = { group: plan.group, name: plan.name, outcomes: outcomesOf(run, changes, made) };
    ctx.progress(i + 1, plans.length, `${i + 1} of ${plans.length} other choices`);
    task.onPartial?.(told());
    await ctx.checkpoint();
  }
  return told();
}

/** A change between two windows that stayed as they were shows nothing. */
function outcomesOf(run: Story, changes: readonly number[], { varied, ...story }: Made): NonNullable<Variant['outcomes']> {
  const events = changes.flatMap((i) => run.events[i] ?? []);
  const outcomes = survivals(run, events, story, story.sameWindows);
  return outcomes.map((outcome, i) => {
    const { before, window } = events[i] as Story['events'][number];
    return !varied || varied[before] || varied[window] ? outcome : 'unmeasured';
  });
}

function planVariants(task: SensitivityTask): Plan[] {
  const { settings } = task;
  const { density } = settings;
  const plan = (group: VariantGroup, name: string, make: Plan['make']): Plan => ({ group, name, make });
  const byCount = settings.algorithm !== 'dbscan' && settings.algorithm !== 'hdbscan';
  const eps = EPS_FACTORS.map((epsScale) => plan('eps', `eps × ${epsScale}`, (ctx) => again(task, settings, ctx, epsScale)));
  const size = SIZE_FACTORS.map((factor) => {
    const minClusterSize = Math.max(2, Math.round(density.minClusterSize * factor));
    return plan('size', `${minClusterSize} users a segment`, (ctx) =>
      again(task, { ...settings, density: { ...density, minClusterSize } }, ctx),
    );
  });
  const near = nearK(task);
  const seeds = Array.from({ length: hasChance(task) ? OTHER_SEEDS : 0 }, (_, i) => {
    const seed = deriveSeed(settings.seed, `sensitivity ${i + 1}`);
    return plan('seed', `seed ${i + 1}`, (ctx) => again(task, { ...near, seed }, ctx));
  });
  return [
    ...(byCount ? K_STEPS.map((step) => plan('k', stepName(step), (ctx) => withOtherK(task, step, ctx))) : []),
    ...(settings.algorithm === 'dbscan' ? eps : []),
    ...(settings.algorithm === 'hdbscan' ? size : []),
    ...seeds,
    ...otherLengths(settings.windows).map((spec) => plan('window', spec, (ctx) => withOtherWindows(task, near, spec, ctx))),
  ];
}

const stepName = (step: number): string => (step < 0 ? `k − ${-step}` : `k + ${step}`);

/** Density asks no dice; a hierarchy only where it, or the silhouette, sees a sample. */
function hasChance({ settings, profiles, windows }: SensitivityTask): boolean {
  const { algorithm, k, mode, silhouetteSample } = settings;
  if (algorithm !== 'hierarchy') return algorithm === 'kmeans' || algorithm === 'consensus';
  const sizes = groupByWindow(profiles, windows.length).map(({ full }) => full.length);
  const largest = mode === 'global' ? sizes.reduce((a, b) => a + b, 0) : Math.max(...sizes);
  return largest > HIERARCHY_SAMPLE || (k === 'auto' && largest > silhouetteSample);
}

/** The run's settings, with the range of k narrowed to the surroundings of those it chose. */
function nearK({ settings, segmentation }: SensitivityTask): Settings {
  const chosen = segmentation.fits.flatMap((fit) => (fit && fit.choice.curve.length > 0 ? [fit.choice.k] : []));
  if (settings.k !== 'auto' || chosen.length === 0) return settings;
  const kMin = Math.max(settings.kMin, Math.min(...chosen) - K_REACH);
  return { ...settings, kMin, kMax: Math.max(kMin, Math.min(settings.kMax, Math.max(...chosen) + K_REACH)) };
}

/** The same profiles, segmented under other settings. */
async function again(task: SensitivityTask, settings: Settings, ctx: JobContext, epsScale = 1): Promise<Made> {
  const { space, profiles, windows, compute } = task;
  return segmentAndTrack(space, profiles, windows, { ...task, settings, compute, epsScale, ctx }, true);
}

/** Other windows over the same events. */
async function withOtherWindows(task: SensitivityTask, settings: Settings, spec: string, ctx: JobContext): Promise<Made> {
  const { events, texts, space, behaviour, compute } = task;
  const { first, last } = spanOf(events.time);
  const windows = windowsIfFew(spec, settings.timeZone, first, last);
  const profiles = await buildProfiles(events, windows, settings, untold(ctx), task.rarity);
  const pooled = await poolVectors(profiles, texts, untold(ctx));
  const vectors = await joinOwn(pooled, { events, windows, profiles, settings }, behaviour, untold(ctx));
  const other = await keepBasis(space, vectors, profiles, windows.length, compute, untold(ctx));
  return segmentAndTrack(other, profiles, windows, { ...task, settings, compute, ctx }, false);
}

/** None where there would be more than can be shown: then nothing can be told, and every change is unmeasured. */
function windowsIfFew(spec: string, timeZone: string, first: number, last: number): TimeWindow[] {
  try {
    return makeWindows(spec, timeZone, first, last);
  } catch (error) {
    if (toAppError(error).kind !== 'input') throw error;
    return [];
  }
}

async function segmentAndTrack(
  space: Space,
  profiles: ProfileTable,
  windows: readonly TimeWindow[],
  task: Parameters<typeof segmentWindows>[3],
  sameWindows: boolean,
): Promise<Made> {
  const segmentation = await segmentBy[task.settings.mode](space, profiles, windows, task);
  const tracked = await trackWindows({ profiles, windows, segmentation, settings: task.settings, ctx: untold(task.ctx) });
  return { windows, present: presentOf(profiles, windows.length), ...tracked, sameWindows };
}

/** Each window with `step` more segments than the run chose for it, where it has users for them; else as it was. */
async function withOtherK(task: SensitivityTask, step: number, ctx: JobContext): Promise<Made> {
  const { segmentation, windows, profiles, settings } = task;
  if (segmentation.global) return globalWithOtherK(task, segmentation.global.centroids.rows + step, ctx);
  const rowsOf = groupByWindow(profiles, windows.length);
  const numberOf = segmentation.numberOf.slice();
  const varied = windows.map(() => false);
  const fits: Segmentation['fits'][number][] = [];
  for (const [w, fit] of segmentation.fits.entries()) {
    const rows = rowsOf[w]?.full ?? [];
    const k = (fit?.centroids.rows ?? 0) + step;
    const can = fit && k >= 2 && k <= rows.length - 2;
    const { labels, centroids } = can ? await fitOf(task, w, rows, k, ctx) : { labels: null, centroids: null };
    for (const [i, row] of rows.entries()) if (labels) numberOf[row] = labels[i] as number;
    varied[w] = centroids !== null;
    fits.push(fit && centroids ? { ...fit, centroids, anchors: centroids } : fit);
    ctx.progress(w + 1, windows.length);
    await ctx.checkpoint();
  }
  const other = { ...segmentation, fits, numberOf };
  const tracked = await trackWindows({ profiles, windows, segmentation: other, settings, ctx: untold(ctx) });
  return { windows, present: presentOf(profiles, windows.length), ...tracked, sameWindows: true, varied };
}

/** The one fit with another k; with fewer than two segments there is nothing to compare, and every change is unmeasured. */
const globalWithOtherK = async (task: SensitivityTask, k: number, ctx: JobContext): Promise<Made> =>
  k >= 2
    ? again(task, { ...task.settings, k }, ctx)
    : { ...task.tracked, windows: task.windows, present: [], sameWindows: true, varied: task.windows.map(() => false) };

/** The fit with another k: that of the scan, where it tried it. */
async function fitOf(task: SensitivityTask, w: number, rows: readonly number[], k: number, ctx: JobContext): Promise<Fitted> {
  const { segmentation, space, windows, settings } = task;
  const tried = segmentation.triedOf[w]?.find(({ fit }) => fit.centroids.rows === k);
  if (tried) return numberBySize(tried.fit);
  const starts = segmentation.startsOf[w] ?? NO_STARTS;
  const fixed = { ...task, settings: { ...settings, k }, ctx: untold(ctx) };
  const [found] = await fitWindow(space.own(w, rows), windows[w]?.name ?? '', starts, fixed);
  return numberBySize((found as Candidate).fit);
}

const presentOf = (profiles: ProfileTable, windows: number): Uint32Array[] =>
  groupByWindow(profiles, windows).map(({ full }) => Uint32Array.from(full, (row) => profiles.user[row] as number).sort());
