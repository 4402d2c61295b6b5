import { describe, expect, test } from 'vitest';
import {
  type Algorithm,
  type AnalysisResult,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  deriveSeed,
  makeWindows,
  type Settings,
  silentContext,
  takeRows,
} from '../domain/index.ts';
import { adjustedRandIndex, CPU, kmeans } from '../engine/index.ts';
import { buildProfiles, poolVectors } from '../profile/index.ts';
import { generateLog } from '../testing/index.ts';
import { fakeEmbedder, fakeReader, group, tryOut, type Visit } from './fakes.fixture.ts';
import { segmentGlobally } from './global.ts';
import { openSpace } from './space.ts';

const TRUST = { ...DEFAULT_SETTINGS.trust, refits: 0, bootstraps: 0 };
const QUICK: Partial<Settings> = { mode: 'global', trust: TRUST, drift: { features: 64, permutations: 19 } };
const run = (visits: readonly Visit[], settings: Partial<Settings> = {}, more = {}): Promise<AnalysisResult> =>
  tryOut(visits, { settings: { ...QUICK, ...settings }, ...more });

/** The log of a library with its planted changes: interests as topics. */
function generated(users: number, months: number): Visit[] {
  const { rows } = generateLog({ seed: 1, users, months });
  const interests = [...new Set(rows.map((r) => r.interest))].sort();
  const visits = new Map<string, Visit>();
  for (const { user_id: user, timestamp, interest } of rows) {
    const [month, topic] = [Number(timestamp.slice(5, 7)) - 1, interests.indexOf(interest) % 8];
    const key = `${user} ${month} ${topic}`;
    visits.set(key, { user, month, topic, times: (visits.get(key)?.times ?? 0) + 1 });
  }
  // A fake month has room for nine events.
  return [...visits.values()].map((v) => ({ ...v, times: Math.min(9, v.times) }));
}

/** Interests of 20, 14 and 10 users in three months; the third interest pauses in the second. */
const PAUSING: readonly Visit[] = [0, 1, 2].flatMap((month) => [
  ...group(0, month, 0, 20),
  ...group(1, month, 20, 34),
  ...group(month === 1 ? 0 : 2, month, 34, 44),
]);
/** One user with too few events in the second month, whose interest nobody else has there. */
const WITH_THIN: readonly Visit[] = [...PAUSING, ...group(2, 1, 60, 61, 1)];

const trackOf = ({ segments }: AnalysisResult, word: string): number =>
  segments.find((s) => s.terms[0] === word)?.track as number;
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

describe('one fit over all windows', () => {
  test('is k-means on all profiles that are not thin: the same labels, numbered by the users of all windows', async () => {
    const { profiles, windows, vectors } = await profilesOf(generated(60, 8));
    const settings: Settings = { ...DEFAULT_SETTINGS, mode: 'global', k: 6 };
    const task = { settings, compute: CPU, ctx: silentContext };
    const space = await openSpace(vectors, profiles, windows.length, task);
    const found = await segmentGlobally(space, profiles, windows, task);
    const full = Array.from({ length: profiles.count }, (_, p) => p).filter((p) => !profiles.thin[p]);
    const numbers = full.map(
      (p) => found.global?.windows[profiles.window[p] as number]?.numbers[found.numberOf[p] as number] as number,
    );
    const options = { nInit: 4, maxIterations: 100, tolerance: 1e-4, spherical: true };
    const seed = deriveSeed(settings.seed, 'k-means all windows 6');
    const direct = await kmeans(takeRows(space.all, full), { k: 6, seed, ...options }, CPU, silentContext);
    expect(adjustedRandIndex(numbers, [...direct.labels])).toBe(1);
    const sizes = [0, 1, 2, 3, 4, 5].map((n) => numbers.filter((number) => number === n).length);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes.every((size) => size > 0)).toBe(true);
  });

  test('no track splits, merges or is reorganised, and each is one segment in every window', async () => {
    const { events, segments, movements, windows, changes } = await run(generated(60, 8), { k: 6 });
    expect(new Set(events.map((e) => e.kind)).size).toBeGreaterThan(0);
    for (const { kind, from, to } of events) {
      expect(['survive', 'emerge', 'disappear', 'resurface']).toContain(kind);
      if (kind === 'survive') expect(from).toEqual(to);
    }
    for (const s of segments) expect(s.track).toBe(s.number + 1);
    expect(new Set(segments.map((s) => `${s.window} ${s.track}`)).size).toBe(segments.length);
    for (const { window, before, migration: m, net } of movements) {
      expect(sum(m.counts) + sum(m.dormant)).toBe(windows[before]?.profiles);
      expect(sum(m.counts) + sum(m.new) + sum(m.resurrecting)).toBe(windows[window]?.profiles);
      expect(sum(net.change)).toBe((windows[window]?.profiles ?? 0) - (windows[before]?.profiles ?? 0));
    }
    expect(sum(changes.moves)).toBeGreaterThan(0);
  });

  test("every user's moves add up to the migration off its diagonal, where all are there in all windows", async () => {
    const steady = [0, 1, 2].flatMap((month) => [
      ...group(0, month, 0, 20 - 5 * month),
      ...group(1, month, 20 - 5 * month, 34),
      ...group(2, month, 34, 44),
    ]);
    const { changes, movements } = await run(steady, { k: 3 });
    const off = movements.map(({ migration: { from, to, counts } }) =>
      sum(counts.filter((_, i) => from[Math.floor(i / to.length)] !== to[i % to.length])),
    );
    expect(off).toEqual([5, 5]);
    expect(sum(changes.moves)).toBe(10);
    expect([...changes.moves].sort().reverse().slice(0, 11)).toEqual([...Array(10).fill(1), 0]);
  });

  test('a segment without members in a window is absent there: it disappears and comes back by its users', async () => {
    const result = await run(PAUSING, { k: 3 });
    const roses = trackOf(result, 'roses');
    expect(result.segments.filter((s) => s.track === roses).map((s) => s.window)).toEqual([0, 2]);
    expect(result.segments.map((s) => [s.window, s.size])).toEqual([
      [0, 20],
      [0, 14],
      [0, 10],
      [1, 30],
      [1, 14],
      [2, 20],
      [2, 14],
      [2, 10],
    ]);
    const told = result.events.filter((e) => e.kind !== 'survive');
    expect(told).toMatchObject([
      { kind: 'disappear', window: 1, from: [roses], host: trackOf(result, 'bread'), users: 10 },
      { kind: 'resurface', window: 2, to: [roses], users: 10 },
    ]);
    expect(told.map((e) => e.tentative)).toEqual(
      told.map((e) => !!result.windows[e.window]?.partial || !!result.windows[e.before]?.partial),
    );
  });

  test('a segment that first has members later emerges, and its number goes by all windows', async () => {
    const late = [...group(0, 0, 0, 12), ...group(1, 0, 12, 22), ...group(1, 1, 12, 22), ...group(2, 1, 40, 90)];
    const result = await run(late, { k: 3 });
    expect(result.segments.map((s) => [s.window, s.terms[0], s.number])).toEqual([
      [0, 'stars', 1],
      [0, 'bread', 2],
      [1, 'roses', 0],
      [1, 'stars', 1],
    ]);
    expect(result.events.map((e) => [e.kind, ...e.from, ...e.to])).toEqual([
      ['survive', 2, 2],
      ['disappear', 3],
      ['emerge', 1],
    ]);
  });

  test('thin profiles go to the nearest segment that is present; a window of thin profiles has none', async () => {
    const { profiles, segments, users } = await run([...WITH_THIN, ...group(0, 3, 0, 5, 1)], { k: 3 });
    const of = (user: string, window: number): number =>
      profiles.segment[
        Array.from({ length: profiles.count }, (_, p) => p).find(
          (p) => users[profiles.user[p] as number] === user && profiles.window[p] === window,
        ) as number
      ] as number;
    expect(segments[of('u060', 1)]).toMatchObject({ window: 1, thin: 1 });
    expect(of('u000', 3)).toBe(-1);
    expect(segments.every((s) => s.window < 3)).toBe(true);
  });

  test('k auto chooses once, from the silhouette over all windows', async () => {
    const { kChoices, quality, segments } = await run(PAUSING, { kMin: 2, kMax: 5 });
    expect(kChoices).toMatchObject([{ window: null, k: 3 }]);
    expect(kChoices[0]?.curve.map(({ k }) => k)).toEqual([2, 3, 4, 5]);
    expect(new Set(segments.map((s) => s.track)).size).toBe(3);
    expect(quality.map((q) => q.silhouette)).toEqual([null, null, null]);
  });

  test.each(['hdbscan', 'dbscan', 'hierarchy', 'consensus'] satisfies Algorithm[])('by %s too', async (algorithm) => {
    // Wide enough that users of one interest who read the same texts are no segment of their own.
    const density = { ...DEFAULT_SETTINGS.density, minClusterSize: 20, eps: 0.8 };
    const { segments, events } = await run(PAUSING, { algorithm, density, k: 3, consensusRuns: 5 });
    expect(segments.map((s) => s.size)).toEqual([20, 14, 10, 30, 14, 20, 14, 10]);
    expect(events.map((e) => e.kind)).toEqual(['survive', 'survive', 'disappear', 'survive', 'survive', 'resurface']);
  });

  test('density tells of every window whom the one fit left out, near which of the segments that are there', async () => {
    const density = { ...DEFAULT_SETTINGS.density, minClusterSize: 20 };
    const { density: told, profiles, windows, segments } = await run(generated(60, 8), { algorithm: 'hdbscan', density });
    expect(told?.windows.map(({ window }) => window)).toEqual(
      windows.flatMap(({ profiles: users }, w) => (users > 0 ? [w] : [])),
    );
    const full = [...profiles.window.keys()].filter((p) => !profiles.thin[p]);
    const noise = full.filter((p) => profiles.segment[p] === -1);
    expect(noise.length).toBeGreaterThan(0);
    expect(told?.windows.reduce((sum, { leftOut }) => sum + leftOut, 0)).toBe(noise.length);
    for (const p of full) {
      expect(Number.isNaN(told?.strength[p])).toBe(false);
      const near = segments[told?.nearest[p] as number];
      if (near) expect([near.window, noise.includes(p)]).toEqual([profiles.window[p], true]);
    }
  });

  test('P2 row order does not matter', async () => {
    const visits = generated(40, 8);
    const [one, other] = [await run(visits, { k: 5 }), await run([...visits].reverse(), { k: 5 })];
    expect(other.profiles).toEqual(one.profiles);
    expect(other.segments).toEqual(one.segments);
    expect(other.events).toEqual(one.events);
  });

  test('more segments than all windows have profiles are refused, and more than one window has are not', async () => {
    const few = [...group(0, 0, 0, 6), ...group(1, 1, 6, 12)];
    await expect(run(few, { k: 13 })).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('all windows together have 12'),
    });
    expect((await run(few, { k: 8 })).tracks.length).toBe(8);
  });
});

test('a fixed k above the distinct profiles of all windows is told, with what is left', async () => {
  const { warnings, tracks } = await run(
    [0, 1].flatMap((month) => group(0, month, 0, 12)),
    { k: 20 },
  );
  expect(tracks.length).toBeLessThanOrEqual(12);
  expect(warnings).toContain(`All windows together have fewer than 20 distinct profiles and show ${tracks.length} segments.`);
});

describe('trust', () => {
  const measured = { k: 3, trust: { ...DEFAULT_SETTINGS.trust, refits: 9, bootstraps: 5 } };
  const twice = PAUSING.map((v) => ({ ...v, times: 6 }));

  test('a segment has one stability, the same in all windows; clear segments have all of it', async () => {
    const { segments, trust } = await run(twice, measured);
    const ofTrack = new Map<number, Set<number>>();
    for (const s of segments) ofTrack.set(s.track, (ofTrack.get(s.track) ?? new Set()).add(trust.stability[s.index] as number));
    expect([...ofTrack.values()].map((values) => values.size)).toEqual([1, 1, 1]);
    expect(trust.stability.every((s) => s > 0.95)).toBe(true);
  });

  test('halves of clear users lie in the same fixed segments: no false event, and a real one has the smallest p', async () => {
    const { events, trust } = await run(twice, measured);
    expect(trust.falseEventRate).toMatchObject({ refits: 9, raw: 0, stable: 0 });
    const p = events.flatMap((e, i) => (e.kind === 'survive' ? [] : [trust.events[i]?.p]));
    expect(p).toEqual([0.1, 0.1]);
  });

  test('P2 the same input gives the same trust', async () => {
    const [one, other] = [await run(twice, measured), await run([...twice].reverse(), measured)];
    expect(other.trust).toEqual(one.trust);
  });
});

async function profilesOf(visits: readonly Visit[]) {
  const { events } = await fakeReader(visits).read([], undefined as never, DEFAULT_INTAKE, silentContext);
  const windows = makeWindows(
    'month',
    'UTC',
    events.time.reduce((a, b) => Math.min(a, b)),
    events.time.reduce((a, b) => Math.max(a, b)),
  );
  const profiles = await buildProfiles(events, windows, DEFAULT_SETTINGS, silentContext);
  const texts = await fakeEmbedder().embed(events.texts, silentContext);
  const vectors = await poolVectors(profiles, texts.vectors, silentContext);
  return { profiles, windows, vectors };
}
