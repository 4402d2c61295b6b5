import { describe, expect, test } from 'vitest';
import { type AnalysisResult, DEFAULT_SETTINGS, type Drift, type Movement, NO_TRACK } from '../domain/index.ts';
import { group, tryOut, type Visit } from './fakes.fixture.ts';

const QUICK = { k: 3, drift: { features: 64, permutations: 39 }, trust: { ...DEFAULT_SETTINGS.trust, refits: 0, bootstraps: 0 } };
const run = (visits: readonly Visit[], settings: object = {}): Promise<AnalysisResult> =>
  tryOut(visits, { settings: { ...QUICK, ...settings } });

/** Three interests of 20, 14 and 10 users. */
const month = (m: number): Visit[] => [...group(0, m, 0, 20), ...group(1, m, 20, 34), ...group(2, m, 34, 44)];
/** The same, but eight users of the first interest have gone over to the third. */
const moved = (m: number): Visit[] => [
  ...group(0, m, 8, 20),
  ...group(1, m, 20, 34),
  ...group(2, m, 34, 44),
  ...group(2, m, 0, 8),
];
/** The same, but six of the second are gone and ten have come to it. */
const renewed = (m: number): Visit[] => [
  ...group(0, m, 0, 20),
  ...group(1, m, 26, 34),
  ...group(1, m, 60, 70),
  ...group(2, m, 34, 44),
];

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
const pairsOf = ({ movements }: AnalysisResult): [number, number][] => movements.map((m) => [m.before, m.window]);

/** By the words of the two tracks. */
function flow(result: AnalysisResult, { migration }: Movement, from: string, to: string): number {
  const track = (word: string) => result.segments.find((s) => s.terms[0] === word)?.track as number;
  const [x, y] = [migration.from.indexOf(track(from)), migration.to.indexOf(track(to))];
  return migration.counts[x * migration.to.length + y] as number;
}

function expectSumsEqualUsers(result: AnalysisResult): void {
  for (const { window, before, migration: m, rowPercent, net } of result.movements) {
    expect(sum(m.fromUsers)).toBe(result.windows[before]?.profiles);
    expect(sum(m.toUsers)).toBe(result.windows[window]?.profiles);
    for (const x of m.from.keys()) {
      expect(sum(m.counts.subarray(x * m.to.length, (x + 1) * m.to.length)) + (m.dormant[x] as number)).toBe(m.fromUsers[x]);
      expect(sum(rowPercent.subarray(x * (m.to.length + 1), (x + 1) * (m.to.length + 1)))).toBeCloseTo(100, 9);
    }
    for (const y of m.to.keys()) {
      const stayed = sum(m.from.map((_, x) => m.counts[x * m.to.length + y] as number));
      expect(stayed + (m.new[y] as number) + (m.resurrecting[y] as number)).toBe(m.toUsers[y]);
    }
    expect(sum(net.change)).toBe(sum(m.toUsers) - sum(m.fromUsers));
  }
}

function expectWhole({ shares, tracks }: Drift): void {
  if (shares === null) throw new Error('The mean profile did not change.');
  expect(shares.activity + shares.composition + shares.content).toBeCloseTo(1, 9);
  expect(sum(tracks.map((t) => t.composition as number))).toBeCloseTo(shares.composition, 9);
  expect(sum(tracks.map((t) => t.content as number))).toBeCloseTo(shares.content, 9);
}

describe('movement', () => {
  test('where nothing changes no one moves, nothing drifts, and no part is told', async () => {
    const result = await run([0, 1, 2].flatMap(month));
    expect(pairsOf(result)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expectSumsEqualUsers(result);
    for (const { migration, drift, net } of result.movements) {
      expect([...migration.counts]).toEqual([20, 0, 0, 0, 14, 0, 0, 0, 10]);
      expect([...migration.dormant, ...migration.new, ...migration.resurrecting, ...net.change]).toEqual(Array(12).fill(0));
      expect(drift).toMatchObject({ p: 1, jensenShannon: 0, change: 0, shares: null, commonUsers: 44 });
      expect(drift.mmd2).toBeCloseTo(0, 12);
      expect(drift.tracks.map((t) => [t.composition, t.content])).toEqual(Array(3).fill([null, null]));
      for (const { shift } of drift.tracks) expect(shift).toBeCloseTo(0, 9);
    }
  });

  test('users who go from one segment to another are told as composition', async () => {
    const result = await run([...month(0), ...moved(1)]);
    expectSumsEqualUsers(result);
    const [only] = result.movements as [Movement];
    expect(flow(result, only, 'bread', 'roses')).toBe(8);
    expect(flow(result, only, 'roses', 'bread')).toBe(0);
    expectWhole(only.drift);
    expect(only.drift.p).toBe(1 / 40);
    expect(only.drift.mmd2).toBeGreaterThan(2 * (only.drift.unchanged as number));
    expect(only.drift.jensenShannon).toBeGreaterThan(0.1);
    expect(only.drift.shares?.composition).toBeGreaterThan(0.95);
    expect(only.drift.shares?.activity).toBe(0);
  });

  test('a flow is beyond chance where users keep together, and not where nobody went', async () => {
    const { movements } = await run([...month(0), ...moved(1)]);
    const { migration, flows } = movements[0] as Movement;
    const beyond = [...flows.adjusted].map((p) => p <= 0.05);
    expect(beyond.filter(Boolean).length).toBeGreaterThanOrEqual(3);
    for (const [i, users] of migration.counts.entries()) {
      if (users === 0) expect(flows.p[i]).toBe(1);
      if (beyond[i]) expect(users).toBeGreaterThan(flows.expected[i] as number);
    }
  });

  test('users who go and come are told as activity; they are dormant, new and resurrecting in the margins', async () => {
    const result = await run([...month(0), ...renewed(1), ...month(2)]);
    expectSumsEqualUsers(result);
    const [there, back] = result.movements as [Movement, Movement];
    expect([sum(there.migration.dormant), sum(there.migration.new), sum(there.migration.resurrecting)]).toEqual([6, 10, 0]);
    expect([sum(back.migration.dormant), sum(back.migration.new), sum(back.migration.resurrecting)]).toEqual([10, 0, 6]);
    for (const { drift } of [there, back]) {
      expectWhole({ ...drift });
      expect(drift.shares?.activity).toBeCloseTo(1, 6);
      expect(drift.commonUsers).toBe(38);
    }
  });

  test('who changed interest is displaced, who came once is not measured, and all others stayed where they were', async () => {
    const { changes, users } = await run([...month(0), ...moved(1), ...group(1, 1, 80, 81)]);
    const of = (name: string): number => users.indexOf(name);
    const went = [...changes.displacement.keys()].filter((u) => (changes.displacement[u] as number) > 1e-9);
    expect(went.map((u) => users[u])).toEqual(['u000', 'u001', 'u002', 'u003', 'u004', 'u005', 'u006', 'u007']);
    expect(went.map((u) => changes.moves[u])).toEqual(Array(8).fill(1));
    expect([changes.first[of('u080')], changes.last[of('u080')], changes.displacement[of('u080')]]).toEqual([1, 1, Number.NaN]);
  });

  test('an empty window and one of thin users are passed over', async () => {
    const thin = month(1).map((v) => ({ ...v, times: 1 }));
    expect(pairsOf(await run([...month(0), ...thin, ...month(2), ...month(4)]))).toEqual([
      [0, 2],
      [2, 4],
    ]);
    expect(pairsOf(await run(month(0)))).toEqual([]);
  });

  test('users of no segment are a row of the matrix, and no flow', async () => {
    const noisy = { algorithm: 'dbscan', density: { ...DEFAULT_SETTINGS.density, eps: 0.3, minPts: 5 } };
    const lone = [0, 1].flatMap((m) => group(5, m, 90, 91));
    const result = await run([...month(0), ...month(1), ...lone], noisy);
    expectSumsEqualUsers(result);
    const [only] = result.movements as [Movement];
    expect(only.migration.from).toContain(NO_TRACK);
    const width = only.migration.to.length;
    const at = only.migration.from.indexOf(NO_TRACK) * width + only.migration.to.indexOf(NO_TRACK);
    expect(only.migration.counts[at]).toBe(1);
    expect(only.flows.adjusted[at]).toBeNaN();
    expect([...only.flows.adjusted].filter((p) => !Number.isNaN(p))).toHaveLength((width - 1) ** 2);
  });

  test('without permutations there is no p, and none is made up', async () => {
    const { movements } = await run([...month(0), ...moved(1)], { drift: { features: 64, permutations: 0 } });
    expect(movements[0]?.drift).toMatchObject({ p: null, unchanged: null });
  });

  test('P2 a second run is the same, and it survives structured clone', async () => {
    const visits = [...month(0), ...moved(1), ...renewed(2)];
    const { movements, quality } = await run(visits);
    const again = await run(visits);
    expect({ movements: again.movements, quality: again.quality }).toEqual({ movements, quality });
    expect(structuredClone(movements)).toEqual(movements);
  });

  test('an odd number of random features is refused', async () => {
    await expect(run(month(0), { drift: { features: 65, permutations: 9 } })).rejects.toThrow(/"random features" is 65/);
  });
});

describe('quality', () => {
  test('is told for each window with a segment; the silhouette is that of the chosen k, and not known where k was given', async () => {
    const visits = [...month(0), ...month(2)];
    const fixed = (await run(visits)).quality;
    expect(fixed.map((q) => [q.window, q.silhouette])).toEqual([
      [0, null],
      [2, null],
    ]);
    for (const q of fixed) {
      expect(q.inertia).toBeGreaterThan(0);
      expect(q.daviesBouldin).toBeLessThan(0.5);
      expect(q.calinskiHarabasz).toBeGreaterThan(100);
    }
    const { quality, kChoices } = await run(visits, { k: 'auto', kMax: 5 });
    expect(quality.map((q) => q.silhouette)).toEqual(kChoices.map((c) => c.curve.find(({ k }) => k === c.k)?.silhouette));
    expect(quality[0]?.silhouette).toBeGreaterThan(0.5);
  });

  test('of a single segment is not defined', async () => {
    const { quality } = await run(group(0, 0, 0, 20), { k: 1 });
    expect(quality).toMatchObject([{ window: 0, silhouette: null, daviesBouldin: null, calinskiHarabasz: null }]);
  });
});
