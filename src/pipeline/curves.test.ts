import { describe, expect, test } from 'vitest';
import { type AnalysisResult, DEFAULT_SETTINGS, elbowOf, type KPoint, type ResultPart, type Settings } from '../domain/index.ts';
import { group, tryOut, type Visit } from './fakes.fixture.ts';

const QUICK: Partial<Settings> = {
  kMax: 6,
  sensitivity: false,
  drift: { features: 64, permutations: 0 },
  trust: { ...DEFAULT_SETTINGS.trust, refits: 0, bootstraps: 0 },
};
const run = (visits: readonly Visit[], settings: Partial<Settings> = {}, tools = {}): Promise<AnalysisResult> =>
  tryOut(visits, { settings: { ...QUICK, ...settings }, tools });

/** Three interests of 20, 14 and 8 users. */
const month = (m: number): Visit[] => [...group(0, m, 0, 20), ...group(1, m, 20, 34), ...group(2, m, 34, 42)];
const VISITS = [...month(0), ...month(1)];

const bestBy = (curve: readonly KPoint[], worth: (point: KPoint) => number | null): number | undefined =>
  curve.reduce<KPoint | undefined>((best, p) => (best && (worth(best) ?? -1e9) >= (worth(p) ?? -1e9) ? best : p), undefined)?.k;

describe('the curves of k', () => {
  test('silhouette, Davies-Bouldin and the elbow of inertia find the interests that were planted, which are stable', async () => {
    for (const { curve, k, common } of (await run(VISITS)).kChoices) {
      expect([k, common]).toEqual([3, 3]);
      expect(curve.map((p) => p.k)).toEqual([2, 3, 4, 5, 6]);
      expect(bestBy(curve, (p) => p.silhouette)).toBe(3);
      expect(bestBy(curve, (p) => -(p.daviesBouldin as number))).toBe(3);
      expect(curve.slice(0, 2).map((p) => p.stability)).toEqual([1, 1]);
      expect(Math.min(...curve.slice(2).map((p) => p.stability as number))).toBeLessThan(1);
      expect(elbowOf(curve.map((p) => ({ x: p.k, y: p.inertia as number })))).toBe(3);
    }
  });

  test('at the k that is chosen are the figures of the segments that are shown', async () => {
    const { kChoices, quality } = await run(VISITS);
    for (const [w, { curve, k }] of kChoices.entries()) {
      const { silhouette, daviesBouldin, calinskiHarabasz, inertia } = curve.find((p) => p.k === k) as KPoint;
      expect(quality[w]?.silhouette).toBe(silhouette);
      expect(daviesBouldin).toBeCloseTo(quality[w]?.daviesBouldin as number, 9);
      expect(calinskiHarabasz).toBeCloseTo(quality[w]?.calinskiHarabasz as number, 6);
      expect(inertia).toBeCloseTo(quality[w]?.inertia as number, 9);
    }
  });

  test('inertia falls with k, and stability is an adjusted Rand index', async () => {
    for (const { curve } of (await run(VISITS)).kChoices) {
      const inertias = curve.map((p) => p.inertia as number);
      for (const [i, inertia] of inertias.entries())
        expect(inertia).toBeLessThanOrEqual(inertias[i - 1] ?? Number.POSITIVE_INFINITY);
      for (const { stability } of curve) expect(Math.abs(stability as number)).toBeLessThanOrEqual(1);
    }
  });

  test('no stability where a half of the users is fewer than k, or no half is drawn', async () => {
    const [few] = (await run([...group(0, 0, 0, 4), ...group(1, 0, 4, 9)], { kMax: 7 })).kChoices;
    expect(few?.curve.map(({ k, stability }) => [k, stability !== null])).toEqual([
      ...[2, 3, 4, 5].map((k) => [k, true]),
      ...[6, 7].map((k) => [k, false]),
    ]);
    const [none] = (await run(VISITS, { kStabilityRuns: 0 })).kChoices;
    expect(none?.curve.map(({ stability }) => stability)).toEqual([null, null, null, null, null]);
    expect(none?.curve.every(({ inertia }) => inertia !== null)).toBe(true);
  });

  test.each(['hdbscan', 'dbscan'] as const)('%s has no k to choose and so no curve', async (algorithm) => {
    for (const choice of (await run(VISITS, { algorithm })).kChoices) expect(choice).toMatchObject({ curve: [], common: null });
  });

  test.each(['hierarchy', 'consensus'] as const)('%s has them too; P2 a second run is the same', async (algorithm) => {
    const settings = { algorithm, kMax: 4, consensusRuns: 4 };
    const { kChoices } = await run(VISITS, settings);
    for (const { curve } of kChoices) expect(curve.find((p) => p.k === 3)?.stability).toBe(1);
    expect((await run(VISITS, settings)).kChoices).toEqual(kChoices);
  });

  test('the result is told before their stability is known, and each window’s as it becomes known', async () => {
    const parts: ResultPart[] = [];
    const { kChoices } = await run(VISITS, {}, { onPart: (part: ResultPart) => parts.push(part) });
    const measured = (all: AnalysisResult['kChoices']): boolean[] => all.map(({ curve }) => curve[0]?.stability !== null);
    const told = parts.flatMap((p) => (p.kind === 'result' ? [p.result.kChoices] : p.kind === 'choices' ? [p.kChoices] : []));
    expect(told.map(measured)).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
    expect(told.at(-1)).toEqual(kChoices);
  });
});
