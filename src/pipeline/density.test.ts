import { describe, expect, test } from 'vitest';
import { type AnalysisResult, DEFAULT_SETTINGS, type Density, type DensitySettings, type Settings } from '../domain/index.ts';
import { group, tryOut, type Visit } from './fakes.fixture.ts';
import { thinCurve } from './fit/index.ts';

/** In each of two months three interests of 30, 24 and 18 users, and ten users between two of them, some nearer to one. */
const VISITS: readonly Visit[] = [0, 1].flatMap((month) => [
  ...group(0, month, 0, 30),
  ...group(1, month, 30, 54),
  ...group(2, month, 54, 72),
  ...Array.from({ length: 10 }, (_, i) => between(`x${i}`, month, i)).flat(),
]);

function between(user: string, month: number, i: number): Visit[] {
  const [near, far] = [i % 3, (i + 1) % 3];
  return [
    { user, month, topic: near, times: 3 + (i % 4) },
    { user, month, topic: far, times: 3 },
  ];
}

const NO_TRUST = { ...DEFAULT_SETTINGS.trust, refits: 0, bootstraps: 0 };
const run = (algorithm: Settings['algorithm'], density: Partial<DensitySettings> = {}) =>
  tryOut(VISITS, { settings: { algorithm, trust: NO_TRUST, density: { ...DEFAULT_SETTINGS.density, ...density } } });
const densityOf = ({ density }: AnalysisResult): Density => density as Density;
const noise = (result: AnalysisResult): number[] =>
  [...result.profiles.segment.keys()].filter((p) => !result.profiles.thin[p] && result.profiles.segment[p] === -1);

describe.each(['dbscan', 'hdbscan'] as const)('%s', (algorithm) => {
  test('each user who was left out knows the nearest segment of the window and the cosine to it; others have none', async () => {
    const result = await run(algorithm);
    const { nearest, similarity, windows } = densityOf(result);
    expect(noise(result).length).toBeGreaterThan(4);
    expect(windows.map((w) => w.leftOut - w.joined)).toEqual(
      [0, 1].map((w) => noise(result).filter((p) => result.profiles.window[p] === w).length),
    );
    for (let p = 0; p < result.profiles.count; p++) {
      const isNoise = result.profiles.segment[p] === -1;
      expect([(nearest[p] as number) >= 0, Number.isNaN(similarity[p])]).toEqual([isNoise, !isNoise]);
      if (isNoise) expect(result.segments[nearest[p] as number]?.window).toBe(result.profiles.window[p]);
    }
  });

  test('noise at or above the similarity joins its nearest segment and counts there; the rest stays', async () => {
    const before = await run(algorithm);
    const { similarity, nearest } = densityOf(before);
    const known = noise(before).map((p) => similarity[p] as number);
    const reassign = known.sort((a, b) => a - b)[Math.floor(known.length / 2)] as number;
    const after = await run(algorithm, { reassign });
    const joins = noise(before).filter((p) => (similarity[p] as number) >= reassign);
    expect(noise(after)).toEqual(noise(before).filter((p) => (similarity[p] as number) < reassign));
    expect(densityOf(after).windows.reduce((sum, w) => sum + w.joined, 0)).toBe(joins.length);
    // Segments may change their number, since it goes by size: users tell which is which.
    const companions = (result: AnalysisResult, segment: number): number[] =>
      [...result.profiles.segment.keys()].filter((p) => result.profiles.segment[p] === segment);
    for (const p of joins) {
      const host = companions(before, nearest[p] as number);
      expect(companions(after, after.profiles.segment[p] as number)).toEqual(expect.arrayContaining([...host, p]));
    }
    const members = (result: AnalysisResult): number => result.segments.reduce((sum, s) => sum + s.size, 0);
    expect(members(after)).toBe(members(before) + joins.length);
    for (const w of [0, 1]) {
      const sizes = after.segments.filter((s) => s.window === w).map((s) => s.size);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    }
  });

  test('who joined does not shape the centre: similarities stay, and matching counts who joined', async () => {
    const before = await run(algorithm);
    const after = await run(algorithm, { reassign: 0 });
    expect(densityOf(after).similarity).toEqual(densityOf(before).similarity);
    const common = (result: AnalysisResult): number => result.flows.reduce((sum, flow) => sum + flow.users, 0);
    expect(noise(after)).toEqual([]);
    expect(common(after)).toBe(82);
    expect(common(before)).toBeLessThan(82);
  });

  test('P2 the same visits in another order give the same density, bit for bit', async () => {
    const density = { ...DEFAULT_SETTINGS.density, reassign: 0.6 };
    const settings: Partial<Settings> = { algorithm, density, trust: NO_TRUST };
    const [one, other] = [await tryOut(VISITS, { settings }), await tryOut([...VISITS].reverse(), { settings })];
    expect(other.density).toEqual(one.density);
  });
});

test('DBSCAN tells its reach: the knee is taken for auto, and both curve and knee stand beside an eps that is given', async () => {
  const auto = densityOf(await run('dbscan')).windows;
  const given = densityOf(await run('dbscan', { eps: 0.9 })).windows;
  for (const [i, { reach }] of auto.entries()) {
    expect(reach?.eps).toBe(reach?.knee);
    expect(reach?.curve.distance.length).toBe(82);
    expect(reach?.curve.share.at(-1)).toBe(1);
    expect(given[i]?.reach).toEqual({ ...reach, eps: 0.9 });
  }
});

test('HDBSCAN tells no reach but a strength and an outlier score of each user; DBSCAN neither', async () => {
  const hdbscan = await run('hdbscan');
  const { windows, strength, outlier } = densityOf(hdbscan);
  expect(windows.map((w) => w.reach)).toEqual([null, null]);
  for (const [p, segment] of hdbscan.profiles.segment.entries()) {
    expect([strength[p] === 0, (strength[p] as number) <= 1]).toEqual([segment === -1, true]);
    expect(outlier[p]).toBeGreaterThanOrEqual(0);
    expect(outlier[p]).toBeLessThanOrEqual(1);
  }
  const dbscan = densityOf(await run('dbscan'));
  expect([...dbscan.strength, ...dbscan.outlier].every(Number.isNaN)).toBe(true);
});

test('other algorithms have no density; a window without a segment has noise without a nearest one, and that much noise is told', async () => {
  const kmeans = await tryOut(VISITS, { settings: { trust: NO_TRUST } });
  expect(kmeans.density).toBeNull();
  const none = await run('dbscan', { eps: 0.001, minPts: 40, reassign: 0 });
  expect(densityOf(none).windows.map(({ leftOut, joined }) => [leftOut, joined])).toEqual([
    [82, 0],
    [82, 0],
  ]);
  expect(densityOf(none).similarity.every(Number.isNaN)).toBe(true);
  expect(none.warnings.join()).toMatch(/^100 % of the users of all windows are in no segment/);
  expect((await run('hdbscan')).warnings.join()).not.toMatch(/in no segment/);
});

describe('a curve as it is shown', () => {
  const rising = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => i * i);

  test('up to 199 points are all there; more are thinned to 200 with the first, the last and the knee', () => {
    for (const n of [1, 2, 199]) expect(thinCurve(rising(n), 0).distance).toEqual(rising(n));
    for (const [n, knee] of [
      [200, 7],
      [5000, 4321],
      [100_000, 3],
    ] as const) {
      const { distance, share } = thinCurve(rising(n), knee);
      expect(distance.length).toBeLessThanOrEqual(200);
      expect(distance.length).toBeGreaterThanOrEqual(199);
      expect([distance[0], distance.at(-1), share.at(-1)]).toEqual([0, (n - 1) ** 2, 1].map(Math.fround));
      expect(share[distance.indexOf(Math.fround(knee * knee))]).toBe(Math.fround((knee + 1) / n));
      expect([...distance]).toEqual([...distance].sort((a, b) => a - b));
    }
  });

  test('without rows there is none', () => {
    expect(thinCurve(rising(0), 0)).toEqual({ distance: new Float32Array(), share: new Float32Array() });
  });
});
