import { describe, expect, test } from 'vitest';
import {
  CancelledError,
  DEFAULT_SETTINGS,
  dot,
  type JobContext,
  type Matrix,
  NO_LANGUAGES,
  rowOf,
  silentContext,
  type TextLanguages,
} from '../../domain/index.ts';
import { TITLES } from '../titles.fixture.ts';
import { createLexicalEmbedder, LEXICAL_CARD } from './index.ts';
import sklearn from './sklearn-lexical.json';

const ENGLISH: TextLanguages = { ...NO_LANGUAGES, shares: [{ language: 'en', script: 'Latin', share: 1 }] };
const open = (languages = ENGLISH) => createLexicalEmbedder(DEFAULT_SETTINGS.words, languages);
const embed = async (texts: readonly string[], corpus?: readonly string[]): Promise<Matrix> =>
  (await open().embed(texts, silentContext, corpus)).vectors;
const cosine = (m: Matrix, a: number, b: number): number => dot(rowOf(m, a), rowOf(m, b));

/** Of pairs (0, 1), (0, 2), ...: what the projection makes of them, less what is exact. */
function errorsOf(m: Matrix, exact: readonly number[]): number[] {
  const errors: number[] = [];
  for (let a = 0; a < m.rows; a++)
    for (let b = a + 1; b < m.rows; b++) errors.push(cosine(m, a, b) - (exact[errors.length] as number));
  return errors;
}

describe('cosines are those of TF-IDF within the Johnson-Lindenstrauss bound', () => {
  test.each([
    ['with idf', undefined],
    ['without idf', []],
  ] as const)('%s, beside scikit-learn', async (kind, corpus) => {
    const exact = sklearn[kind];
    const errors = errorsOf(await embed(sklearn.texts, corpus), exact);
    expect(errors).toHaveLength((sklearn.texts.length * (sklearn.texts.length - 1)) / 2);
    // The variance of a random projection's dot product of two unit vectors of cosine c is (1 + c^2) / 512.
    const variance = exact.reduce((sum, c) => sum + (1 + c * c) / 512, 0) / exact.length;
    const squares = errors.reduce((sum, e) => sum + e * e, 0);
    expect(Math.sqrt(squares / errors.length)).toBeLessThan(1.1 * Math.sqrt(variance));
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(4 * Math.sqrt(variance));
  });

  test('idf is counted over the corpus that is given, and over the texts without one', async () => {
    const texts = sklearn.texts.slice(0, 5);
    expect(await embed(texts, texts)).toEqual(await embed(texts));
    expect(await embed(texts, sklearn.texts)).not.toEqual(await embed(texts));
    // "red" is in every text of the corpus, "mug" in one: what two texts share counts by it.
    const pair = ['red mug', 'red hose'];
    const common = cosine(await embed(pair, ['red', 'red hat', 'red shoe', 'red car', 'mug']), 0, 1);
    expect(common).toBeLessThan(cosine(await embed(pair, []), 0, 1) - 0.05);
  });
});

describe('the vector of a text', () => {
  test('P2 is the same to the bit alone, in company, in any order and as a query', async () => {
    const texts = Object.values(TITLES).flat();
    const embedder = open();
    const all = (await embedder.embed(texts, silentContext, texts)).vectors;
    const back = (await open().embed([...texts].reverse(), silentContext, texts)).vectors;
    for (const i of [0, 1, 77, texts.length - 1]) {
      const text = texts[i] as string;
      expect(rowOf(back, texts.length - 1 - i), text).toEqual(rowOf(all, i));
      expect(rowOf((await open().embed([text], silentContext, texts)).vectors, 0), text).toEqual(rowOf(all, i));
      expect(await embedder.embedQuery(text, texts), text).toEqual(rowOf(all, i));
    }
  });

  test('has unit length; is zeros without any word, and such texts are counted', async () => {
    const texts = ['', '  ', '?!', 'mug', 'The mug', '42', 'of the', '杯子', 'Ω', '👩‍🚀', 'x'.repeat(5000)];
    const { vectors, report } = await open().embed(texts, silentContext);
    const lengths = texts.map((_, i) => Math.sqrt(cosine(vectors, i, i)));
    for (const [i, text] of texts.entries()) {
      expect(lengths[i], text).toBeCloseTo(['', '  ', '?!', '👩‍🚀'].includes(text) ? 0 : 1, 6);
    }
    expect(report).toMatchObject({ texts: texts.length, empty: 4, cut: 0, cached: 0 });
  });

  test('stop words, case, numbers beside words and full-width letters make no difference', async () => {
    const m = await embed(['The red mug', 'RED mugs', 'red mug 250', 'ｒｅｄ ｍｕｇ', 'a blue hose'], []);
    expect(cosine(m, 0, 2)).toBeCloseTo(1, 6);
    expect(cosine(m, 0, 3)).toBeCloseTo(1, 6);
    expect(cosine(m, 0, 1), 'an inflected word is near').toBeGreaterThan(0.6);
    expect(Math.abs(cosine(m, 0, 4))).toBeLessThan(0.15);
  });

  test.each([
    ['zh', '红色陶瓷杯', '红色的杯', '花园软管'],
    ['ja', '赤いマグカップ', '赤いカップ', '庭用ホース'],
    ['ko', '빨간 머그컵', '빨간색 컵', '정원용 호스'],
    ['th', 'แก้วสีแดง', 'แก้วเซรามิกสีแดง', 'สายยาง 25 เมตร'],
    ['ru', 'Красная кружка', 'красной кружки', 'садовый шланг'],
  ])('%s: texts that share words or characters are nearer than others', async (_, a, near, far) => {
    const m = await embed([a, near, far], []);
    expect(cosine(m, 0, 1)).toBeGreaterThan(0.2);
    expect(cosine(m, 0, 1)).toBeGreaterThan(cosine(m, 0, 2) + 0.15);
  });
});

test('no texts give no vectors, a query over none finds its own words', async () => {
  const { vectors, report } = await open().embed([], silentContext);
  expect([vectors.rows, report.texts, report.tokens]).toEqual([0, 0, 0]);
  expect(dot(await open().embedQuery('mug', []), rowOf(await embed(['mug'], []), 0))).toBeCloseTo(1, 6);
});

test('P7 progress goes up to all texts, and a cancel stops it between a few', async () => {
  const texts = Array.from({ length: 500 }, (_, i) => `text number ${i} of many`);
  const told: number[] = [];
  await open().embed(texts, { ...silentContext, progress: (done, total) => told.push(done / total) });
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(told.at(-1)).toBe(1);
  let left = 3;
  const cancelled: JobContext = {
    progress: () => {},
    checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(new CancelledError())),
  };
  await expect(open().embed(texts, cancelled)).rejects.toBeInstanceOf(CancelledError);
});

test('it says that it is lexical: no file, no device, no languages that it would not know', async () => {
  const info = await open().describe();
  expect(info).toMatchObject({
    id: 'lexical',
    kind: 'lexical',
    dtype: 'none',
    device: 'none',
    dims: LEXICAL_CARD.dims,
    languages: [],
  });
});
