import { describe, expect, test } from 'vitest';
import { createMatrix, createRandom } from '../../domain/index.ts';
import { range } from '../cases.fixture.ts';
import { comeAndGo, stayRate, windowUsers } from './index.ts';

const ids = (users: readonly number[]): Uint32Array => Uint32Array.from(users);

test('users who stay: common ones by the mean of both windows, empty windows passed over', () => {
  expect(stayRate([ids(range(0, 10)), ids([]), ids(range(5, 15))])).toBe(0.5);
  expect(stayRate([ids(range(0, 10)), ids(range(0, 10)), ids(range(8, 18))])).toBe(12 / 20);
  expect(stayRate([ids(range(0, 10)), ids(range(10, 20))])).toBe(0);
  expect(stayRate([ids([1]), ids([])])).toBe(1);
  expect(stayRate([])).toBe(1);
});

describe('who comes and goes', () => {
  const window = windowUsers(ids(range(0, 20_000)), createMatrix(20_000, 1));
  const drawn = (stay: number, seed = 1) => comeAndGo(window, window, stay, createRandom(seed));

  test.each([0, 0.3, 0.8, 1])('of each sample the share %d is in the other', (stay) => {
    const [a, b] = drawn(stay);
    const common = [...a.rowOf.keys()].filter((user) => b.rowOf.has(user)).length;
    expect(common / a.rowOf.size).toBeCloseTo(stay, 1);
    expect(common / b.rowOf.size).toBeCloseTo(stay, 1);
    expect(new Set([...a.rowOf.keys(), ...b.rowOf.keys()]).size).toBe(20_000);
  });

  test('P2 the order of the users does not matter, the seed does', () => {
    const turned = windowUsers(ids(range(0, 20_000).reverse()), createMatrix(20_000, 1));
    const kept = ([a]: ReturnType<typeof comeAndGo>): number[] => [...a.rowOf.keys()].sort((x, y) => x - y);
    expect(kept(comeAndGo(turned, turned, 0.8, createRandom(1)))).toEqual(kept(drawn(0.8)));
    expect(kept(drawn(0.8, 2))).not.toEqual(kept(drawn(0.8)));
  });
});
