import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CancelledError, createMatrix, createRandom, type Matrix, silentContext } from '../../domain/index.ts';
import { largestDifference } from '../../engine/reference/index.ts';
import { uniformMatrix } from '../../testing/index.ts';
import { type DriftParts, decomposeDrift, sharesOfDrift, type WindowProfiles } from './index.ts';

/** [user, segment, profile] */
type Row = readonly [user: number, segment: number, profile: readonly number[]];

function windowOf(rows: readonly Row[], cols = 3): WindowProfiles {
  const data = Float32Array.from(rows.flatMap(([, , profile]) => profile));
  return { users: rows.map(([user]) => user), segments: rows.map(([, s]) => s), rows: { rows: rows.length, cols, data } };
}

const decompose = async (before: WindowProfiles, after: WindowProfiles): Promise<DriftParts> =>
  (await decomposeDrift(before, after, silentContext)) as DriftParts;

const lengthOf = (v: Float64Array): number => Math.hypot(...v);
const NONE = 1e-12;
const CENTRES = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
] as const;
const at = (user: number, segment: 0 | 1 | 2): Row => [user, segment, CENTRES[segment]];

/** 90 users, a third at each centre. */
const THIRDS = Array.from({ length: 90 }, (_, u) => at(u, (u % 3) as 0 | 1 | 2));

describe('only the planted part moves', () => {
  test('activity: users come with another mix of interests, the common ones stay as they are', async () => {
    const parts = await decompose(
      windowOf(THIRDS),
      windowOf([...THIRDS.slice(20), ...Array.from({ length: 40 }, (_, i) => at(200 + i, 0))]),
    );
    expect(lengthOf(parts.activity)).toBeGreaterThan(0.1);
    expect(lengthOf(parts.composition)).toBeLessThan(NONE);
    expect(lengthOf(parts.content)).toBeLessThan(NONE);
    expect(parts.commonUsers).toBe(70);
    expect(sharesOfDrift(parts)?.activity).toBeCloseTo(1, 12);
  });

  test('composition: users change their segment, the segments stay as they are', async () => {
    const parts = await decompose(windowOf(THIRDS), windowOf(THIRDS.map(([u]) => at(u, u < 30 ? 0 : ((u % 3) as 0 | 1 | 2)))));
    expect(lengthOf(parts.composition)).toBeGreaterThan(0.1);
    expect(lengthOf(parts.activity)).toBeLessThan(NONE);
    expect(lengthOf(parts.content)).toBeLessThan(NONE);
    expect(sharesOfDrift(parts)?.composition).toBeCloseTo(1, 12);
  });

  test('content: a segment looks at other things, its users stay in it', async () => {
    const parts = await decompose(
      windowOf(THIRDS),
      windowOf(THIRDS.map((row) => (row[1] === 2 ? [row[0], 2, [0.6, 0, 0.8]] : row))),
    );
    expect(lengthOf(parts.content)).toBeGreaterThan(0.1);
    expect(lengthOf(parts.activity)).toBeLessThan(NONE);
    expect(lengthOf(parts.composition)).toBeLessThan(NONE);
    expect(parts.segments.map((s) => lengthOf(s.content) > NONE)).toEqual([false, false, true]);
    expect(sharesOfDrift(parts)?.content).toBeCloseTo(1, 12);
  });

  test('a segment that is new to the common users is composition: it has no content to change from', async () => {
    const parts = await decompose(
      windowOf(THIRDS),
      windowOf(THIRDS.map((row) => (row[0] < 30 ? [row[0], 7, [0, 0.6, 0.8]] : row))),
    );
    expect(lengthOf(parts.content)).toBeLessThan(NONE);
    expect(parts.segments.at(-1)).toMatchObject({ segment: 7, shareBefore: 0, shareAfter: 1 / 3 });
    expect(lengthOf(parts.composition)).toBeGreaterThan(0.1);
  });

  test('with noise in every profile the planted part stays the largest by far', async () => {
    const random = createRandom(4);
    const noisy = ([user, segment, profile]: Row): Row => [user, segment, profile.map((v) => v + 0.1 * (random.next() - 0.5))];
    const many = Array.from({ length: 3000 }, (_, u) => at(u, (u % 3) as 0 | 1 | 2));
    const moved = many.map((row): Row => (row[1] === 2 ? [row[0], 2, [0.6, 0, 0.8]] : row));
    const parts = await decompose(windowOf(many.map(noisy)), windowOf(moved.map(noisy)));
    expect(lengthOf(parts.content)).toBeGreaterThan(50 * lengthOf(parts.composition));
    expect(lengthOf(parts.content)).toBeGreaterThan(50 * lengthOf(parts.activity));
  });
});

const randomWindow = (seed: number, users: number): WindowProfiles => {
  const random = createRandom(seed);
  const present = Array.from({ length: users }, (_, u) => u).filter(() => random.next() < 0.7);
  const segments = present.map(() => random.int(5) - 1);
  return { users: present, segments, rows: uniformMatrix(present.length, 4, seed) };
};

test('the parts add up to the change of the mean profile, those of segments to theirs', async () => {
  const windows = fc.record({ seed: fc.nat(), users: fc.integer({ min: 1, max: 66 }) });
  await fc.assert(
    fc.asyncProperty(windows, async ({ seed, users }) => {
      const [before, after] = [randomWindow(seed, users), randomWindow(seed + 1, users)];
      fc.pre(before.rows.rows > 0 && after.rows.rows > 0);
      const parts = await decompose(before, after);
      const [old, fresh] = [meanOf(before.rows), meanOf(after.rows)];
      const total = fresh.map((v, i) => v - (old[i] as number));
      expect(largestDifference(parts.total, total)).toBeLessThan(NONE);
      const sum = parts.total.map((_, i) =>
        [parts.activity, parts.composition, parts.content].reduce((s, part) => s + (part[i] as number), 0),
      );
      expect(largestDifference(sum, total)).toBeLessThan(NONE);
      for (const key of ['composition', 'content'] as const) {
        const ofSegments = parts[key].map((_, i) => parts.segments.reduce((s, segment) => s + (segment[key][i] as number), 0));
        expect(largestDifference(ofSegments, parts[key])).toBeLessThan(NONE);
      }
      const shares = sharesOfDrift(parts);
      if (shares) expect(shares.activity + shares.composition + shares.content).toBeCloseTo(1, 6);
    }),
    { numRuns: 200 },
  );
});

const meanOf = (x: Matrix): number[] =>
  Array.from(
    { length: x.cols },
    (_, c) => Array.from({ length: x.rows }, (_, r) => x.data[r * x.cols + c] as number).reduce((s, v) => s + v, 0) / x.rows,
  );

test('backwards in time every part changes its sign', async () => {
  const [before, after] = [randomWindow(1, 60), randomWindow(2, 60)];
  const [there, back] = [await decompose(before, after), await decompose(after, before)];
  for (const key of ['total', 'activity', 'composition', 'content'] as const) {
    expect(
      largestDifference(
        there[key],
        back[key].map((v) => -v),
      ),
    ).toBeLessThan(NONE);
  }
});

test('without a common user all is activity', async () => {
  const parts = await decompose(windowOf([at(1, 0)]), windowOf([at(2, 1)]));
  expect(parts).toMatchObject({ commonUsers: 0, segments: [] });
  expect([...parts.activity]).toEqual([-1, 1, 0]);
  expect(sharesOfDrift(parts)).toEqual({ activity: 1, composition: 0, content: 0 });
});

test('an empty window has no drift, an unchanged one no shares of it', async () => {
  const empty: WindowProfiles = { users: [], segments: [], rows: createMatrix(0, 3) };
  expect(await decomposeDrift(empty, windowOf(THIRDS), silentContext)).toBeNull();
  expect(await decomposeDrift(windowOf(THIRDS), empty, silentContext)).toBeNull();
  const one = windowOf([at(1, 2)]);
  expect(sharesOfDrift(await decompose(one, one))).toBeNull();
});

test('P7 it can be cancelled', async () => {
  const stop = { ...silentContext, checkpoint: () => Promise.reject(new CancelledError()) };
  await expect(decomposeDrift(windowOf(THIRDS), windowOf(THIRDS), stop)).rejects.toThrow(CancelledError);
});
