import { describe, expect, test } from 'vitest';
import {
  CHANGE_MEASURES,
  type ChangeMeasure,
  createMatrix,
  createRandom,
  normaliseRows,
  type Random,
  rowOf,
  type SurvivorChange,
} from '../../domain/index.ts';
import { standardNormal } from '../../testing/index.ts';
import { pairWindows, survivorChanges, type WindowUsers, windowUsers } from './index.ts';

const RUNS = 300;
/** Of 300 intervals that hold the truth with .95, fewer than .91 or more than .985 do with a chance below .01. */
const LEAST = 0.91;

const STILL: Population = { users: 400, present: 0.8, share: [0.125, 0.125], spread: [1, 1], angle: 0, own: 0.5 };
/** Twice the size, tighter, and turned by 23 degrees. */
const MOVED: Population = { ...STILL, share: [0.125, 0.25], spread: [1, 0.7], angle: 0.4 };
/** Smaller, looser, turned by 46 degrees, and no user like himself. */
const APART: Population = { ...STILL, share: [0.125, 0.1], spread: [0.7, 1], angle: 0.8, own: 0 };
/** 25 users, mostly the same in both windows. */
const SMALL: Population = { ...STILL, users: 160, present: 0.95, share: [0.16, 0.16], own: 0.9 };

const sample = (p: Population): Record<ChangeMeasure, SurvivorChange[]> => {
  const random = createRandom(7);
  const all = Array.from({ length: RUNS }, () => drawChanges(p, random)).flat();
  const of = (measure: ChangeMeasure): SurvivorChange[] => all.filter((c) => c.measure === measure);
  return { size: of('size'), compactness: of('compactness'), shift: of('shift') };
};
const share = <T>(list: readonly T[], which: (item: T) => boolean): number => list.filter(which).length / list.length;
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe.each([
  ['nothing changes', STILL],
  ['all change', MOVED],
  ['all change the other way', APART],
  ['few users, nearly all in both windows', SMALL],
])('%s: over %#00 samples of users', (_, population) => {
  const drawn = sample(population);
  const real = trueChanges(population);

  test.each(CHANGE_MEASURES)('%s: the 95 %% interval holds the true change in 91 to 100 %% of the samples', (measure) => {
    // The limits of a shift are cut at 0, where the truth of an unmoved centre lies but for the rounding of the large sample.
    const held = share(drawn[measure], ({ low, high }) => low <= real[measure] + 1e-4 && high >= real[measure] - 1e-4);
    expect(held).toBeGreaterThanOrEqual(LEAST);
  });

  test('the amounts are without bias: chance has been taken off the shift, and size off the compactness', () => {
    for (const measure of ['size', 'compactness'] as const) {
      const width = mean(drawn[measure].map(({ low, high }) => high - low));
      expect(Math.abs(mean(drawn[measure].map(({ amount }) => amount)) - real[measure])).toBeLessThan(0.05 * width);
    }
    const plain = mean(drawn.shift.map(({ amount, chance }) => amount + chance));
    const amount = mean(drawn.shift.map((c) => c.amount));
    expect(Math.abs(amount - real.shift)).toBeLessThan(0.2 * (plain - real.shift));
  });
});

test('without a change the strength is above 1.96 about as often as in a standard normal', () => {
  const drawn = sample(STILL);
  for (const measure of ['size', 'compactness'] as const) {
    expect(share(drawn[measure], ({ strength }) => Math.abs(strength) > 1.96)).toBeLessThan(0.09);
  }
  expect(share(drawn.shift, ({ strength }) => strength > 1.96)).toBeLessThan(0.09);
});

/** Users of whom each is in either window, and in the segment, by chance; pairs are (before, after). */
interface Population {
  readonly users: number;
  /** Chance to be in a window. */
  readonly present: number;
  /** Chance to be in the segment; who is in the smaller one is in the larger one, too. */
  readonly share: readonly [number, number];
  /** Width of the segment about its centre. */
  readonly spread: readonly [number, number];
  /** Radians between the two centres. */
  readonly angle: number;
  /** Share of a user's variance that is the user's own in both windows. */
  readonly own: number;
}

const DIMS = 16;
/** Directions in which a segment is twice as wide. */
const WIDE = 4;

/** The changes of the segment in one sample of users. */
function drawChanges(p: Population, random: Random): SurvivorChange[] {
  const profiles = [createMatrix(p.users, DIMS), createMatrix(p.users, DIMS)] as const;
  const present: [number[], number[]] = [[], []];
  const members: [number[], number[]] = [[], []];
  for (let user = 0; user < p.users; user++) {
    const [trait, dice] = [traitOf(random), random.next()];
    for (const w of [0, 1] as const) {
      writeProfile(p, w, trait, random, rowOf(profiles[w], user));
      if (random.next() >= p.present) continue;
      present[w].push(user);
      if (dice < p.share[w]) members[w].push(user);
    }
  }
  const sideOf = (w: 0 | 1): WindowUsers => {
    const all = windowUsers(
      Uint32Array.from({ length: p.users }, (_, i) => i),
      normaliseRows(profiles[w]),
    );
    return { ...all, rowOf: new Map(present[w].map((user) => [user, user])) };
  };
  return survivorChanges(pairWindows(sideOf(0), sideOf(1)), Uint32Array.from(members[0]), Uint32Array.from(members[1]));
}

/** The changes in the population itself: of the content by 60,000 users. */
function trueChanges(p: Population): Record<SurvivorChange['measure'], number> {
  const random = createRandom(99);
  const means = ([0, 1] as const).map((w) => {
    const x = createMatrix(60_000, DIMS);
    for (let i = 0; i < x.rows; i++) writeProfile(p, w, traitOf(random), random, rowOf(x, i));
    normaliseRows(x);
    return Array.from({ length: DIMS }, (_, c) => {
      let sum = 0;
      for (let i = 0; i < x.rows; i++) sum += x.data[i * DIMS + c] as number;
      return sum / x.rows;
    });
  }) as [number[], number[]];
  const [a, b] = means.map((mean) => Math.hypot(...mean)) as [number, number];
  const product = means[0].reduce((sum, v, c) => sum + v * (means[1][c] as number), 0);
  return { size: p.share[1] - p.share[0], compactness: b - a, shift: 1 - product / (a * b) };
}

const traitOf = (random: Random): Float64Array => Float64Array.from({ length: DIMS }, () => standardNormal(random));

function writeProfile(p: Population, w: 0 | 1, trait: Float64Array, random: Random, row: Float32Array): void {
  const width = p.spread[w] / Math.sqrt(DIMS);
  for (let c = 0; c < DIMS; c++) {
    const centre = c === 0 ? Math.cos(w * p.angle) : c === 1 ? Math.sin(w * p.angle) : 0;
    const off = Math.sqrt(p.own) * (trait[c] as number) + Math.sqrt(1 - p.own) * standardNormal(random);
    row[c] = centre + width * off * (c < WIDE ? 2 : 1);
  }
}
