import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../domain/index.ts';
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

test('on independent memberships the randomised p of a pair named beforehand is uniform (Kolmogorov-Smirnov at .01)', () => {
  for (const [users, olds, freshes] of [
    [60, 3, 4],
    [400, 5, 5],
  ] as const) {
    const random = createRandom(users);
    const values = Array.from({ length: 500 }, () => {
      let [marked, drawn, both] = [0, 0, 0];
      for (let u = 0; u < users; u++) {
        const [inOld, inFresh] = [random.int(olds) === 1, random.int(freshes) === 2];
        marked += Number(inOld);
        drawn += Number(inFresh);
        both += Number(inOld && inFresh);
      }
      const { atLeast, equal } = hypergeometricTail(both, users, marked, drawn);
      return atLeast - random.next() * equal;
    });
    expect(distanceFromUniform(values)).toBeLessThan(criticalDistance(values.length));
  }
});
