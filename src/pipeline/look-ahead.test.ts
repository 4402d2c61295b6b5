import { describe, expect, test } from 'vitest';
import { type AnalysisResult, BEHAVIOURS, DEFAULT_SETTINGS, type Settings } from '../domain/index.ts';
import { group, tryOut, type Visit } from './fakes.fixture.ts';
import { MIXED, month, STORY, typed, until } from './story.fixture.ts';
import { goneBy, upTo } from './up-to.fixture.ts';

const QUICK: Partial<Settings> = {
  kMax: 6,
  drift: { features: 32, permutations: 19 },
  trust: { ...DEFAULT_SETTINGS.trust, refits: 17, bootstraps: 4 },
};
const run = (visits: readonly Visit[], settings: Partial<Settings>): Promise<AnalysisResult> =>
  tryOut(visits, { settings: { ...QUICK, ...settings } });

const density = { ...DEFAULT_SETTINGS.density, minClusterSize: 6, minPts: 4 };

describe('P8 without look-ahead later data leave all that was told of a window as it was, to the bit', () => {
  test.each<[string, Partial<Settings>, readonly Visit[]]>([
    ['k-means, k auto', {}, MIXED],
    ['with idf', { idf: true }, STORY],
    ['k fixed', { k: 3 }, STORY],
    ['HDBSCAN with idf', { algorithm: 'hdbscan', density, idf: true }, MIXED],
    ['DBSCAN', { algorithm: 'dbscan', density }, STORY],
    ['hierarchy', { algorithm: 'hierarchy' }, STORY],
    ['with behaviour', { behaviour: { weight: 0.4, features: BEHAVIOURS } }, typed(MIXED)],
    ['HDBSCAN with behaviour', { algorithm: 'hdbscan', density, behaviour: { weight: 0.4, features: BEHAVIOURS } }, typed(MIXED)],
    ['rolling windows', { windows: 'P60D/P30D' }, STORY],
  ])('%s', async (_, settings, visits) => {
    const whole = await run(visits, { ...settings, lookAhead: false });
    for (const last of [3, 6, 8]) {
      const cut = await run(until(visits, last), { ...settings, lookAhead: false });
      const end = cut.windows.findLastIndex((w) => !w.partial);
      expect(end, `${last}`).toBeGreaterThanOrEqual(0);
      expect(upTo(whole, end), `until month ${last}`).toEqual(upTo(cut, end));
      for (const [user, way] of goneBy(whole, end)) {
        if (cut.users.includes(user as string)) expect(goneBy(cut, end).get(user), user).toEqual(way);
      }
    }
  });

  test('which look-ahead does not, so that this can fail', async () => {
    const behaviour = { weight: 0.4, features: BEHAVIOURS };
    for (const settings of [{}, { idf: true }, { behaviour }, { algorithm: 'hdbscan' as const, density }]) {
      const [whole, cut] = [await run(STORY, settings), await run(until(STORY, 4), settings)];
      expect(upTo(whole, 2)).not.toEqual(upTo(cut, 2));
    }
  });

  test('a last window that ends early keeps its numbers, and loses no more than its mark as partial', async () => {
    const short = STORY.map((v) => (v.month === 3 ? { ...v, times: Math.min(v.times, 6) } : v));
    const settings = { lookAhead: false };
    const [whole, cut] = [await run(short, settings), await run(until(short, 3), settings)];
    expect([cut.windows[1]?.partial, whole.windows[1]?.partial]).toEqual([true, false]);
    const { windows: a, events: b, ...same } = upTo(whole, 1);
    const { windows: c, events: d, ...other } = upTo(cut, 1);
    expect(same).toEqual(other);
    const unmarked = (list: typeof a) => list.map((w) => ({ ...w, partial: false }));
    expect(unmarked(a)).toEqual(unmarked(c));
    const unjudged = (list: typeof b) =>
      list.map(({ tentative, trust, ...e }) => ({ ...e, p: trust?.p, stability: trust?.stability }));
    expect(unjudged(b)).toEqual(unjudged(d));
    expect(d.every((e) => e.tentative)).toBe(true);
  });

  test('windows of thin users alone before the first segment are passed over', async () => {
    const early = [...group(0, 0, 0, 10, 2), ...STORY];
    const settings = { lookAhead: false };
    const [whole, cut] = [await run(early, settings), await run(until(early, 3), settings)];
    expect(upTo(whole, 3)).toEqual(upTo(cut, 3));
    expect(whole.segments[0]?.window).toBe(2);
  });
});

test('the words of a track are those of its first window without look-ahead, and of all its windows with it', async () => {
  // Users 0 to 23 go from bread to stars, and stay together.
  const visits = [...month(2), ...[3, 4, 6].flatMap((m) => month(m).map((v) => (v.topic === 0 ? { ...v, topic: 6 } : v)))];
  const nameOf = async (lookAhead: boolean) => (await run(visits, { k: 3, lookAhead })).tracks[0]?.name;
  expect(await nameOf(false)).toMatch(/bread/);
  expect(await nameOf(true)).toMatch(/opera/);
});

test('segments that stay are seen to stay from basis to basis, and one that was away comes back as itself', async () => {
  const away = month(5).filter((v) => v.topic !== 2);
  const visits = [...month(2), ...month(3), ...group(3, 3, 60, 84, 6), ...away, ...month(6), ...month(7)];
  const { events } = await run(visits.concat(away.map((v) => ({ ...v, month: 8 }))), { lookAhead: false, k: 'auto' });
  const kept = events.filter((e) => e.kind === 'survive');
  expect(kept.length).toBeGreaterThan(8);
  for (const e of kept) expect(e.centroidCosine).toBeGreaterThan(0.9);
  expect(events.map((e) => e.kind)).toContain('resurface');
});
