import { describe, expect, test } from 'vitest';
import {
  CancelledError,
  createMatrix,
  createRandom,
  dot,
  type Matrix,
  rowOf,
  silentContext,
  takeRows,
} from '../../domain/index.ts';
import { sklearn, storedMatrix } from '../../engine/reference/index.ts';
import { uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { criticalDistance, distanceFromUniform } from '../uniform.fixture.ts';
import { featureMap, fourierFeatures, type MmdOptions, medianBandwidth, mmdTest, type WindowFeatures } from './index.ts';
import { exactMmd2, kernel } from './oracle.fixture.ts';

const ctx = silentContext;
const stored = { a: storedMatrix(sklearn.mmd.a), b: storedMatrix(sklearn.mmd.b), bandwidth: sklearn.mmd.bandwidth };
const options: MmdOptions = { permutations: 99, seed: 1 };
const upTo = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);

async function windowOf(x: Matrix, users: readonly number[], bandwidth: number, seed = 1): Promise<WindowFeatures> {
  return { users, features: await fourierFeatures(x, featureMap(x.cols, bandwidth, seed), ctx) };
}

/** The statistic alone, of users that have nothing in common. */
async function mmd2(a: Matrix, b: Matrix, bandwidth: number, seed: number): Promise<number> {
  const [first, second] = [
    await windowOf(a, upTo(a.rows), bandwidth, seed),
    await windowOf(b, upTo(b.rows, 1e6), bandwidth, seed),
  ];
  return (await mmdTest(first, second, { permutations: 0, seed }, ctx))?.mmd2 as number;
}

describe('features', () => {
  test('their dot product is the kernel, to .05 and without bias over seeds; of a row with itself it is 1', async () => {
    const [x, rows, seeds] = [uniformMatrix(12, 5, 1), upTo(12), 40];
    const mean = new Float64Array(144);
    let squares = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const { features } = await windowOf(x, rows, 1.3, seed);
      for (const i of rows) {
        expect(dot(rowOf(features, i), rowOf(features, i))).toBeCloseTo(1, 6);
        for (const j of rows) {
          const off = dot(rowOf(features, i), rowOf(features, j)) - kernel(rowOf(x, i), rowOf(x, j), 1.3);
          mean[i * 12 + j] = (mean[i * 12 + j] as number) + off / seeds;
          squares += (off * off) / (144 * seeds);
        }
      }
    }
    expect(Math.sqrt(squares)).toBeLessThan(0.05);
    expect(Math.max(...mean.map(Math.abs))).toBeLessThan(4 * (0.05 / Math.sqrt(seeds)));
  });

  test('P2 the same seed gives the same bits, another seed others', async () => {
    const x = uniformMatrix(65, 7, 1);
    const of = async (seed: number) => (await windowOf(x, upTo(65), 1, seed)).features.data;
    expect(await of(3)).toEqual(await of(3));
    expect(await of(3)).not.toEqual(await of(4));
  });

  test('no rows have no features', async () => {
    expect((await windowOf(createMatrix(0, 3), [], 1)).features).toMatchObject({ rows: 0, cols: 512 });
  });
});

describe('the median heuristic', () => {
  test('is the median distance of all pairs, as scipy has it', async () => {
    const both: Matrix = { rows: 120, cols: 4, data: Float32Array.of(...stored.a.data, ...stored.b.data) };
    expect(await medianBandwidth(both, 1, ctx)).toBeCloseTo(sklearn.mmd.medianDistance, 6);
  });

  test('of a sample it is near that of all', async () => {
    const x = unitMatrix(3000, 4, 1);
    const [one, other] = [await medianBandwidth(x, 1, ctx), await medianBandwidth(x, 2, ctx)];
    expect(one).not.toBe(other);
    expect(Math.abs(one / other - 1)).toBeLessThan(0.05);
  });

  test('equal rows leave a width that can be divided by', async () => {
    expect(await medianBandwidth(createMatrix(0, 2), 1, ctx)).toBe(1);
    expect(await medianBandwidth(createMatrix(64, 2), 1, ctx)).toBe(1);
    const mostlyEqual = createMatrix(65, 1);
    mostlyEqual.data[9] = 3;
    expect(await medianBandwidth(mostlyEqual, 1, ctx)).toBe(3);
  });
});

describe('MMD^2', () => {
  test('the oracle is that of scikit-learn`s kernel', () => {
    expect(exactMmd2(stored.a, stored.b, stored.bandwidth)).toBeCloseTo(sklearn.mmd.mmd2, 9);
  });

  test('is the oracle`s: within a fifth for one seed, within a twentieth over 40', async () => {
    const right = exactMmd2(stored.a, stored.b, stored.bandwidth);
    const found = await Promise.all(upTo(40).map((seed) => mmd2(stored.a, stored.b, stored.bandwidth, seed)));
    expect(Math.abs((found[0] as number) / right - 1)).toBeLessThan(0.2);
    expect(Math.abs(found.reduce((sum, value) => sum + value, 0) / 40 / right - 1)).toBeLessThan(0.05);
  });

  test('is 0 for the same profiles, whatever the number of each', async () => {
    const x = uniformMatrix(63, 3, 2);
    expect(await mmd2(x, x, 1, 1)).toBeLessThan(1e-14);
    expect(await mmd2(x, takeRows(x, [...upTo(63), ...upTo(63)]), 1, 1)).toBeLessThan(1e-14);
  });
});

describe('the permutation test', () => {
  test('a window without profiles has no answer', async () => {
    const [some, none] = [await windowOf(uniformMatrix(3, 2, 1), [1, 2, 3], 1), await windowOf(createMatrix(0, 2), [], 1)];
    expect(await mmdTest(some, none, options, ctx)).toBeNull();
    expect(await mmdTest(none, some, options, ctx)).toBeNull();
  });

  test('nothing can be told where nothing changed: p is 1', async () => {
    const x = uniformMatrix(64, 3, 2);
    const same = await windowOf(x, upTo(64), 1);
    expect((await mmdTest(same, same, options, ctx))?.p).toBe(1);
    const equal = await windowOf(createMatrix(65, 3), upTo(65), 1);
    expect((await mmdTest(equal, await windowOf(createMatrix(40, 3), upTo(40, 30), 1), options, ctx))?.p).toBe(1);
    const one = await windowOf(uniformMatrix(1, 3, 1), [7], 1);
    expect((await mmdTest(one, await windowOf(uniformMatrix(1, 3, 9), [7], 1), options, ctx))?.p).toBe(1);
  });

  test('small windows: p is the share of all exchanges of the oracle, its own included', async () => {
    const x = uniformMatrix(9, 2, 5);
    // Users 0 to 2 in both windows; 3 and 4 in the first only, 5 in the second only.
    const [first, second] = [takeRows(x, [0, 1, 2, 3, 4]), takeRows(x, [5, 6, 7, 8])];
    const map = featureMap(2, 1, 1, 8192);
    const found = await mmdTest(
      { users: [0, 1, 2, 3, 4], features: await fourierFeatures(first, map, ctx) },
      { users: [2, 1, 0, 5], features: await fourierFeatures(second, map, ctx) },
      { permutations: 2000, seed: 2 },
      ctx,
    );
    const pairs = [
      [0, 7],
      [1, 6],
      [2, 5],
    ] as const;
    const singles = [
      [3, 4, 8],
      [3, 8, 4],
      [4, 8, 3],
    ] as const;
    const all = singles.flatMap(([s, t, u]) =>
      upTo(8).map((swaps) => {
        const side = (which: 0 | 1): number[] => pairs.map((pair, i) => pair[(((swaps >> i) & 1) ^ which) as 0 | 1]);
        return exactMmd2(takeRows(x, [...side(0), s, t]), takeRows(x, [...side(1), u]), 1);
      }),
    );
    const right = all.filter((value) => value >= (all[0] as number) - 1e-12).length / all.length;
    // The features' own error: a standard deviation of at most mmd2 / sqrt(4096).
    expect(Math.abs((found?.mmd2 as number) / (all[0] as number) - 1)).toBeLessThan(0.06);
    expect(Math.abs((found?.p as number) - right)).toBeLessThan(0.03);
    const unchanged = all.reduce((sum, value) => sum + value, 0) / all.length;
    expect(Math.abs((found?.unchanged as number) / unchanged - 1)).toBeLessThan(0.06);
  });

  test('a planted shift has the smallest p there is, in common users, in single users, and in both', async () => {
    const x = uniformMatrix(120, 6, 1);
    const moved = { ...x, data: x.data.map((value) => value + 0.5) };
    for (const from of [0, 60, 120]) {
      const result = await mmdTest(await windowOf(x, upTo(120), 2), await windowOf(moved, upTo(120, from), 2), options, ctx);
      expect(result?.p).toBe(0.01);
      expect(result?.mmd2).toBeGreaterThan(2 * (result?.unchanged as number));
    }
  });

  const pValues = async (unlink: (w: WindowFeatures) => WindowFeatures): Promise<number[]> => {
    const draws = createRandom(99);
    const values: number[] = [];
    for (let seed = 0; seed < 240; seed++) {
      const [first, second] = await unchangedWindows(seed);
      const result = await mmdTest(first, unlink(second), { permutations: 99, seed }, ctx);
      // p has steps of .01; a uniform part of a step makes it continuous, as the test asks.
      values.push((result?.p as number) - draws.next() / 100);
    }
    return values;
  };

  test('on unchanged data p is uniform (Kolmogorov-Smirnov at .01)', async () => {
    const values = await pValues((w) => w);
    expect(distanceFromUniform(values)).toBeLessThan(criticalDistance(values.length));
  });

  test('it is not where a user`s two profiles are taken for those of two users', async () => {
    const values = await pValues((w) => ({ ...w, users: Array.from(w.users, (u) => u + 1000) }));
    expect(distanceFromUniform(values)).toBeGreaterThan(2 * criticalDistance(values.length));
  });

  test('P2 the same seed gives the same result, and the names of users do not matter', async () => {
    const [first, second] = await unchangedWindows(5);
    const renamed = (w: WindowFeatures): WindowFeatures => ({ ...w, users: Array.from(w.users, (u) => (u * 7919) % 10_007) });
    const result = await mmdTest(first, second, options, ctx);
    expect(await mmdTest(renamed(first), renamed(second), options, ctx)).toEqual(result);
    expect(await mmdTest(first, second, { ...options, seed: 2 }, ctx)).not.toEqual(result);
  });

  test('P7 it can be cancelled', async () => {
    const [first, second] = await unchangedWindows(1);
    const stop = { ...silentContext, checkpoint: () => Promise.reject(new CancelledError()) };
    await expect(mmdTest(first, second, options, stop)).rejects.toThrow(CancelledError);
  });
});

/** 24 users with a taste each and a little noise a window, 16 of them in both windows; profiles of 4 dimensions, 64 features. */
async function unchangedWindows(seed: number): Promise<[WindowFeatures, WindowFeatures]> {
  const taste = uniformMatrix(28, 4, 3 * seed + 1000);
  const map = featureMap(4, 1, 1, 64);
  const windowOfUsers = async (users: number[], noiseSeed: number): Promise<WindowFeatures> => {
    const noise = uniformMatrix(users.length, 4, noiseSeed);
    const own = takeRows(taste, users);
    const x = { ...own, data: own.data.map((value, i) => value + 0.3 * (noise.data[i] as number)) };
    return { users, features: await fourierFeatures(x, map, ctx) };
  };
  return [await windowOfUsers(upTo(22), 3 * seed + 1001), await windowOfUsers(upTo(22, 6), 3 * seed + 1002)];
}
