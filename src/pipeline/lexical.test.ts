import { describe, expect, test } from 'vitest';
import {
  createRandom,
  DEFAULT_SETTINGS,
  NO_LANGUAGES,
  type Settings,
  silentContext,
  type TextEmbedder,
  type TextLanguages,
} from '../domain/index.ts';
import { createLexicalEmbedder, measureLanguages } from '../embed/index.ts';
import { adjustedRandIndex, CPU, kmeans } from '../engine/index.ts';
import { fakeReader, tryOut, type Visit } from './fakes.fixture.ts';
import type { RunMemory } from './index.ts';
import { languagesOf } from './languages.ts';
import { STORY, until } from './story.fixture.ts';
import { upTo } from './up-to.fixture.ts';

/** Words of four topics (baking, garden, sea, music), and some of none. */
const TOPICS: Readonly<Record<string, { readonly topics: readonly string[]; readonly common: string }>> = {
  en: {
    topics: [
      'bread flour oven dough cake yeast pastry butter',
      'roses garden seeds soil hedge pruning tulips compost',
      'sailing harbour waves lighthouse fishing boat anchor tide',
      'violin opera concert orchestra piano melody choir rhythm',
    ],
    common: 'new great small best collection guide',
  },
  de: {
    topics: [
      'Brot Mehl Ofen Teig Kuchen Hefe Gebäck Butter',
      'Rosen Garten Samen Erde Hecke Rückschnitt Tulpen Kompost',
      'Segeln Hafen Wellen Leuchtturm Angeln Boot Anker Gezeiten',
      'Geige Oper Konzert Orchester Klavier Melodie Chor Rhythmus',
    ],
    common: 'neu großes kleine beste Sammlung Ratgeber',
  },
  zh: {
    topics: [
      '面包 面粉 烤箱 面团 蛋糕 酵母 糕点 黄油',
      '玫瑰 花园 种子 土壤 树篱 修剪 郁金香 堆肥',
      '帆船 港口 海浪 灯塔 钓鱼 小船 船锚 潮汐',
      '小提琴 歌剧 音乐会 乐队 钢琴 旋律 合唱 节奏',
    ],
    common: '新的 很好 最好 合集 指南 入门',
  },
  ja: {
    topics: [
      'パン 小麦粉 オーブン 生地 ケーキ 酵母 焼き菓子 バター',
      'バラ 庭園 種まき 土づくり 生け垣 剪定 チューリップ 堆肥',
      'ヨット 港町 波乗り 灯台 釣り 小舟 いかり 潮汐',
      'バイオリン オペラ コンサート 楽団 ピアノ メロディー 合唱 リズム',
    ],
    common: '新しい すごい 最高の コレクション ガイド 入門',
  },
};

/** `count` texts of four words of one topic and one of none; without spaces where the language has none. */
function madeTexts(language: string, count: number): { texts: string[]; topicOf: number[] } {
  const { topics, common } = TOPICS[language] as (typeof TOPICS)[string];
  const random = createRandom(7);
  const some = (words: string): string => words.split(' ')[random.int(words.split(' ').length)] as string;
  const topicOf = Array.from({ length: count }, (_, i) => i % topics.length);
  const gap = ['zh', 'ja'].includes(language) ? '' : ' ';
  const texts = topicOf.map((topic) =>
    [some(common), ...Array.from({ length: 4 }, () => some(topics[topic] as string))].join(gap),
  );
  return { texts, topicOf };
}

describe('segments by words find the topics of texts, in languages with spaces and without', () => {
  test.each(Object.keys(TOPICS))('%s', async (language) => {
    const { texts, topicOf } = madeTexts(language, 400);
    const embedder = createLexicalEmbedder(DEFAULT_SETTINGS.words, await measureLanguages(texts));
    const { vectors } = await embedder.embed(texts, silentContext);
    const options = { k: 4, seed: 1, nInit: 10, maxIterations: 100, tolerance: 1e-4, spherical: true };
    const { labels } = await kmeans(vectors, options, CPU, silentContext);
    expect(adjustedRandIndex(labels, topicOf)).toBeGreaterThan(0.9);
  });
});

const QUICK: Partial<Settings> = {
  kMax: 5,
  sensitivity: false,
  kStabilityRuns: 0,
  drift: { features: 32, permutations: 19 },
  trust: { ...DEFAULT_SETTINGS.trust, refits: 0, bootstraps: 0 },
};

/** Runs that go on from one another, with the lexical model, and the corpora that it was given. */
function openRuns(settings: Partial<Settings>) {
  const memory: RunMemory = { state: null };
  const corpora: (readonly string[] | undefined)[] = [];
  const languages: TextLanguages[] = [];
  const openEmbedder = async (found: TextLanguages): Promise<TextEmbedder> => {
    languages.push(found);
    const real = createLexicalEmbedder(DEFAULT_SETTINGS.words, found);
    return {
      ...real,
      embed: (texts, ctx, corpus) => {
        corpora.push(corpus);
        return real.embed(texts, ctx, corpus);
      },
    };
  };
  const run = (visits: readonly Visit[], append: boolean) =>
    tryOut(visits, { settings: { ...QUICK, ...settings }, append, tools: { openEmbedder, memory } });
  return { memory, corpora, languages, run };
}

describe('weights of words and data that are added', () => {
  test('P8 without look-ahead words are not weighed, and data in steps give what all at once give, to the bit', async () => {
    const { run, corpora } = openRuns({ lookAhead: false });
    await run(until(STORY, 4), false);
    const { timings: _, embedding, appended, ...stepped } = await run(until(STORY, 9), true);
    expect(appended?.whole).toBeNull();
    expect(corpora).toEqual([[], []]);
    const {
      timings: __,
      embedding: ___,
      appended: ____,
      ...whole
    } = await openRuns({ lookAhead: false }).run(until(STORY, 9), false);
    expect(stepped).toEqual(whole);
  });

  test('with look-ahead they stay those of the first run, and so do the windows before', async () => {
    const { run, corpora, memory, languages } = openRuns({});
    const first = await run(until(STORY, 4), false);
    const corpus = memory.state?.corpus ?? [];
    expect(corpus.length).toBeGreaterThan(0);
    const second = await run(until(STORY, 7), true);
    await run(until(STORY, 9), true);
    expect(corpora).toEqual([undefined, corpus, corpus]);
    expect(memory.state?.corpus).toBe(corpus);
    expect(memory.state?.texts.length).toBeGreaterThan(corpus.length);
    expect(new Set(languages.map((found) => JSON.stringify(found))).size).toBe(1);
    expect(upTo(second, 2)).toEqual(upTo(first, 2));
  });
});

describe('the languages that a run goes by', () => {
  const windows = [1, 2].map((m) => ({
    start: Date.UTC(2024, m, 1),
    end: Date.UTC(2024, m + 1, 1),
    name: '',
    coverage: 1,
    partial: false,
  }));
  /** Texts of February in English, of March in Chinese. */
  const eventsOf = async () => {
    const visits = [1, 2].map((m) => ({ user: 'u', month: m, topic: m, times: 5 }));
    const { events } = await fakeReader(visits).read([], {} as never, {} as never, silentContext);
    return {
      ...events,
      texts: events.texts.map((text, i) => (text.startsWith('stars') ? `the new guide to the ${text}` : `金边红色陶瓷杯${i}`)),
    };
  };
  const codes = ({ shares }: TextLanguages): string[] => shares.map(({ language }) => language).sort();

  test('are those of all texts with look-ahead, those of the first window without', async () => {
    const events = await eventsOf();
    expect(codes(await languagesOf(events, windows, { lookAhead: true }, null))).toEqual(['en', 'zh']);
    expect(codes(await languagesOf(events, windows, { lookAhead: false }, null))).toEqual(['en']);
    expect(await languagesOf({ ...events, texts: [], text: new Uint32Array(0) }, [], { lookAhead: false }, null)).toEqual(
      NO_LANGUAGES,
    );
  });

  test('are those of the run before where data are added to it with look-ahead', async () => {
    const { run, memory } = openRuns({});
    await run(until(STORY, 3), false);
    const before = memory.state;
    expect(await languagesOf(await eventsOf(), windows, { lookAhead: true }, before)).toBe(before?.result.languages);
    expect(codes(await languagesOf(await eventsOf(), windows, { lookAhead: false }, before))).toEqual(['en']);
  });
});
