import { describe, expect, test } from 'vitest';
import {
  type AnalysisResult,
  BEHAVIOURS,
  createMatrix,
  DEFAULT_INTAKE,
  DEFAULT_SETTINGS,
  dot,
  NO_LANGUAGES,
  normaliseRows,
  rowOf,
  type SearchHits,
  type Settings,
  silentContext,
  type TextEmbedder,
} from '../domain/index.ts';
import { createLexicalEmbedder } from '../embed/index.ts';
import { clusteredMatrix, processorMs, unitMatrix } from '../testing/index.ts';
import { fakeEmbedder, fakeReader, group, MAPPING, TOPICS, tryOut, type Visit } from './fakes.fixture.ts';
import { createSearcher, type RunMemory } from './index.ts';
import { lightOf } from './search.ts';
import { STORY, until } from './story.fixture.ts';

const QUICK: Partial<Settings> = {
  kMax: 5,
  sensitivity: false,
  kStabilityRuns: 0,
  drift: { features: 32, permutations: 19 },
  trust: { ...DEFAULT_SETTINGS.trust, refits: 0, bootstraps: 0 },
};

async function analysed(visits: readonly Visit[], settings: Partial<Settings> = {}, memory: RunMemory = { state: null }) {
  const append = memory.state !== null;
  const result = await tryOut(visits, { settings: { ...QUICK, ...settings }, append, tools: { memory } });
  const searcher = createSearcher(memory);
  const search = (query: string, embedder = fakeEmbedder()) => searcher.search(query, embedder);
  return { result, memory, search };
}

/** What the texts of a segment are about. */
const topicOf = (result: AnalysisResult, segment: number): string =>
  (result.segments[segment]?.exemplars[0] ?? '').split(' ')[0] ?? '';

const meanLight = ({ light }: SearchHits, rows: readonly number[]): number =>
  rows.reduce((sum, p) => sum + (light[p] as number), 0) / rows.length;

/** Profiles in segments of a topic, and all others. */
function divided(result: AnalysisResult, topic: string): [number[], number[]] {
  const rows = [...result.profiles.user.keys()];
  const isOf = (p: number): boolean => topicOf(result, result.profiles.segment[p] as number) === topic;
  return [rows.filter(isOf), rows.filter((p) => !isOf(p))];
}

const MODES: readonly [string, Partial<Settings>][] = [
  ['evolving', {}],
  ['without look-ahead', { lookAhead: false }],
  ['global', { mode: 'global' }],
];

describe.each(MODES)('a search, %s', (_, settings) => {
  test('finds the texts, the users and the segments of what was asked for, and lights them up', async () => {
    const { result, search } = await analysed(STORY, settings);
    const hits = await search('stars number 3');
    expect(hits.texts[0]).toMatchObject({ text: 'stars number 3' });
    expect(hits.texts[0]?.cosine).toBeCloseTo(1, 6);
    expect(hits.texts.slice(0, 10).every(({ text }) => text.startsWith('stars'))).toBe(true);
    expect(topicOf(result, hits.segments[0]?.segment as number)).toBe('stars');
    expect(topicOf(result, result.profiles.segment[hits.users[0]?.profile as number] as number)).toBe('stars');
    const [stars, others] = divided(result, 'stars');
    expect(hits.light.length).toBe(result.profiles.count);
    expect(meanLight(hits, stars)).toBeGreaterThan(0.7);
    expect(meanLight(hits, others)).toBeLessThan(0.1);
  });

  test('has each user once, by the nearest profile that is not thin, and each track by its nearest segment, nearest first', async () => {
    const { result, search } = await analysed([...STORY, ...group(1, 4, 150, 160, 1)], settings);
    const { users, segments } = await search('stars');
    const ids = users.map(({ profile }) => result.profiles.user[profile]);
    expect(users.length).toBe(20);
    expect(new Set(ids).size).toBe(20);
    expect(users.every(({ profile }) => result.profiles.thin[profile] === 0)).toBe(true);
    const tracks = segments.map(({ segment }) => result.segments[segment]?.track);
    expect(new Set(tracks).size).toBe(tracks.length);
    for (const list of [users, segments]) {
      expect(list.map(({ cosine }) => cosine)).toEqual([...list.map(({ cosine }) => cosine)].sort((a, b) => b - a));
      expect(list.every(({ cosine }) => cosine > 0 && cosine >= (list[0]?.cosine ?? 0) / 3)).toBe(true);
    }
  });

  test('P2 gives the same twice, and the same where the trust of the result was measured', async () => {
    const { search } = await analysed(until(STORY, 4), settings);
    const trust = { ...DEFAULT_SETTINGS.trust, refits: 17, bootstraps: 3 };
    const trusted = await analysed(until(STORY, 4), { ...settings, trust });
    const [a, b, c] = [await search('roses'), await search('roses'), await trusted.search('roses')];
    for (const hits of [b, c]) expect({ ...hits, milliseconds: 0 }).toEqual({ ...a, milliseconds: 0 });
  });
});

test('the cosine to a segment is that to its centre, and to a user that of a profile of the query alone', async () => {
  const { result, memory, search } = await analysed(STORY);
  const { segments, users } = await search('roses');
  const [model, own] = [memory.state?.models[0], memory.state?.owned];
  if (!model || !own) throw new Error('a run leaves its basis');
  const vector = await fakeEmbedder().embedQuery('roses', []);
  const query = createMatrix(1, model.components.rows);
  for (let c = 0; c < query.cols; c++) {
    const component = rowOf(model.components, c);
    query.data[c] = vector.reduce((sum, v, i) => sum + (v - (model.mean[i] as number)) * (component[i] as number), 0);
  }
  normaliseRows(query);
  const { segment, cosine } = segments[0] as SearchHits['segments'][number];
  const { window, number } = result.segments[segment] as AnalysisResult['segments'][number];
  expect(cosine).toBeCloseTo(dot(rowOf(memory.state?.centroids[window] ?? createMatrix(0, 0), number), query.data), 5);
  const { profile, cosine: near } = users[0] as SearchHits['users'][number];
  const first = [...result.profiles.window].indexOf(result.profiles.window[profile] as number);
  const row = rowOf(own[result.profiles.window[profile] as number] as NonNullable<typeof own>[number], profile - first);
  expect(near).toBeCloseTo(dot(row, query.data), 5);
});

test.each([
  ['features that weigh', 0.3, BEHAVIOURS],
  ['a weight without features', 0.3, []],
  ['behaviour alone', 1, BEHAVIOURS],
] as const)(
  'profiles with %s: the query is one of middling behaviour, and nothing where texts do not weigh',
  async (_, weight, features) => {
    const { result, search } = await analysed(STORY, { behaviour: { weight, features } });
    const hits = await search('stars number 3');
    expect(hits.texts[0]?.text).toBe('stars number 3');
    if (weight === 1) {
      expect(hits).toMatchObject({ users: [], segments: [], light: new Float32Array(result.profiles.count) });
      return;
    }
    const [stars, others] = divided(result, 'stars');
    expect(meanLight(hits, stars)).toBeGreaterThan(2 * meanLight(hits, others));
    expect(topicOf(result, result.profiles.segment[hits.users[0]?.profile as number] as number)).toBe('stars');
  },
);

test('a text is told with the users who have it, each once', async () => {
  const { search } = await analysed(STORY);
  const { texts } = await search('trout number 4');
  const { text, users } = texts[0] as SearchHits['texts'][number];
  expect(text).toBe('trout number 4');
  const { events } = await fakeReader(STORY).read([], MAPPING, DEFAULT_INTAKE, silentContext);
  const having = new Set<number>();
  for (let e = 0; e < events.count; e++)
    if (events.texts[events.text[e] as number] === text) having.add(events.user[e] as number);
  expect(users).toBe(having.size);
});

test('after data were added the new texts are found, and profiles are those of the new result', async () => {
  const memory: RunMemory = { state: null };
  const first = await analysed(until(STORY, 4), {}, memory);
  expect((await first.search('goals')).texts[0]?.text.startsWith('goals')).toBe(false);
  const { result } = await analysed(until(STORY, 7), {}, memory);
  expect(result.appended?.whole).toBeNull();
  // The searcher of before sees what the memory holds now.
  const hits = await first.search('goals');
  expect(hits.texts[0]?.text.startsWith('goals')).toBe(true);
  expect(hits.light.length).toBe(result.profiles.count);
});

test('a query without words finds nothing, nor does one that the model has no token for', async () => {
  const { result, search } = await analysed(until(STORY, 3));
  const mute: TextEmbedder = { ...fakeEmbedder(), embedQuery: async () => new Float32Array(16) };
  for (const hits of [await search('  '), await search('stars', mute)]) {
    expect(hits).toMatchObject({ texts: [], users: [], segments: [] });
    expect(hits.light).toEqual(new Float32Array(result.profiles.count));
  }
});

test('P7 a search goes before the work of a run, at its next checkpoint, and holds it no longer than it takes, or half a second', async () => {
  const { memory } = await analysed(until(STORY, 3));
  const searcher = createSearcher(memory);
  let answer: (vector: Float32Array) => void = () => {};
  const waiting: TextEmbedder = {
    ...fakeEmbedder(),
    embedQuery: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  };
  const order: string[] = [];
  let hits: Promise<unknown> = Promise.resolve();
  const run = tryOut(until(STORY, 3), {
    settings: QUICK,
    onProgress: ({ stage }) => {
      if (stage !== 'segment' || order.length > 0) return;
      order.push('asked');
      hits = searcher.search('stars', waiting).then(() => order.push('answered'));
      setTimeout(() => answer(new Float32Array(16)), 60);
    },
    tools: { before: searcher.going },
  });
  await run.then(() => order.push('run'));
  await hits;
  expect(order).toEqual(['asked', 'answered', 'run']);
  expect(searcher.going()).toBeNull();

  const start = performance.now();
  void searcher.search('stars', { ...waiting, embedQuery: () => new Promise(() => {}) });
  await searcher.going();
  expect(performance.now() - start).toBeLessThan(5000);
  expect(searcher.going()).toBeNull();
});

test('another model than that of the result is refused, and so is a search without a result', async () => {
  const { search } = await analysed(until(STORY, 3));
  const other: TextEmbedder = {
    ...fakeEmbedder(),
    describe: async () => ({ ...(await fakeEmbedder().describe()), dtype: 'q4' }),
  };
  await expect(search('stars', other)).rejects.toMatchObject({ kind: 'ability', code: 'other-model' });
  const empty = createSearcher({ state: null });
  await expect(empty.search('stars', fakeEmbedder())).rejects.toMatchObject({ code: 'no-result' });
});

test('only a lexical model is handed the texts that words are weighed by, the same list each time', async () => {
  for (const kind of ['semantic', 'lexical'] as const) {
    const given: (readonly string[])[] = [];
    const embedder: TextEmbedder = {
      ...fakeEmbedder(),
      embedQuery: (query, corpus) => {
        given.push(corpus);
        return fakeEmbedder().embedQuery(query, corpus);
      },
    };
    const { memory, search } = await analysed(until(STORY, 3));
    const state = memory.state;
    if (!state) throw new Error('a run leaves its state');
    memory.state = { ...state, result: { ...state.result, model: { ...state.result.model, kind } } };
    await search('stars', embedder);
    await search('roses', embedder);
    expect(given[0]).toBe(kind === 'lexical' ? state.corpus : given[0]);
    expect(given[0]?.length).toBe(kind === 'lexical' ? state.corpus.length : 0);
    if (kind === 'lexical') expect(given[1]).toBe(given[0]);
  }
});

test('the segments that are bright are those whose centre or a quarter of whose users are lit, in each window by itself', async () => {
  const { result, search } = await analysed(STORY);
  const { light, segments, toSegments } = await search('stars');
  expect(toSegments.cosine.length).toBe(result.segments.length);
  for (const { segment, cosine } of segments) expect(toSegments.cosine[segment]).toBeCloseTo(cosine, 6);
  const centres = lightOf(toSegments.cosine, segments[0]?.cosine as number);
  for (const { index } of result.segments) {
    const users = [...light.keys()].filter((p) => result.profiles.segment[p] === index && result.profiles.thin[p] === 0);
    const lit = users.filter((p) => (light[p] as number) >= 0.5).length;
    expect(toSegments.bright[index] === 1).toBe((centres[index] as number) >= 0.5 || (lit > 0 && lit >= users.length / 4));
    expect(toSegments.bright[index] === 1).toBe(topicOf(result, index) === 'stars');
  }
});

test('a lexical model: only texts that are nearer than chance makes them are listed, and only who has one, and its segment, is near', async () => {
  const embedder = createLexicalEmbedder(DEFAULT_SETTINGS.words, NO_LANGUAGES);
  const memory: RunMemory = { state: null };
  const result = await tryOut(STORY, { settings: QUICK, tools: { memory, openEmbedder: async () => embedder } });
  const search = (query: string) => createSearcher(memory).search(query, embedder);
  const strange = await search('qwxvbz kjhgf');
  expect(strange).toMatchObject({ texts: [], users: [], segments: [], light: new Float32Array(result.profiles.count) });
  expect([...strange.toSegments.bright]).not.toContain(1);
  const { texts, users, light } = await search('stars');
  const ofStars = memory.state?.texts.filter((text) => text.startsWith('stars')) ?? [];
  expect(texts.map(({ text }) => text).sort()).toEqual([...ofStars].sort());
  expect(texts.every(({ cosine }) => cosine >= 4 / Math.sqrt(512))).toBe(true);
  expect(users.length).toBeGreaterThan(0);
  const { profiles, texts: all } = memory.state ?? { profiles: result.profiles, texts: [] };
  if (!('textIds' in profiles)) throw new Error('a run leaves its state');
  for (const [p, value] of light.entries()) {
    const own = [...profiles.textIds.slice(profiles.offsets[p], profiles.offsets[p + 1])].map((id) => all[id] as string);
    if (!own.some((text) => text.startsWith('stars'))) expect(value).toBe(0);
  }
});

test('light: as near as the nearest segment is full light, half as near an eighth, the other side none; far from all is never full', () => {
  expect([...lightOf(Float32Array.of(0.9, 0.8, 0.4, 0, -0.8), 0.8)]).toEqual([1, 1, 0.125, 0, 0]);
  const [dim, none] = lightOf(Float32Array.of(0.15, -0.15), 0.15);
  expect(dim).toBeCloseTo(0.125, 6);
  expect(none).toBe(0);
  expect(lightOf(new Float32Array(), 0).length).toBe(0);
});

test('each topic of the data is its own answer', async () => {
  const { result, search } = await analysed(STORY);
  const known = new Set(result.segments.map(({ index }) => topicOf(result, index)));
  for (const topic of TOPICS) {
    if (!known.has(topic)) continue;
    expect(topicOf(result, (await search(topic)).segments[0]?.segment as number), topic).toBe(topic);
  }
  expect(known.size).toBeGreaterThanOrEqual(4);
});

/** A result of 100,000 texts, 5,000 users and 12 windows as a run leaves it, made up: no run of that size is needed to search it. */
async function largeState(memory: RunMemory) {
  const [texts, dims, kept, users, months] = [100_000, 512, 64, 5000, 12];
  await analysed(until(STORY, 3), {}, memory);
  const { state } = memory;
  if (!state) throw new Error('a run leaves its state');
  const count = users * months;
  const each = 5;
  const profiles = {
    ...{ count, events: new Uint32Array(count).fill(each), thin: new Uint8Array(count), label: new Uint32Array(count) },
    user: Uint32Array.from({ length: count }, (_, p) => p % users),
    window: Uint32Array.from({ length: count }, (_, p) => Math.floor(p / users)),
    offsets: Uint32Array.from({ length: count + 1 }, (_, p) => p * each),
    textIds: Uint32Array.from({ length: count * each }, (_, i) => (i * 7919) % texts),
    weights: new Float32Array(count * each).fill(1),
  };
  const variance = new Float64Array(kept).fill(1);
  const model = {
    ...{ mean: new Float64Array(dims), components: unitMatrix(kept, dims, 3) },
    ...{ explainedVariance: variance, explainedVarianceRatio: variance },
  };
  const segments = Array.from({ length: months * 10 }, (_, index) => ({
    ...{ index, window: Math.floor(index / 10), number: index % 10, track: index % 10 },
    ...{ size: 500, thin: 0, terms: [], exemplars: [], entered: 0, left: 0 },
  }));
  const vectors = normaliseRows(clusteredMatrix(texts, dims, 1));
  memory.state = {
    ...{ ...state, vectors, profiles, models: new Array(months).fill(model) },
    texts: Array.from({ length: texts }, (_, i) => `text ${i}`),
    owned: Array.from({ length: months }, (_, w) => unitMatrix(users, kept, w)),
    centroids: Array.from({ length: months }, (_, w) => unitMatrix(10, kept, 100 + w)),
    result: { ...state.result, segments, users: Array.from({ length: users }, (_, u) => `u${u}`) },
  };
  return vectors;
}

test('a search of 100,000 texts, 5,000 users and 120 segments takes under 50 ms of processor time, beside the model', {
  timeout: 120_000,
}, async () => {
  const memory: RunMemory = { state: null };
  const vectors = await largeState(memory);
  const searcher = createSearcher(memory);
  const times: number[] = [];
  for (let turn = 0; turn < 16; turn++) {
    const embedder: TextEmbedder = { ...fakeEmbedder(), embedQuery: async () => rowOf(vectors, 6000 * turn + 5) };
    const before = processorMs();
    const hits = await searcher.search('words', embedder);
    if (turn > 0) times.push(processorMs() - before);
    expect(hits.texts[0]?.text).toBe(`text ${6000 * turn + 5}`);
    expect(hits.light.length).toBe(60_000);
  }
  times.sort((a, b) => a - b);
  expect(times[7]).toBeLessThan(50);
});
