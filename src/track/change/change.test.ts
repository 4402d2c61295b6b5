import { describe, expect, test } from 'vitest';
import { createMatrix, type Matrix, type SurvivorChange } from '../../domain/index.ts';
import { range } from '../cases.fixture.ts';
import { centreOf } from './centre.ts';
import { normalTail, pairWindows, survivorChanges, type WindowUsers, windowUsers } from './index.ts';
import reference from './intervals.json' with { type: 'json' };
import { shareChange } from './size.ts';

type Pair = [number, number];
const ids = (users: readonly number[]): Uint32Array => Uint32Array.from(users);
const matrix = (rows: number, cols: number, data: readonly number[]): Matrix => ({ rows, cols, data: Float32Array.from(data) });
/** Users at angles in degrees. */
const at = (users: readonly number[], degrees: (user: number) => number): WindowUsers =>
  windowUsers(
    ids(users),
    matrix(
      users.length,
      2,
      users.flatMap((user) => [Math.cos(radians(degrees(user))), Math.sin(radians(degrees(user)))]),
    ),
  );
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const changes = (before: WindowUsers, old: number[], after: WindowUsers, fresh: number[]) => {
  const all = survivorChanges(pairWindows(before, after), ids(old), ids(fresh));
  return Object.fromEntries(all.map((c) => [c.measure, c])) as Partial<Record<SurvivorChange['measure'], SurvivorChange>>;
};

describe('against scipy and numpy', () => {
  test.each(reference.shares.map((s, i) => [i, s] as const))('share of the users, case %i', (_, { expected, ...counts }) => {
    const change = shareChange({ ...counts, users: counts.users as Pair, members: counts.members as Pair });
    for (const key of ['amount', 'low', 'high', 'strength'] as const) expect(change[key]).toBeCloseTo(expected[key], 8);
  });

  test.each(reference.normalTail as Pair[])('upper tail of a standard normal at %d', (z, tail) => {
    expect(normalTail(z) / tail).toBeCloseTo(1, 9);
  });

  describe.each(reference.content.map((c, i) => [i, c] as const))(
    'content, case %i',
    (_, { old, fresh, dims, x, y, expected }) => {
      const before = windowUsers(ids(old), matrix(old.length, dims, x));
      const after = windowUsers(ids(fresh), matrix(fresh.length, dims, y));
      const { compactness, shift } = changes(before, old, after, fresh);

      test('compactness is the root of the mean cosine of two different members', () => {
        expect(compactness?.before).toBeCloseTo(expected.compactness[0] as number, 5);
        expect(compactness?.after).toBeCloseTo(expected.compactness[1] as number, 5);
      });

      test('its standard error is that of the jackknife over users, within 8 %', () => {
        const error = ((compactness?.high ?? 0) - (compactness?.low ?? 0)) / 2 / 1.96;
        expect(error / expected.compactnessError).toBeGreaterThan(0.92);
        expect(error / expected.compactnessError).toBeLessThan(1.08);
      });

      test('chance of a shift is the bias by the jackknife, within 15 %; with the amount it is 1 - cosine', () => {
        expect((shift?.chance ?? 0) / expected.shiftBias).toBeGreaterThan(0.85);
        expect((shift?.chance ?? 0) / expected.shiftBias).toBeLessThan(1.15);
        expect(shift?.amount).toBeCloseTo(Math.max(0, expected.plainShift - (shift?.chance ?? 0)), 5);
      });
    },
  );
});

describe('cases by hand', () => {
  const users = range(0, 40);
  const wave = (user: number): number => 5 * (user % 5);

  test('the same users with the same profiles: nothing changed, and that is certain of the content', () => {
    const window = at(users, wave);
    const { size, compactness, shift } = changes(window, range(0, 20), window, range(0, 20));
    expect(size).toMatchObject({ amount: 0, strength: 0, before: 0.5, after: 0.5 });
    expect(compactness).toMatchObject({ amount: 0, low: 0, high: 0, strength: 0 });
    expect(shift).toMatchObject({ amount: 0, strength: 0, chance: 0 });
    expect(shift?.high).toBeLessThan(1e-9);
  });

  test('all turn by the same angle: the shift is 1 - cosine, without doubt, and no one is closer', () => {
    const { compactness, shift } = changes(
      at(users, wave),
      range(0, 20),
      at(users, (u) => wave(u) + 30),
      range(0, 20),
    );
    expect(compactness?.amount).toBeCloseTo(0, 6);
    expect((shift?.amount ?? 0) + (shift?.chance ?? 0)).toBeCloseTo(1 - Math.cos(Math.PI / 6), 6);
    expect(shift?.low).toBeGreaterThan(0.1);
  });

  test('users who draw together tighten, users who draw apart loosen', () => {
    const [wide, narrow] = [at(users, (u) => 4 * wave(u)), at(users, wave)];
    expect(changes(wide, range(0, 20), narrow, range(0, 20)).compactness?.low).toBeGreaterThan(0.05);
    expect(changes(narrow, range(0, 20), wide, range(0, 20)).compactness?.high).toBeLessThan(-0.05);
  });

  test('compactness does not fall because a segment grows: twice the same users are as close', () => {
    const twice = at(range(0, 40), wave);
    const once = centreOf(at(range(0, 20), wave).rows);
    expect(once && centreOf(twice.rows)).toMatchObject({ length: expect.closeTo(once?.length ?? 0, 6) });
    const { size, compactness } = changes(twice, range(0, 10), twice, range(0, 20));
    expect(size?.amount).toBeCloseTo(0.25, 12);
    expect(Math.abs(compactness?.strength ?? 9)).toBeLessThan(0.5);
  });

  test('the share is of the window’s users: a segment that stays as large in a larger window shrinks', () => {
    const { size } = changes(at(range(0, 40), wave), range(0, 20), at(range(0, 80), wave), range(0, 20));
    expect(size).toMatchObject({ before: 0.5, after: 0.25, amount: -0.25 });
    expect(size?.high).toBeLessThan(0);
  });

  test('members who are not among the users of the window do not count', () => {
    const part = { ...at(users, wave), rowOf: new Map(range(0, 30).map((u) => [u, u])) };
    const { size } = changes(part, range(10, 40), part, range(10, 40));
    expect(size).toMatchObject({ before: 20 / 30, after: 20 / 30, amount: 0 });
  });

  test('users in common make a change of size more certain than other users do', () => {
    const width = (after: number[], fresh: number[]): number => {
      const { size } = changes(at(users, wave), range(0, 20), at(after, wave), fresh);
      return (size?.high ?? 0) - (size?.low ?? 0);
    };
    expect(width(users, range(0, 24))).toBeLessThan(0.75 * width(range(40, 80), range(40, 64)));
  });
});

describe('awkward sizes', () => {
  const users = range(0, 10);
  const window = at(users, (u) => 10 * u);

  test('one user has a size and no compactness', () => {
    expect(Object.keys(changes(window, [3], window, [3, 4]))).toEqual(['size']);
    expect(Object.keys(changes(window, [3, 4], window, []))).toEqual(['size']);
  });

  test('everyone in the segment: a share of 1 with limits within 0 and 1 of it', () => {
    const { size } = changes(window, users, window, users);
    expect(size).toMatchObject({ before: 1, after: 1, amount: 0, strength: 0 });
    expect(Math.max(-(size?.low ?? 9), size?.high ?? 9)).toBeLessThan(0.3);
  });

  test('profiles that cancel out have no direction, and zero rows none', () => {
    const opposite = at([0, 1], (u) => 180 * u);
    const zero = windowUsers(ids([0, 1]), createMatrix(2, 2));
    expect(centreOf(zero.rows)).toBeNull();
    const { compactness } = changes(opposite, [0, 1], window, users);
    expect(compactness?.before ?? 0).toBe(0);
    expect(Object.keys(changes(zero, [0, 1], window, users))).toEqual(['size']);
  });

  test('identical profiles are as close as can be, and their shift is exact', () => {
    const { compactness, shift } = changes(
      at(users, () => 0),
      users,
      at(users, () => 60),
      users,
    );
    expect(compactness?.before).toBeCloseTo(1, 6);
    expect(compactness?.amount).toBeCloseTo(0, 6);
    expect(shift).toMatchObject({ chance: expect.closeTo(0, 6), amount: expect.closeTo(0.5, 6) });
    expect(shift?.strength).toBeGreaterThan(1e3);
  });
});
