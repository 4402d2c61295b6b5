import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom, type Random } from '../domain/index.ts';
import { sklearn } from '../engine/reference/index.ts';
import { holm, hypergeometricTail, testFlows } from './index.ts';
import { criticalDistance, distanceFromUniform } from './uniform.fixture.ts';

test('tail and point are those of scipy, far out in either tail too', () => {
  for (const { x, population, marked, drawn, atLeast, equal } of sklearn.hypergeometric) {
    const found = hypergeometricTail(x, population, marked, drawn);
    // scipy's own rounding: log-gamma of the population.
    const tolerance = 1e-13 * Math.max(10, population * Math.log(population + 1));
    expect(Math.abs(found.atLeast - atLeast)).toBeLessThanOrEqual(tolerance * atLeast);
    expect(Math.abs(found.equal - equal)).toBeLessThanOrEqual(tolerance * equal);
  }
});

const choose = (n: number, k: number): bigint => {
  if (k < 0 || k > n) return 0n;
  let value = 1n;
  for (let i = 0; i < k; i++) value = (value * BigInt(n - i)) / BigInt(i + 1);
  return value;
};

/** From the definition, in whole numbers; the last division alone rounds. */
function exactTail(x: number, population: number, marked: number, drawn: number): number {
  let ways = 0n;
  for (let k = Math.max(0, x); k <= drawn; k++) ways += choose(marked, k) * choose(population - marked, drawn - k);
  return Number((ways * 10n ** 40n) / choose(population, drawn)) / 1e40;
}

test('fuzz: the tail is that of whole numbers', () => {
  const cases = fc
    .integer({ min: 0, max: 130 })
    .chain((n) =>
      fc.tuple(
        fc.constant(n),
        fc.integer({ min: 0, max: n }),
        fc.integer({ min: 0, max: n }),
        fc.integer({ min: -1, max: n + 1 }),
      ),
    );
  fc.assert(
    fc.property(cases, ([population, marked, drawn, x]) => {
      const right = exactTail(x, population, marked, drawn);
      expect(Math.abs(hypergeometricTail(x, population, marked, drawn).atLeast - right)).toBeLessThanOrEqual(
        1e-11 * right + 1e-38,
      );
    }),
    { numRuns: 1000 },
  );
});

test('the tail falls with x, by the point, to 0 beyond the most that can be', () => {
  for (let x = 0; x <= 65; x++) {
    const [here, next] = [hypergeometricTail(x, 200, 64, 65), hypergeometricTail(x + 1, 200, 64, 65)];
    expect(here.atLeast - next.atLeast).toBeCloseTo(here.equal, 12);
  }
  expect(hypergeometricTail(65, 200, 64, 65)).toEqual({ atLeast: 0, equal: 0 });
  expect(hypergeometricTail(0, 0, 0, 0)).toEqual({ atLeast: 1, equal: 1 });
});

test('a population of millions is summed in no time, and a p too small for a number is 0', () => {
  expect(hypergeometricTail(250_300, 4e6, 1e6, 1e6).atLeast).toBeGreaterThan(0.1);
  expect(hypergeometricTail(1e6, 4e6, 1e6, 1e6).atLeast).toBe(0);
  expect(hypergeometricTail(1, 4e6, 1e6, 1e6).atLeast).toBe(1);
});

test('Holm by hand', () => {
  const adjusted = [...holm([0.01, 0.04, 0.03, 0.005])].map((p) => Number(p.toFixed(12)));
  expect(adjusted).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect([...holm([0.9, 0.8])]).toEqual([1, 1]);
  expect([...holm([0.3])]).toEqual([0.3]);
  expect([...holm([])]).toEqual([]);
});

test('Holm rejects step by step: the i-th smallest at level / (m - i + 1), until one fails', () => {
  const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
  fc.assert(
    fc.property(values, (p) => {
      const adjusted = holm(p);
      const ranked = p.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value || a.i - b.i);
      let failed = false;
      ranked.forEach(({ value, i }, rank) => {
        failed ||= value * (p.length - rank) > 0.05;
        expect((adjusted[i] as number) <= 0.05).toBe(!failed);
      });
    }),
  );
});

test('a flow that users chose together is told, the others are not; the family is all pairs of the windows', () => {
  // 40 of 50 users go from X0 to Y0; the rest as chance has it.
  const flows = testFlows({ common: 200, oldCommon: [50, 150], freshCommon: [80, 120], shared: [40, 10, 40, 110] });
  expect([...flows.expected]).toEqual([20, 30, 60, 90]);
  expect(flows.p[0]).toBeLessThan(1e-9);
  expect(flows.adjusted[0]).toBe(4 * (flows.p[0] as number));
  expect(flows.adjusted[1]).toBe(1);
});

test('without common users nothing is told', () => {
  const flows = testFlows({ common: 0, oldCommon: [0], freshCommon: [0, 0], shared: [0, 0] });
  expect([[...flows.p], [...flows.adjusted], [...flows.expected]]).toEqual([
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  expect(testFlows({ common: 5, oldCommon: [], freshCommon: [5], shared: [] }).p.length).toBe(0);
});

interface World {
  readonly users: number;
  readonly olds: number;
  readonly freshes: number;
  /** Users of old segment 1 who go to new segment 2 with others of their own accord: 0 is independence. */
  readonly together: number;
}

/** [old segment, new segment] of each user, unequal in size; -1 is none. */
function memberships({ users, olds, freshes, together }: World, random: Random): [number, number][] {
  return Array.from({ length: users }, () => {
    const old = Math.min(random.int(olds + 1), random.int(olds + 1)) - 1;
    const fresh = old === 1 && random.next() < together ? 2 : Math.min(random.int(freshes + 1), random.int(freshes + 1)) - 1;
    return [old, fresh];
  });
}

/** What {@link testFlows} says of a pair that was named before any user was drawn, its ties broken at random. */
function randomisedP(world: World, [x, y]: readonly [number, number], random: Random): number {
  const users = memberships(world, random);
  const count = (has: (user: [number, number]) => boolean): number => users.filter(has).length;
  const [olds, freshes] = [[...Array(world.olds).keys()], [...Array(world.freshes).keys()]];
  const counts = {
    common: users.length,
    oldCommon: olds.map((i) => count(([old]) => old === i)),
    freshCommon: freshes.map((j) => count(([, fresh]) => fresh === j)),
    shared: olds.flatMap((i) => freshes.map((j) => count(([old, fresh]) => old === i && fresh === j))),
  };
  const at = x * world.freshes + y;
  const [marked, drawn] = [counts.oldCommon[x] as number, counts.freshCommon[y] as number];
  const { equal } = hypergeometricTail(counts.shared[at] as number, users.length, marked, drawn);
  return (testFlows(counts).p[at] as number) - random.next() * equal;
}

const WORLDS: readonly World[] = [
  { users: 60, olds: 3, freshes: 4, together: 0 },
  { users: 400, olds: 5, freshes: 5, together: 0 },
];
const NAMED_PAIRS = [
  [0, 0],
  [1, 2],
  [2, 3],
] as const;
const worldsOfPairs = WORLDS.flatMap((world) => NAMED_PAIRS.map((pair) => ({ world, pair })));

test.each(worldsOfPairs)(
  'on independent memberships the randomised p of the pair $pair, named beforehand, is uniform for $world.users users (Kolmogorov-Smirnov at .01)',
  ({ world, pair }) => {
    const random = createRandom(1000 * world.users + 10 * pair[0] + pair[1]);
    const values = Array.from({ length: 500 }, () => randomisedP(world, pair, random));
    expect(distanceFromUniform(values)).toBeLessThan(criticalDistance(values.length));
  },
);

test('the same test rejects where a tenth of the users of the pair go together, and where p is not randomised', () => {
  const [few, many] = WORLDS as readonly [World, World];
  const random = createRandom(5);
  const together = Array.from({ length: 500 }, () => randomisedP({ ...many, together: 0.1 }, [1, 2], random));
  expect(distanceFromUniform(together)).toBeGreaterThan(criticalDistance(500));
  const blunt = Array.from({ length: 500 }, () => randomisedP(few, [1, 2], { ...random, next: () => 0 }));
  expect(distanceFromUniform(blunt)).toBeGreaterThan(criticalDistance(500));
});
