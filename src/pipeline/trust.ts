import {
  createRandom,
  deriveSeed,
  type EventTable,
  type JobContext,
  type Matrix,
  type ProfileTable,
  portion,
  type Settings,
  type TimeWindow,
  type TrackEvent,
  type Trust,
  untold,
} from '../domain/index.ts';
import type { Compute } from '../engine/index.ts';
import { buildProfiles, poolVectors } from '../profile/index.ts';
import {
  alikeStability,
  type ChangeRule,
  changeNull,
  comeAndGo,
  falseChangeRate,
  falseEventRate,
  type Half,
  judge,
  judgeChanges,
  matchFixed,
  matchHalves,
  meanStability,
  type Refit,
  windowUsers,
} from '../track/index.ts';
import { fitAlone, type Starts } from './fit/index.ts';
import { assignHalf, fixedStability, globalStability } from './global-trust.ts';
import { splitEvents, usersWithEvents } from './halves.ts';
import { type Reduced, reduceBy } from './reduce.ts';
import { jaccardsOfSample, segmentsOf } from './resample.ts';
import { groupByWindow, type Segmentation } from './segment.ts';
import type { Tracked } from './track.ts';

export interface TrustTask {
  readonly events: EventTable;
  /** Distinct texts x dims. */
  readonly texts: Matrix;
  readonly profiles: ProfileTable;
  readonly windows: readonly TimeWindow[];
  readonly reduced: Reduced;
  readonly segmentation: Segmentation;
  readonly tracked: Tracked;
  readonly settings: Settings;
  readonly compute: Compute;
  readonly ctx: JobContext;
  /** Told what is known so far: after the stability of all windows, and at most twice a second after a round of re-fits over the windows. */
  readonly onPartial?: (trust: Trust) => void;
}

/** Fewest users whose events can be halved for a window to be re-fitted: with less the halves hold no segments to speak of. */
const FEWEST_USERS = 20;
/** Milliseconds between two partial results. */
const TELL_MS = 500;
/** Bootstraps take about this share of the time of all. */
const BOOTSTRAP_SHARE = 0.25;

/**
 * Bootstraps and no-change re-fits (DESIGN.md section 3, "Trust"). A re-fit halves the events of each user who has at least
 * 2 x minEvents in the window, profiles and fits each half alone with the run's settings, and matches the two; re-fits are dealt
 * over the windows in turn. The map from text to reduced vector is that of the run.
 */
export async function measureTrust(task: TrustTask): Promise<Trust> {
  const bootstraps = task.segmentation.global ? globalStability : bootstrapStability;
  const stability = await bootstraps(task, portion(task.ctx, 0, BOOTSTRAP_SHARE));
  const refits: Refit[] = [];
  const told = (): Trust => judgeAll(task, stability, refits);
  const tell = seldom(() => task.onPartial?.(told()));
  tell();
  const ctx = portion(task.ctx, BOOTSTRAP_SHARE, 1);
  const usersOf = task.windows.map((_, w) => usersWithEvents(task.profiles, w, 2 * task.settings.minEvents));
  const able = usersOf.flatMap((users, w) => (users.size >= FEWEST_USERS && task.segmentation.fits[w] ? [w] : []));
  const total = able.length > 0 ? task.settings.trust.refits : 0;
  for (let r = 0; r < total; r++) {
    const window = able[r % able.length] as number;
    refits.push(await refit(task, window, usersOf[window] as Set<number>, r, stability, untold(ctx)));
    ctx.progress(r + 1, total, `${r + 1} of ${total} no-change re-fits`);
    if ((r + 1) % able.length === 0 && r + 1 < total) tell();
    await ctx.checkpoint();
  }
  return told();
}

/** Calls `tell` at most every {@link TELL_MS}, and at once the first time: a page that is told more often does nothing else. */
function seldom(tell: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last < TELL_MS) return;
    last = now;
    tell();
  };
}

function judgeAll({ tracked, windows, settings }: TrustTask, stability: Float64Array, refits: readonly Refit[]): Trust {
  const rule = ruleOf(settings);
  const least = (segments: readonly number[]): number => Math.min(...segments.map((s) => stability[s] as number));
  const chance = changeNull(refits);
  return {
    stability,
    events: tracked.events.map((event) => judge(event, least(event.segments), refits, rule)),
    changes: tracked.events.map((event) =>
      judgeChanges(event, least(event.segments), survivorsInto(event.window, tracked.events), chance, rule),
    ),
    falseEventRate: falseEventRate(refits, windows.length, rule),
    falseChangeRate: falseChangeRate(refits, chance, rule),
  };
}

const survivorsInto = (window: number, events: readonly TrackEvent[]): number =>
  events.filter((e) => e.window === window && e.kind === 'survive').length;

const ruleOf = ({ trust, matching, change }: Settings): ChangeRule => ({
  ...trust,
  minUsers: matching.minCommonUsers,
  least: change,
});

/** Mean Jaccard of every segment over bootstraps of its window's users, at the window's k. */
async function bootstrapStability(task: TrustTask, ctx: JobContext): Promise<Float64Array> {
  const rowsOf = groupByWindow(task.profiles, task.windows.length);
  const out = new Float64Array(task.tracked.segments.length).fill(Number.NaN);
  for (const [w, fit] of task.segmentation.fits.entries()) {
    const k = fit?.centroids.rows ?? 0;
    const rows = Uint32Array.from(rowsOf[w]?.full ?? []);
    if (k === 0 || rows.length === 0) continue;
    const runs: Float64Array[] = [];
    for (let b = 0; b < task.settings.trust.bootstraps; b++) {
      runs.push(await bootstrap(task, w, b, rows, k, untold(ctx)));
      await ctx.checkpoint();
    }
    out.set(meanStability(runs, k), task.tracked.firstOf[w]);
    ctx.progress(w + 1, task.windows.length, `stability of ${w + 1} of ${task.windows.length} windows`);
  }
  return out;
}

async function bootstrap(
  task: TrustTask,
  w: number,
  b: number,
  rows: Uint32Array,
  k: number,
  ctx: JobContext,
): Promise<Float64Array> {
  const name = `bootstrap ${b} of ${(task.windows[w] as TimeWindow).name}`;
  const random = createRandom(deriveSeed(task.settings.seed, name));
  const drawn = Uint32Array.from(rows, () => random.int(rows.length)).sort();
  const original = Int32Array.from(rows, (row) => task.segmentation.numberOf[row] as number);
  return jaccardsOfSample(task, rows, original, drawn, k, name, ctx);
}

async function refit(
  task: TrustTask,
  w: number,
  users: Set<number>,
  r: number,
  stability: Float64Array,
  ctx: JobContext,
): Promise<Refit> {
  const { events, windows, settings, tracked } = task;
  const { global } = task.segmentation;
  const window = windows[w] as TimeWindow;
  const seed = deriveSeed(settings.seed, `re-fit ${r}`);
  const known = tracked.segments.filter((segment) => segment.window === w);
  const first = tracked.firstOf[w] as number;
  const halves: Half[] = [];
  for (const [i, half] of splitEvents(events, window, users, seed).entries()) {
    const { segments, users } = await fitHalf(task, half, w, `re-fit ${r} ${i}`, ctx);
    const of = global
      ? fixedStability(segments, task, stability)
      : alikeStability(segments, known, (s) => stability[first + s] as number);
    halves.push({ segments, users, stability: of });
  }
  const present = Uint32Array.from(users).sort();
  const [a, b] = halves as [Half, Half];
  const turnover = createRandom(deriveSeed(settings.seed, `turnover ${r}`));
  const [usersA, usersB] = comeAndGo(a.users, b.users, tracked.stay, turnover);
  const match = global ? (overlap: Parameters<typeof matchFixed>[0]) => matchFixed(overlap) : undefined;
  return matchHalves(w, { ...a, users: usersA }, { ...b, users: usersB }, present, settings.matching, match);
}

/** Profiles and segments of one half of a window's events, as the run makes them of all; in global mode the segments are those of the run. */
async function fitHalf(
  task: TrustTask,
  events: EventTable,
  w: number,
  name: string,
  ctx: JobContext,
): Promise<Omit<Half, 'stability'>> {
  const { settings, texts, reduced, segmentation, compute, windows } = task;
  const profiles = await buildProfiles(events, [windows[w] as TimeWindow], settings, ctx);
  const x = await reduceBy(reduced.model, await poolVectors(profiles, texts, ctx), compute, ctx);
  const users = windowUsers(profiles.user, x);
  if (segmentation.global) return { segments: await assignHalf(x, profiles, segmentation.global, compute, ctx), users };
  const fit = await fitAlone(x, name, segmentation.commonK, segmentation.startsOf[w] as Starts, { settings, compute, ctx });
  return { segments: segmentsOf(fit, profiles), users };
}
