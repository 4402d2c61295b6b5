import { describe, expect, test } from 'vitest';
import { evenness, type Matrix, mixtureOf, normaliseRows, silentContext, type WindowSegment } from '../domain/index.ts';
import { uniformMatrix, unitMatrix } from '../testing/index.ts';
import { LEAST_SHARE, type MembershipInput, softMembership } from './membership.ts';

const segment = (window: number, number: number, centroid: Float32Array): WindowSegment => ({
  ...{ window, number, members: new Uint32Array(), centroid },
});

const DIMS = 5;
const centres = unitMatrix(9, DIMS, 3);
/** Windows 0, 1 and 3 have 4, 1 and 4 segments; window 2 has none. */
const WINDOW_OF = [0, 0, 0, 0, 1, 3, 3, 3, 3];
const segments = WINDOW_OF.map((window, i) => segment(window, i, centres.data.slice(i * DIMS, (i + 1) * DIMS)));
const vectors = normaliseRows(uniformMatrix(60, DIMS, 8));
const window = Uint32Array.from({ length: 60 }, (_, p) => p % 4);
const settings = { temperature: 0.25, secondaryShare: 0.2 };
const input: MembershipInput = { vectors, window, segments, settings };

/** P by definition, for every segment of the profile's window. */
function oracle(p: number, temperature: number, x: Matrix = vectors): Map<number, number> {
  const own = segments.map((_, s) => s).filter((s) => WINDOW_OF[s] === window[p]);
  const cosine = (s: number): number =>
    Array.from({ length: DIMS }, (_, d) => (x.data[p * DIMS + d] as number) * (centres.data[s * DIMS + d] as number)).reduce(
      (a, b) => a + b,
      0,
    );
  const total = own.reduce((sum, s) => sum + Math.exp(cosine(s) / temperature), 0);
  return new Map(own.map((s) => [s, Math.exp(cosine(s) / temperature) / total]));
}

describe('P(segment | user) = softmax(cosine / temperature)', () => {
  test.each([0.05, 0.25, 3])('temperature %f: mixture, entropy, primary and secondary by definition', async (temperature) => {
    const found = await softMembership({ ...input, settings: { ...settings, temperature } }, silentContext);
    for (let p = 0; p < 60; p++) {
      const right = [...oracle(p, temperature)].sort((a, b) => b[1] - a[1]);
      const told = right.filter(([, share], rank) => rank === 0 || share >= LEAST_SHARE);
      expect(mixtureOf(found, p).map(({ segment }) => segment)).toEqual(told.map(([s]) => s));
      for (const [i, { share }] of mixtureOf(found, p).entries()) expect(share).toBeCloseTo((told[i] as [number, number])[1], 6);
      if (right.length === 0) continue;
      const bits = right.reduce((sum, [, share]) => sum - share * Math.log2(share), 0);
      expect(found.entropy[p]).toBeCloseTo(bits, 5);
      expect([found.primary[p], found.primaryShare[p]]).toEqual([right[0]?.[0], expect.closeTo(right[0]?.[1] as number, 6)]);
      const next = right[1] && right[1][1] >= 0.2 ? right[1] : null;
      expect(found.secondary[p]).toBe(next ? next[0] : -1);
      expect(found.secondaryShare[p]).toEqual(next ? expect.closeTo(next[1], 6) : Number.NaN);
    }
  });

  test('a window without a segment has no mixture, one with one segment holds all of a user', async () => {
    const found = await softMembership(input, silentContext);
    expect(mixtureOf(found, 2)).toEqual([]);
    expect([found.primary[2], found.primaryShare[2], found.entropy[2]]).toEqual([-1, Number.NaN, Number.NaN]);
    expect(mixtureOf(found, 1)).toEqual([{ segment: 4, share: 1 }]);
    expect([found.entropy[1], found.secondary[1]]).toEqual([0, -1]);
  });

  test('a profile without content is in all segments alike, the first of equals is told first', async () => {
    const empty = { rows: 1, cols: DIMS, data: new Float32Array(DIMS) };
    const found = await softMembership({ ...input, vectors: empty, window: Uint32Array.of(0) }, silentContext);
    expect(mixtureOf(found, 0)).toEqual([0, 1, 2, 3].map((s) => ({ segment: s, share: 0.25 })));
    expect([found.entropy[0], evenness(found.entropy[0] as number, 4)]).toEqual([2, 1]);
    expect([found.primary[0], found.secondary[0]]).toEqual([0, 1]);
  });

  test('the strongest is told even where it is below 1 %, and no power overflows', async () => {
    const many = Array.from({ length: 300 }, (_, i) => segment(0, i, Float32Array.of(1, 0, 0, 0, 0)));
    const one = { rows: 1, cols: DIMS, data: Float32Array.of(1, 0, 0, 0, 0) };
    const cold = { temperature: 0.001, secondaryShare: 0 };
    const found = await softMembership(
      { vectors: one, window: Uint32Array.of(0), segments: many, settings: cold },
      silentContext,
    );
    expect(mixtureOf(found, 0)).toEqual([{ segment: 0, share: Math.fround(1 / 300) }]);
    expect(found.entropy[0]).toBeCloseTo(Math.log2(300), 4);
  });

  test('no profiles', async () => {
    const none = { ...input, vectors: { rows: 0, cols: DIMS, data: new Float32Array() }, window: new Uint32Array() };
    expect([...(await softMembership(none, silentContext)).offsets]).toEqual([0]);
  });
});
