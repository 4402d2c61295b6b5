import { beforeAll, describe, expect, test } from 'vitest';
import { type AnalysisResult, DEFAULT_SETTINGS, type Drift, type DriftShares, hashString } from '../domain/index.ts';
import { group, tryOut, type Visit } from './fakes.fixture.ts';

const SETTINGS = {
  k: 3,
  drift: { features: 256, permutations: 99 },
  trust: { ...DEFAULT_SETTINGS.trust, refits: 0, bootstraps: 0 },
};

/** Three interests of 60, 45 and 35 users. */
const INTERESTS = [
  [0, 0, 60],
  [1, 60, 105],
  [2, 105, 140],
] as const;

/** How many texts a user reads, and which one beside the interest, differs from month to month: noise that is no change. */
function noisy(visits: readonly Visit[]): Visit[] {
  const counts = visits.map((v) => ({ ...v, times: 4 + (hashString(`${v.user} ${v.month} count`) % 5) }));
  const people = new Map(visits.map((v) => [`${v.user} ${v.month}`, v]));
  const beside = [...people].map(([name, v]) => ({ ...v, topic: 3 + (hashString(`${name} beside`) % 5), times: 1 }));
  return [...counts, ...beside];
}

const month = (m: number): Visit[] => INTERESTS.flatMap(([topic, from, to]) => group(topic, m, from, to));
const without = (visits: readonly Visit[], from: number, to: number): Visit[] =>
  visits.filter(({ user }) => Number(user.slice(1)) < from || Number(user.slice(1)) >= to);

/** All of the second interest read of a further topic as well; no one changes segment, comes or goes. */
const otherContent = (m: number): Visit[] => [...month(m), ...group(5, m, 60, 105)];
/** A third of the first interest has gone over to the third. */
const otherShares = (m: number): Visit[] => [...without(month(m), 0, 20), ...group(2, m, 0, 20)];
/** Twenty of the second interest do not come; thirty are new to the first. */
const otherUsers = (m: number): Visit[] => [...without(month(m), 60, 80), ...group(0, m, 200, 230)];

const run = (second: (m: number) => Visit[]): Promise<AnalysisResult> =>
  tryOut(noisy([...month(0), ...second(1)]), { settings: SETTINGS });
const driftOf = ({ movements }: AnalysisResult): Drift => movements[0]?.drift as Drift;

/** The planted part makes up the change to within a tenth, and no other moves by more than a twentieth of it. */
function expectOnly(planted: keyof DriftShares, { shares, p }: Drift): void {
  if (shares === null) throw new Error('The mean profile did not change.');
  for (const part of ['activity', 'composition', 'content'] as const) {
    const [at, slack] = part === planted ? [1, 0.1] : [0, 0.05];
    expect(Math.abs(shares[part] - at), `${part} ${shares[part]}`).toBeLessThan(slack);
  }
  expect(p).toBe(1 / (1 + SETTINGS.drift.permutations));
}

describe('from events to parts: of what was planted only that part moves', () => {
  let still: Drift;
  beforeAll(async () => {
    still = driftOf(await run(month));
  });

  test('nothing planted: no more than chance, and a small change', () => {
    expect(still.p).toBeGreaterThan(1 / (1 + SETTINGS.drift.permutations));
    expect(still.jensenShannon).toBe(0);
  });

  test.each([
    ['content', otherContent],
    ['composition', otherShares],
    ['activity', otherUsers],
  ] as const)('%s', async (part, second) => {
    const result = await run(second);
    const drift = driftOf(result);
    expectOnly(part, drift);
    expect(drift.change).toBeGreaterThan(5 * still.change);
    expect(result.events.map((e) => e.kind)).toEqual(['survive', 'survive', 'survive']);
  });

  test('all three at once: each is told', async () => {
    const all = (m: number): Visit[] => [
      ...without(without(otherContent(m), 0, 20), 60, 80),
      ...group(2, m, 0, 20),
      ...group(0, m, 200, 230),
    ];
    const { shares } = driftOf(await run(all));
    for (const part of ['activity', 'composition', 'content'] as const) expect(shares?.[part]).toBeGreaterThan(0.1);
  });
});
