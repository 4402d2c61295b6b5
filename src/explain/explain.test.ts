import { describe, expect, test } from 'vitest';
import {
  CancelledError,
  DEFAULT_SETTINGS,
  type JobContext,
  type Matrix,
  openWordCutter,
  silentContext,
} from '../domain/index.ts';
import {
  chooseExemplars,
  distinctNames,
  meanTextVector,
  pickTerms,
  type SegmentTexts,
  scoreTerms,
  trackName,
  trackTerms,
} from './index.ts';

const cut = await openWordCutter(DEFAULT_SETTINGS.words, {
  looked: 1,
  lettered: 1,
  shares: [{ language: 'en', script: 'Latin', share: 1 }],
});

/** The label words of each segment. */
async function labelsOf(texts: readonly string[], segments: readonly SegmentTexts[], terms: number): Promise<string[][]> {
  return (await scoreTerms(texts, segments, cut, silentContext)).map((scored) => pickTerms(scored, terms));
}

describe('c-TF-IDF: W(t, c) = tf(t, c) * ln(1 + A / tf(t))', () => {
  const texts = ['red candle', 'red lamp', 'blue lamp', 'candles'];
  const segments = [
    {
      window: 0,
      texts: new Map([
        [0, 3],
        [1, 1],
      ]),
    },
    {
      window: 0,
      texts: new Map([
        [1, 2],
        [2, 4],
      ]),
    },
  ];

  test('as computed by hand', async () => {
    // Segment 0: red 3 + 1, candle 3, lamp 1 (8 words); segment 1: red 2, lamp 2 + 4, blue 4 (12 words). A = 10.
    const [first, second] = await scoreTerms(texts, segments, cut, silentContext);
    const expected = (list: [string, number][]) => list.map(([term, score]) => ({ term, score: expect.closeTo(score, 12) }));
    expect(first).toEqual(
      expected([
        ['candle', 3 * Math.log(1 + 10 / 3)],
        ['red', 4 * Math.log(1 + 10 / 6)],
        ['lamp', 1 * Math.log(1 + 10 / 7)],
      ]),
    );
    expect(second).toEqual(
      expected([
        ['lamp', 6 * Math.log(1 + 10 / 7)],
        ['blue', 4 * Math.log(1 + 10 / 4)],
        ['red', 2 * Math.log(1 + 10 / 6)],
      ]),
    );
    expect(first?.[0]?.score).toBeCloseTo(4.39901, 5);
    expect(second?.[0]?.score).toBeCloseTo(5.32382, 5);
  });

  test('windows are apart', async () => {
    const [one, other] = segments as readonly SegmentTexts[] as readonly [SegmentTexts, SegmentTexts];
    const alone = await scoreTerms(texts, [one], cut, silentContext);
    const apart = await scoreTerms(texts, [one, { ...other, window: 1 }], cut, silentContext);
    expect(apart[0]).toEqual(alone[0]);
  });

  test('ties by code points; the order of texts does not matter', async () => {
    const label = (...ids: number[]): Promise<string[][]> =>
      labelsOf(['zebra apple', 'éclair mango'], [{ window: 0, texts: new Map(ids.map((id) => [id, 1])) }], 9);
    expect(await label(0, 1)).toEqual([['apple', 'mango', 'zebra', 'éclair']]);
    expect(await label(1, 0)).toEqual([['apple', 'mango', 'zebra', 'éclair']]);
  });

  test('a plural gives way to its singular if both rank', async () => {
    const label = async (candle: number, candles: number, terms: number): Promise<string[] | undefined> => {
      const counts = [candle, candles, 5].map((users, id): [number, number] => [id, users]);
      return (await labelsOf(['candle', 'candles', 'wax'], [{ window: 0, texts: new Map(counts) }], terms))[0];
    };
    expect(await label(9, 7, 3)).toEqual(['candle', 'wax']);
    expect(await label(7, 9, 3)).toEqual(['candle', 'wax']);
    expect(await label(1, 9, 2)).toEqual(['candles', 'wax']);
  });

  test('a segment without words has no label', async () => {
    expect(await labelsOf(['12'], [{ window: 0, texts: new Map([[0, 4]]) }], 5)).toEqual([[]]);
    expect(await labelsOf([], [], 5)).toEqual([]);
  });

  test('P7 progress goes segment by segment, and a cancel is heard between the texts of one', async () => {
    const told: number[] = [];
    await scoreTerms(texts, segments, cut, { ...silentContext, progress: (done, total) => told.push(done / total) });
    expect(told).toEqual([0.5, 1]);
    const many = Array.from({ length: 1000 }, (_, i) => `word number ${i}`);
    const cancelled: JobContext = { progress: (done) => told.push(done), checkpoint: () => Promise.reject(new CancelledError()) };
    const one = { window: 0, texts: new Map(many.map((_, i) => [i, 1])) };
    await expect(scoreTerms(many, [one], cut, cancelled)).rejects.toThrow(CancelledError);
    expect(told).toHaveLength(2);
  });
});

describe('exemplars', () => {
  const texts = ['near', 'nearest', 'far', 'rare', 'NEAREST '];
  const vectors: Matrix = { rows: 5, cols: 2, data: Float32Array.of(0.8, 0.6, 1, 0, 0, 1, 1, 0, 1, 0) };
  const choose = (counts: [number, number][], count = 2): string[] =>
    chooseExemplars({ texts, vectors, counts: new Map(counts), centroid: [1, 0], count });

  test('nearest the centre first, of those that two users have', () => {
    expect(
      choose([
        [0, 2],
        [1, 2],
        [2, 9],
        [3, 1],
      ]),
    ).toEqual(['nearest', 'near']);
    expect(
      choose([
        [3, 1],
        [2, 9],
        [1, 2],
        [0, 2],
      ]),
    ).toEqual(['nearest', 'near']);
  });

  test('where each text has one user, among all of them', () => {
    expect(
      choose([
        [0, 1],
        [2, 1],
      ]),
    ).toEqual(['near', 'far']);
    expect(choose([])).toEqual([]);
  });

  test('distinct but for case and spaces; ties by users', () => {
    expect(
      choose([
        [1, 2],
        [4, 3],
        [0, 2],
      ]),
    ).toEqual(['NEAREST ', 'near']);
  });

  test('the mean text vector weighs by users', () => {
    expect([
      ...meanTextVector(
        vectors,
        new Map([
          [1, 3],
          [2, 1],
        ]),
      ),
    ]).toEqual([0.75, 0.25]);
    expect([...meanTextVector(vectors, new Map())]).toEqual([0, 0]);
  });
});

describe('names of tracks', () => {
  test('scores add up over windows, each window with one voice', () => {
    const busy = [
      { term: 'noise', score: 900 },
      { term: 'cake', score: 100 },
    ];
    const calm = [
      { term: 'cake', score: 0.9 },
      { term: 'bread', score: 0.1 },
    ];
    expect(trackTerms([busy, calm, calm])).toEqual(['cake', 'noise', 'bread']);
    expect(trackTerms([[], []])).toEqual([]);
  });

  test('three words, two where they are long, "unnamed" without any', () => {
    expect(trackName(['cake', 'bread', 'pie', 'oven'])).toBe('cake · bread · pie');
    expect(trackName(['photography', 'developers', 'darkroom'])).toBe('photography · developers');
    expect(trackName(['cake'])).toBe('cake');
    expect(trackName([])).toBe('unnamed');
  });

  test('no two tracks have the same name', () => {
    const cake = ['cake', 'bread', 'pie'];
    expect(distinctNames([cake, [...cake, 'oven'], cake, [], [], ['cake', 'bread', 'oven']])).toEqual([
      'cake · bread · pie',
      'cake · bread · oven',
      'cake · bread · pie 2',
      'unnamed',
      'unnamed 2',
      'cake · bread · oven 2',
    ]);
  });
});
