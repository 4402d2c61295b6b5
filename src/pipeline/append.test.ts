import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type AnalysisResult,
  BEHAVIOURS,
  CancelledError,
  DEFAULT_SETTINGS,
  type Progress,
  type Settings,
  type Stage,
} from '../domain/index.ts';
import { kmeans } from '../engine/index.ts';
import { fakeEmbedder, type fakeReader, group, type Trial, tryOut, type Visit } from './fakes.fixture.ts';
import type { RunMemory } from './index.ts';
import { month, STORY, typed, until } from './story.fixture.ts';
import { goneBy, upTo } from './up-to.fixture.ts';

vi.mock('../engine/index.ts', async (original) => {
  const engine = await original<typeof import('../engine/index.ts')>();
  return { ...engine, kmeans: vi.fn(engine.kmeans) };
});

const QUICK: Partial<Settings> = {
  kMax: 5,
  drift: { features: 32, permutations: 19 },
  trust: { ...DEFAULT_SETTINGS.trust, refits: 17, bootstraps: 3 },
};
/** Nothing is fitted after the trust. */
const NO_MORE_FITS: Partial<Settings> = { sensitivity: false, kStabilityRuns: 0 };
/** No clock, and not how it came about. */
/** What was embedded anew is told of the run, and is no part of what it found. */
const told = ({ timings, appended, embedding, ...result }: AnalysisResult) => result;

let embedded: string[] = [];
beforeEach(() => {
  embedded = [];
  vi.mocked(kmeans).mockClear();
});

const countingEmbedder = () => {
  const real = fakeEmbedder();
  return {
    ...real,
    embed: ((texts, ctx) => {
      embedded.push(...texts);
      return real.embed(texts, ctx);
    }) as typeof real.embed,
  };
};

function openRuns(settings: Partial<Settings>) {
  const memory: RunMemory = { state: null };
  const run = (visits: readonly Visit[], append: boolean, trial: Trial = {}) =>
    tryOut(visits, {
      settings: { ...QUICK, ...settings },
      append,
      ...trial,
      tools: { openEmbedder: async () => countingEmbedder(), memory, ...trial.tools },
    });
  return { memory, run };
}

const behaviour = { weight: 0.4, features: BEHAVIOURS };
const density = { ...DEFAULT_SETTINGS.density, minClusterSize: 6, minPts: 4 };

describe('without look-ahead data that are added in steps give what all of them give at once, to the bit', () => {
  test.each<[string, Partial<Settings>, (readonly Visit[])?]>([
    ['k-means', {}],
    ['with idf', { idf: true }],
    ['HDBSCAN', { algorithm: 'hdbscan', density }],
    ['with behaviour', { behaviour }, typed(STORY)],
  ])('%s', async (_, settings, visits = STORY) => {
    const { run } = openRuns({ ...settings, lookAhead: false });
    await run(until(visits, 3), false);
    for (const last of [4, 7, 9]) {
      const appended = await run(until(visits, last), true);
      expect(appended.appended?.whole).toBeNull();
      const whole = await openRuns({ ...settings, lookAhead: false }).run(until(visits, last), false);
      expect(told(appended), `until month ${last}`).toEqual(told(whole));
    }
  });

  test('late events of an old window: it and those after are computed again', async () => {
    const { run } = openRuns({ lookAhead: false });
    await run(STORY, false);
    const late = [...STORY, ...group(2, 4, 200, 206, 4)];
    const appended = await run(late, true);
    expect(appended.appended?.from).toBe(2);
    expect(told(appended)).toEqual(told(await openRuns({ lookAhead: false }).run(late, false)));
  });
});

describe.each([true, false])('look-ahead %s: added data leave the windows before them as they were', (lookAhead) => {
  test.each<[string, Partial<Settings>, (readonly Visit[])?]>([
    ['k-means, with idf', { idf: true }],
    ['DBSCAN', { algorithm: 'dbscan', density }],
    ['with behaviour', { behaviour }, typed(STORY)],
  ])('%s: every number, name and place on the map', async (_, settings, visits = STORY) => {
    const { run } = openRuns({ ...settings, lookAhead });
    let former = await run(until(visits, 4), false);
    for (const [last, from] of [
      [7, 3],
      [9, 6],
    ] as const) {
      const next = await run(until(visits, last), true);
      expect(next.appended).toMatchObject({ from, whole: null });
      expect(upTo(next, from - 1)).toEqual(upTo(former, from - 1));
      for (const [user, way] of goneBy(next, from - 1)) expect(goneBy(former, from - 1).get(user), user).toEqual(way);
      const old = former.profiles.count;
      expect(next.profiles.x.subarray(0, old)).toEqual(former.profiles.x);
      expect(next.profiles.y.subarray(0, old)).toEqual(former.profiles.y);
      expect([...next.profiles.x, ...next.profiles.y].every(Number.isFinite)).toBe(true);
      former = next;
    }
    expect(former.segments.some((s) => s.window === 7)).toBe(true);
    expect(former.appended?.former).toHaveLength(2);
  });

  test('only new texts are embedded and only touched windows are fitted', async () => {
    const settings = { ...NO_MORE_FITS, lookAhead, trust: { ...DEFAULT_SETTINGS.trust, refits: 0, bootstraps: 0 } };
    const { run } = openRuns(settings);
    const fitsOf = async (work: Promise<unknown>): Promise<number> => {
      vi.mocked(kmeans).mockClear();
      await work;
      return vi.mocked(kmeans).mock.calls.length;
    };
    const cut = await fitsOf(run(until(STORY, 4), false));
    const known = new Set(embedded);
    embedded = [];
    const appended = await fitsOf(run(until(STORY, 7), true));
    expect(embedded.length).toBeGreaterThan(0);
    expect(embedded.filter((text) => known.has(text))).toEqual([]);
    const whole = await fitsOf(openRuns(settings).run(until(STORY, 7), false));
    expect(cut).toBeGreaterThan(0);
    expect(appended).toBe(whole - cut);
  });

  test('bootstraps and re-fits of the other windows stay too', async () => {
    const settings = { ...NO_MORE_FITS, lookAhead, k: 3, trust: { ...DEFAULT_SETTINGS.trust, refits: 12, bootstraps: 5 } };
    const { run } = openRuns(settings);
    const visits = [2, 3, 4, 5].flatMap(month);
    await run(until(visits, 4), false);
    vi.mocked(kmeans).mockClear();
    await run(visits, true);
    // Its fits from restarts and from the window before, five bootstraps, and its three of twelve re-fits: two halves with two fits each.
    expect(vi.mocked(kmeans)).toHaveBeenCalledTimes(2 + 5 + 3 * 2 * 2);
  });

  test('a file without new events changes nothing and computes nothing', async () => {
    const { run } = openRuns({ lookAhead, sensitivity: false });
    const former = await run(STORY, false);
    vi.mocked(kmeans).mockClear();
    embedded = [];
    const next = await run(STORY, true);
    expect(kmeans).not.toHaveBeenCalled();
    expect(embedded).toEqual([]);
    const kept = { timings: {}, warnings: [], embedding: next.embedding };
    expect({ ...next, ...kept, appended: null }).toEqual({ ...former, ...kept });
  });
});

test('other choices are tried from nothing on added data: with none that is new they tell what they told', async () => {
  const { run } = openRuns({});
  const former = await run(STORY, false);
  const next = await run(STORY, true);
  expect(former.sensitivity.variants.length).toBeGreaterThan(0);
  expect(next.sensitivity).toEqual(former.sensitivity);
});

test('with look-ahead the names of tracks stay though their words change, and new ones differ from them', async () => {
  const { run } = openRuns({ k: 3 });
  const former = await run([...month(2), ...month(3)], false);
  const later = [4, 5, 6].flatMap((m) => month(m).map((v) => (v.topic === 0 ? { ...v, topic: 6 } : v)));
  const next = await run([...month(2), ...month(3), ...later], true);
  const names = (result: AnalysisResult) => result.tracks.map(({ id, name }) => [id, name]);
  expect(names(next).slice(0, former.tracks.length)).toEqual(names(former));
  expect(new Set(next.tracks.map(({ name }) => name)).size).toBe(next.tracks.length);
  const alone = await openRuns({ k: 3 }).run([...month(2), ...month(3), ...later], false);
  expect(names(alone)).not.toEqual(names(next));
  expect(next.warnings).toContainEqual(expect.stringMatching(/replay of the manifest/));
});

describe('where nothing can be taken over the whole is run, and why is told', () => {
  const all = until(STORY, 4);
  const whole = (result: AnalysisResult) => result.appended?.whole;

  test('no run in memory', async () => {
    const result = await openRuns({}).run(all, true);
    expect(whole(result)).toMatch(/no longer in memory/);
    expect(told(result)).toEqual(told(await openRuns({}).run(all, false)));
  });

  test('other settings, another model, another device', async () => {
    const { run } = openRuns({});
    await run(until(STORY, 3), false);
    expect(whole(await run(all, true, { settings: { ...QUICK, seed: 5 } }))).toMatch(/Settings/);
    // The last: another file under the same name.
    for (const change of [{ dtype: 'q8' }, { dtype: 'q8', sha256: 'another' }]) {
      const other = { ...fakeEmbedder(), describe: async () => ({ ...(await fakeEmbedder().describe()), ...change }) };
      const tools = { openEmbedder: async () => other };
      expect(whole(await run(all, true, { settings: { ...QUICK, seed: 5 }, tools }))).toMatch(/model/);
    }
  });

  test('data before the first window', async () => {
    const { run } = openRuns({});
    await run(all, false);
    const early = [...month(1), ...all];
    const result = await run(early, true);
    expect(whole(result)).toMatch(/first window or before/);
    expect(told(result)).toEqual(told(await openRuns({}).run(early, false)));
  });
});

test('a run that adds data and is cancelled or fails before its result leaves the memory as it was', async () => {
  const { run, memory } = openRuns({});
  await run(until(STORY, 3), false);
  const { state } = memory;
  await expect(run(until(STORY, 4), true, cancelledIn('map'))).rejects.toThrow(CancelledError);
  const reader = { read: () => Promise.reject(new Error('unreadable')) } satisfies ReturnType<typeof fakeReader>;
  await expect(run(until(STORY, 4), true, { tools: { reader } })).rejects.toThrow('unreadable');
  expect(memory.state).toBe(state);
  expect((await run(until(STORY, 4), true)).appended?.whole).toBeNull();
});

test.each([true, false])(
  'look-ahead %s: where trust was not measured to its end, the run that adds data measures it',
  async (lookAhead) => {
    const { run } = openRuns({ lookAhead });
    await expect(run(until(STORY, 4), false, cancelledIn('trust'))).rejects.toThrow(CancelledError);
    const next = await run(until(STORY, 7), true);
    expect(next.appended).toMatchObject({ from: 3, whole: null });
    expect([...next.trust.stability].some(Number.isNaN)).toBe(false);
    expect(next.trust.events.every(({ p }) => p > 0)).toBe(true);
    if (!lookAhead) expect(told(next)).toEqual(told(await openRuns({ lookAhead }).run(until(STORY, 7), false)));
  },
);

/** Cancels at the first report of the stage. */
function cancelledIn(stage: Stage): Trial {
  const abort = new AbortController();
  const onProgress = (p: Progress): void => {
    if (p.stage === stage) abort.abort();
  };
  return { onProgress, signal: abort.signal };
}
