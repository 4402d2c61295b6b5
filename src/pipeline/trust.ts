import {
  type ChangeTrust,
  createRandom,
  deriveSeed,
  type EventTable,
  type JobContext,
  type Matrix,
  type ProfileTable,
  portion,
  type Settings,
  type SurvivorChange,
  type TimeWindow,
  type TrackEvent,
  type Trust,
  untold,
} from '../domain/index.ts';
import type { Compute } from '../engine/index.ts';
import { buildProfiles, poolVectors, type Rarity, rarityOf } from '../profile/index.ts';
import {
  alikeStability,
  type ChangeRule,
  changeNull,
  comeAndGo,
  falseChangeRate,
  falseEventRate,
  type Half,
  judge,
  judgeChange,
  judgeChanges,
  matchFixed,
  matchHalves,
  meanStability,
  type Refit,
  verdictOf,
  windowUsers,
} from '../track/index.ts';
import { type FrozenBehaviour, joinTogether } from './behaviour.ts';
import { fitAlone, type Starts } from './fit/index.ts';
import { assignHalf, fixedStability, globalStability } from './global-trust.ts';
import { splitEvents, usersWithEvents } from './halves.ts';
import type { Reuse } from './memory.ts';
import { reduceBy } from './reduce.ts';
import { dealRefits, keyOfRefit, poolAt, poolsAsOf, type RefitPlan, type RefitPool, refitsOf } from './refit-pools.ts';
import { jaccardsOfSample, segmentsOf } from './resample.ts';
import { groupByWindow } from './rows.ts';
import type { Segmentation } from './segment.ts';
import type { Space } from './space.ts';
import type { Tracked } from './track.ts';

export interface TrustTask {
  readonly events: EventTable;
  /** Distinct texts x dims. */
  readonly texts: Matrix;
  readonly profiles: ProfileTable;
  readonly windows: readonly TimeWindow[];
  readonly space: Space;
  /** idf of the run; null where texts weigh alike. */
  readonly rarity: Rarity | null;
  /** Null where texts alone make a profile. */
  readonly behaviour: FrozenBehaviour | null;
  readonly segmentation: Segmentation;
  readonly tracked: Tracked;
  readonly settings: Settings;
  readonly compute: Compute;
  /** A run that data are added to: bootstraps and re-fits of windows that are not touched stay, and with look-ahead what was said of their events. */
  readonly reuse?: Reuse | null;
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
 * over the windows in turn, without look-ahead over those up to each window. The map from text to reduced vector is that of the run.
 */
export async function measureTrust(task: TrustTask): Promise<MeasuredTrust> {
  const { settings, segmentation } = task;
  const bootstraps = segmentation.global ? globalStability : bootstrapStability;
  const stability = await bootstraps(task, portion(task.ctx, 0, BOOTSTRAP_SHARE));
  const usersOf = task.windows.map((_, w) => usersWithEvents(task.profiles, w, 2 * settings.minEvents));
  const able = usersOf.flatMap((users, w) => (users.size >= FEWEST_USERS && segmentation.fits[w] ? [w] : []));
  const pools = settings.lookAhead
    ? [{ from: 0, plans: dealRefits(able, settings.trust.refits) }]
    : poolsAsOf(able, settings.trust.refits);
  const made = keptRefits(task.reuse);
  const told = (): Trust => judgeAll(task, stability, pools, made);
  const tell = seldom(() => task.onPartial?.(told()));
  tell();
  const ctx = portion(task.ctx, BOOTSTRAP_SHARE, 1);
  const plans = refitsOf(pools).filter((plan) => !made.has(keyOfRefit(plan)));
  for (const [r, plan] of plans.entries()) {
    const users = usersOf[plan.window] as Set<number>;
    made.set(keyOfRefit(plan), await refit(task, plan.window, users, nameOf(plan, able, task), stability, untold(ctx)));
    ctx.progress(r + 1, plans.length, `${r + 1} of ${plans.length} no-change re-fits`);
    if ((r + 1) % able.length === 0 && r + 1 < plans.length) tell();
    await ctx.checkpoint();
  }
  return { trust: told(), refits: made };
}

export interface MeasuredTrust {
  readonly trust: Trust;
  /** By `keyOfRefit`. */
  readonly refits: ReadonlyMap<string, Refit>;
}

/** Part of the seed: without look-ahead it must not depend on how many windows there are. */
const nameOf = ({ window, ordinal }: RefitPlan, able: readonly number[], { settings, windows }: TrustTask): string =>
  settings.lookAhead ? `${ordinal * able.length + able.indexOf(window)}` : `${ordinal} of ${windows[window]?.name}`;

function keptRefits(reuse: Reuse | null | undefined): Map<string, Refit> {
  return new Map(reuse ? [...reuse.state.refits].filter(([, { window }]) => window < reuse.from) : []);
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

/** By the re-fits made so far. Events of a window are held against its pool, and its rate is of its re-fits there; the rate of all is the last pool's. */
function judgeAll(
  { tracked, windows, settings, reuse }: TrustTask,
  stability: Float64Array,
  pools: readonly RefitPool[],
  made: ReadonlyMap<string, Refit>,
): Trust {
  const rule = ruleOf(settings);
  const least = (segments: readonly number[]): number => Math.min(...segments.map((s) => stability[s] as number));
  const refitsIn = new Map(pools.map((pool) => [pool, pool.plans.flatMap((plan) => made.get(keyOfRefit(plan)) ?? [])]));
  const rates = new Map(pools.map((pool) => [pool, falseEventRate(refitsIn.get(pool) ?? [], windows.length, rule)]));
  const chances = new Map(pools.map((pool) => [pool, changeNull(refitsIn.get(pool) ?? [])]));
  const last = pools.at(-1);
  const overall = (last && rates.get(last)) ?? falseEventRate([], windows.length, rule);
  const poolFor = (window: number) => poolAt(pools, window) as RefitPool;
  const refitsFor = (window: number): readonly Refit[] => refitsIn.get(poolFor(window)) ?? [];
  const chanceFor = (window: number) => chances.get(poolFor(window)) ?? changeNull([]);
  const rateOf = (window: number) => rates.get(poolFor(window))?.perWindow[window];
  // With look-ahead the pool is another one now, and what was said of earlier events is not to change.
  const kept = settings.lookAhead && reuse ? { from: reuse.from, ...reuse.state.result.trust } : null;
  return {
    stability,
    events: tracked.events.map((event, i) => {
      const former = kept && event.window < kept.from ? kept.events[i] : undefined;
      if (former) return { ...former, verdict: verdictOf(former, event.users, event.tentative, rule) };
      return judge(event, least(event.segments), refitsFor(event.window), rule);
    }),
    changes: tracked.events.map((event, i) => {
      const former = kept && event.window < kept.from ? kept.changes[i] : undefined;
      const survivors = survivorsInto(event.window, tracked.events);
      if (former)
        return event.changes.map((change, c) => mended(event, change, former[c] as ChangeTrust, least(event.segments), rule));
      return judgeChanges(event, least(event.segments), survivors, chanceFor(event.window), rule);
    }),
    falseEventRate: {
      ...overall,
      perWindow: overall.perWindow.map((rate, w) =>
        kept && w < kept.from ? (kept.falseEventRate.perWindow[w] ?? rate) : (rateOf(w) ?? rate),
      ),
    },
    falseChangeRate: falseChangeRate((last && refitsIn.get(last)) ?? [], (last && chances.get(last)) ?? changeNull([]), rule),
  };
}

/** What was said of a change before data were added, but for the verdict, which a mark that was lifted may change. */
const mended = (
  event: TrackEvent,
  change: SurvivorChange,
  former: ChangeTrust,
  stability: number,
  rule: ChangeRule,
): ChangeTrust => ({
  ...former,
  ...judgeChange(event, change, former.p, stability, rule),
});

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
    const known = keptStability(task, w, k);
    if (known) {
      out.set(known, task.tracked.firstOf[w]);
      continue;
    }
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

/** Of a window that new data did not touch, where it was measured. */
function keptStability({ reuse, tracked }: TrustTask, w: number, k: number): Float64Array | null {
  if (!reuse || w >= reuse.from) return null;
  const first = tracked.firstOf[w] as number;
  const known = reuse.state.result.trust.stability.subarray(first, first + k);
  return known.length === k ? known : null;
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
  const sample = task.space.own(
    w,
    drawn.map((i) => rows[i] as number),
  );
  return jaccardsOfSample(task, original, drawn, sample, k, name, ctx);
}

async function refit(
  task: TrustTask,
  w: number,
  users: Set<number>,
  name: string,
  stability: Float64Array,
  ctx: JobContext,
): Promise<Refit> {
  const { events, windows, settings, tracked } = task;
  const { global } = task.segmentation;
  const window = windows[w] as TimeWindow;
  const seed = deriveSeed(settings.seed, `re-fit ${name}`);
  const known = tracked.segments.filter((segment) => segment.window === w);
  const first = tracked.firstOf[w] as number;
  const halves: Half[] = [];
  for (const [i, half] of (await profileHalves(task, splitEvents(events, window, users, seed), w, ctx)).entries()) {
    const { segments, users } = await fitHalf(task, half, w, `re-fit ${name} ${i}`, ctx);
    const of = global
      ? fixedStability(segments, task, stability)
      : alikeStability(segments, known, (s) => stability[first + s] as number);
    halves.push({ segments, users, stability: of });
  }
  const present = Uint32Array.from(users).sort();
  const [a, b] = halves as [Half, Half];
  const turnover = createRandom(deriveSeed(settings.seed, `turnover ${name}`));
  const [usersA, usersB] = comeAndGo(a.users, b.users, tracked.stayOf[w] as number, turnover);
  const match = global ? (overlap: Parameters<typeof matchFixed>[0]) => matchFixed(overlap) : undefined;
  return matchHalves(w, { ...a, users: usersA }, { ...b, users: usersB }, present, settings.matching, match);
}

/** Profiles of both halves of a window's events, as the run makes them of all, and where they lie. */
async function profileHalves(
  task: TrustTask,
  halves: readonly EventTable[],
  w: number,
  ctx: JobContext,
): Promise<ProfiledHalf[]> {
  const { settings, texts, space, behaviour, compute, windows } = task;
  const window = [windows[w] as TimeWindow];
  const own = [];
  for (const events of halves) {
    // The idf of a half's own events counts the users of all windows.
    const rarity = settings.lookAhead ? rarityOf(events, settings) : task.rarity;
    const profiles = await buildProfiles(events, window, settings, ctx, rarity);
    own.push({ events, windows: window, profiles, settings, vectors: await poolVectors(profiles, texts, ctx) });
  }
  const joined = await joinTogether(own, behaviour, ctx);
  const out: ProfiledHalf[] = [];
  for (const [i, { profiles }] of own.entries()) {
    out.push({ profiles, x: await reduceBy(space.modelOf(w), joined[i] as Matrix, compute, ctx) });
  }
  return out;
}

interface ProfiledHalf {
  readonly profiles: ProfileTable;
  /** Profiles x reduced dims, unit rows. */
  readonly x: Matrix;
}

/** Segments of one half; in global mode those of the run. */
async function fitHalf(
  { settings, segmentation, compute }: TrustTask,
  { profiles, x }: ProfiledHalf,
  w: number,
  name: string,
  ctx: JobContext,
): Promise<Omit<Half, 'stability'>> {
  const users = windowUsers(profiles.user, x);
  if (segmentation.global) return { segments: await assignHalf(x, profiles, segmentation.global, compute, ctx), users };
  const [common, starts] = [segmentation.commonK[w] ?? null, segmentation.startsOf[w] as Starts];
  const fit = await fitAlone(x, name, common, starts, { settings, compute, ctx });
  return { segments: segmentsOf(fit, profiles), users };
}
